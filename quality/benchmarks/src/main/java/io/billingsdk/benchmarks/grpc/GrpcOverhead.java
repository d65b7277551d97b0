package io.billingsdk.benchmarks.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.benchmarks.BenchmarkDirectory;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the key check adds to a call, beside the least that one can be: in rounds that take turns,
 * so that a busy neighbour hits all alike, and in several JVMs, since each compiles in its own way
 * and keeps to it. The added cost is the median of the differences within a round; a figure is the
 * median of the JVMs.
 */
public final class GrpcOverhead {
  private final boolean quick;

  /** One JVM and few rounds when quick: shows that it runs, and no more. */
  public GrpcOverhead(boolean quick) {
    this.quick = quick;
  }

  /** Runs and prints. */
  public void run() throws IOException, InterruptedException {
    for (Transport transport : Transport.values()) {
      List<OverheadFigures> figures = new ArrayList<>();
      for (int i = 0; i < transport.jvms(quick); i++) {
        figures.add(inItsOwnJvm(transport));
      }
      print(transport, figures);
    }
  }

  private void print(Transport transport, List<OverheadFigures> each) {
    OverheadFigures medians = OverheadFigures.medians(each);
    double[] ratios = each.stream().mapToDouble(OverheadFigures::ratio).sorted().toArray();
    Proof proof =
        Proof.of("grpc-overhead")
            .with("transport", transport.printed())
            .with("jvms", each.size())
            .with("rounds", transport.rounds(quick))
            .with("added_ratio", twoPlaces(medians.ratio()))
            .with("target", transport == Transport.IN_PROCESS ? "<=1.3" : "none")
            .with(
                "ratio_of_each_jvm",
                twoPlaces(ratios[0]) + ".." + twoPlaces(ratios[ratios.length - 1]));
    medians.byName().forEach(proof::with);
    proof.print();
  }

  private OverheadFigures inItsOwnJvm(Transport transport)
      throws IOException, InterruptedException {
    Path directory = BenchmarkDirectory.make();
    Process jvm =
        new ProcessBuilder(
                Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
                "-Xbatch", // A busy machine would else be measured before it has compiled.
                "-Xms512m",
                "-Xmx512m",
                "-cp",
                requireNonNull(System.getProperty("java.class.path")),
                OverheadJvm.class.getName(),
                transport.name(),
                String.valueOf(transport.rounds(quick)),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exit = jvm.waitFor();
    BenchmarkDirectory.delete(directory);
    if (exit != 0) {
      throw new IllegalStateException("a JVM failed: " + printed);
    }
    return OverheadFigures.read(printed.lines().toList());
  }

  private static String twoPlaces(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
