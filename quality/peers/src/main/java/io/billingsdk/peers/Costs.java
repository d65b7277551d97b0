package io.billingsdk.peers;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one library costs and delivers, by part ({@code flow}, {@code burst}, {@code steady}). */
record Costs(Library library, Map<String, Map<String, String>> parts) {

  /** Measures it in processes of its own. */
  static Costs of(Library library, Sizes sizes, Path directory)
      throws IOException, InterruptedException {
    Path own = directory.resolve("costs-" + library.printed());
    Map<String, Map<String, String>> parts = new LinkedHashMap<>();
    try (Sink sink = Sink.start(own, library, Sink.Plant.NONE);
        Jvm process =
            Jvm.start(
                own.resolve("service.err"),
                CostsMain.class,
                library.foreignJars(),
                line -> false,
                List.of(
                    library.name(),
                    sink.port(),
                    sink.authority(),
                    own.resolve("journal").toString(),
                    sink.countPort(),
                    String.valueOf(sizes.events()),
                    String.valueOf(sizes.steadyASecond()),
                    String.valueOf(sizes.steadyEvents())))) {
      for (String part : List.of("flow", "burst", "steady")) {
        parts.put(part, figures(process.await(part + " ")));
      }
      process.await("closed");
      var unused = process.ends();
      BitSet came = sink.came().numbers();
      lost(parts, "burst", came, sizes.events(), sizes.events());
      lost(parts, "steady", came, 2 * sizes.events(), sizes.steadyEvents());
    }
    Costs costs = new Costs(library, parts);
    costs.print();
    return costs;
  }

  /** Counted when all is over, by the identities: a late event is not lost. */
  private static void lost(
      Map<String, Map<String, String>> parts, String part, BitSet came, int first, int events) {
    Map<String, String> figures = parts.getOrDefault(part, Map.of());
    int arrived = came.get(first, first + events).cardinality();
    int accepted = Integer.parseInt(figures.getOrDefault("accepted", "0"));
    figures.put("delivered", String.valueOf(arrived));
    figures.put("refused", String.valueOf(events - accepted));
    figures.put("lost", String.valueOf(accepted - arrived));
  }

  private static Map<String, String> figures(String line) {
    Map<String, String> figures = new LinkedHashMap<>();
    for (String figure : line.split(" ", -1)) {
      int equals = figure.indexOf('=');
      if (equals > 0) {
        figures.put(figure.substring(0, equals), figure.substring(equals + 1));
      }
    }
    return figures;
  }

  private void print() {
    parts.forEach(
        (part, figures) -> {
          Proof proof = Proof.of("peers").with("row", part).with("library", library.printed());
          figures.forEach(proof::with);
          proof.print();
        });
  }

  String figure(String part, String name) {
    return parts.getOrDefault(part, Map.of()).getOrDefault(name, "-");
  }
}
