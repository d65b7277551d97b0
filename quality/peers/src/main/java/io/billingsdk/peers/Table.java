package io.billingsdk.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All figures of a run as the table of the page. */
final class Table {
  private final List<Library> libraries;
  private final Map<Library, Costs> costs;
  private final Map<String, Map<Library, Result>> losses;

  Table(
      List<Library> libraries,
      Map<Library, Costs> costs,
      Map<String, Map<Library, Result>> losses) {
    this.libraries = libraries;
    this.costs = costs;
    this.losses = losses;
  }

  /** In Markdown. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(row("", Library::printed));
    lines.add(row("---", each -> "---"));
    if (!costs.isEmpty()) {
      cost(lines, "a call at a steady rate, p50, ns", "steady", "p50_ns");
      cost(lines, "p99, ns", "steady", "p99_ns");
      cost(lines, "a call in a burst, p50, ns", "burst", "p50_ns");
      cost(lines, "p99, ns", "burst", "p99_ns");
      cost(lines, "bytes that a call allocates", "burst", "bytes");
      cost(lines, "most memory of the process, MiB", "burst", "peak_mib");
      cost(
          lines,
          "delivered a second, no more under way than its queue holds",
          "flow",
          "delivered_per_s");
      cost(lines, "lost of a burst", "burst", "lost");
      cost(lines, "lost at the steady rate", "steady", "lost");
    }
    losses.forEach((name, results) -> loss(lines, name, results));
    losses.forEach(
        (name, results) -> {
          if (name.equals(Peers.DEAD_SINK)) {
            close(lines, name, results);
          }
        });
    return String.join("\n", lines) + "\n";
  }

  private void cost(List<String> lines, String name, String part, String figure) {
    lines.add(
        row(
            name,
            each -> {
              Costs of = costs.get(each);
              return of == null ? "-" : grouped(of.figure(part, figure));
            }));
  }

  private void loss(List<String> lines, String name, Map<Library, Result> results) {
    lines.add(
        row(
            name + ": accepted; lost, doubled",
            each -> {
              Result result = results.get(each);
              return result == null
                  ? "-"
                  : grouped(result.accepted())
                      + "; "
                      + grouped(result.lost())
                      + ", "
                      + grouped(result.doubled());
            }));
  }

  private void close(List<String> lines, String name, Map<Library, Result> results) {
    lines.add(
        row(
            name + ": milliseconds of the close",
            each -> {
              Result result = results.get(each);
              if (result == null) {
                return "-";
              }
              String millis = grouped(Math.toIntExact(result.close().closeMillis()));
              return result.close().ended() ? millis : millis + ", then killed";
            }));
  }

  private static String grouped(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String grouped(String figure) {
    return figure.matches("\\d+")
        ? String.format(Locale.ROOT, "%,d", Long.parseLong(figure))
        : figure;
  }

  private String row(String name, Function<Library, String> cell) {
    return libraries.stream()
        .map(cell)
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }
}
