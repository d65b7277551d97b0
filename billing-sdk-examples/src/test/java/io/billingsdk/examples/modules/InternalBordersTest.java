package io.billingsdk.examples.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No module looks into the inner packages of core: whatever one needs, a user may need too. */
final class InternalBordersTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IMPORT =
      Pattern.compile("^import (static )?io[.]billingsdk[.]internal[.]", Pattern.MULTILINE);

  /** Those that are about an inner part, and why. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "quality/system-tests/src/test/java/io/billingsdk/system/InProcess.java",
          "gives a client a clock that is wrong",
          "quality/system-tests/src/test/java/io/billingsdk/system/DeadLettersReturnTest.java",
          "has a clock that is wrong",
          "quality/system-tests/src/test/java/io/billingsdk/server/ingest/ClockJumpTest.java",
          "has a clock that jumps",
          "quality/benchmarks/src/main/java/io/billingsdk/benchmarks/ReportBenchmark.java",
          "measures the journal without a client",
          "quality/benchmarks/src/main/java/io/billingsdk/benchmarks/stores/JournalStore.java",
          "measures the journal beside other stores",
          "quality/benchmarks/src/main/java/io/billingsdk/benchmarks/quotas/LeasedKey.java",
          "measures admissions without a broker",
          "quality/system-tests/src/test/java/io/billingsdk/server/quotas/SdkInstance.java",
          "takes leases without a broker, in simulated time",
          "quality/system-tests/src/test/java/io/billingsdk/server/quotas/SimulatedTime.java",
          "is the clock of the leases there",
          "billing-sdk-grpc/src/test/java/io/billingsdk/grpc/LeasedClient.java",
          "has leases without a broker behind a real gRPC server");

  @Test
  void sources_ofEveryModuleButCore_nameNoInnerPackage() throws IOException {
    List<String> sources = sources();
    List<String> offenders =
        sources.stream()
            .filter(InternalBordersTest::namesInternals)
            .filter(source -> !EXCEPTIONS.containsKey(source))
            .toList();
    Proof.of("internal-borders")
        .with("sources", sources.size())
        .with("exceptions", EXCEPTIONS.size())
        .with("offenders", offenders.size())
        .print();
    assertThat(sources).hasSizeGreaterThan(500);
    assertThat(offenders).isEmpty();
    assertThat(EXCEPTIONS.keySet())
        .as("an exception that is needed no more")
        .allMatch(InternalBordersTest::namesInternals);
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .map(file -> ROOT.relativize(file).toString())
          .filter(name -> name.endsWith(".java") || name.endsWith(".kt"))
          .filter(name -> name.contains("src/") && !name.contains("target/"))
          .filter(name -> !name.startsWith("billing-sdk-core/"))
          .toList();
    }
  }

  private static boolean namesInternals(String source) {
    try {
      return IMPORT.matcher(Files.readString(ROOT.resolve(source))).find();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
