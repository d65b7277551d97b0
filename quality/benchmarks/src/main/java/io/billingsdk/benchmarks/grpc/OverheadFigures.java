package io.billingsdk.benchmarks.grpc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The measured figures, by name: nanoseconds, and bytes allocated for each call. */
record OverheadFigures(Map<String, Long> byName) {
  static final String MINIMAL_ADDS = "minimal_adds_ns";
  static final String OURS_ADDS = "ours_adds_ns";
  private static final String MARK = "figures ";

  /** Of lanes in this order: bare, minimal, allowed, denied by the minimal, blocked, unknown. */
  static OverheadFigures of(Lane[] lanes, int calls) {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("bare_ns", Math.round(lanes[0].median()));
    figures.put("bare_p90_ns", Math.round(lanes[0].p90()));
    figures.put(MINIMAL_ADDS, Math.round(lanes[1].added(lanes[0])));
    figures.put(OURS_ADDS, Math.round(lanes[2].added(lanes[0])));
    figures.put("allowed_ns", Math.round(lanes[2].median()));
    figures.put("denied_minimal_ns", Math.round(lanes[3].median()));
    figures.put("denied_blocked_ns", Math.round(lanes[4].median()));
    figures.put("denied_unknown_ns", Math.round(lanes[5].median()));
    figures.put("bare_bytes", Math.round(lanes[0].bytesPerCall(calls)));
    figures.put("minimal_bytes", Math.round(lanes[1].bytesPerCall(calls)));
    figures.put("allowed_bytes", Math.round(lanes[2].bytesPerCall(calls)));
    figures.put("denied_bytes", Math.round(lanes[4].bytesPerCall(calls)));
    return new OverheadFigures(figures);
  }

  /** Each figure's median. */
  static OverheadFigures medians(List<OverheadFigures> of) {
    Map<String, Long> medians = new LinkedHashMap<>();
    for (String name : of.get(0).byName.keySet()) {
      long[] values = of.stream().mapToLong(figures -> figures.get(name)).sorted().toArray();
      medians.put(name, values[values.length / 2]);
    }
    return new OverheadFigures(medians);
  }

  double ratio() {
    return get(OURS_ADDS) / (double) get(MINIMAL_ADDS);
  }

  long get(String name) {
    return byName.getOrDefault(name, 0L);
  }

  /** For the JVM that started this one. */
  String line() {
    return byName.entrySet().stream()
        .map(figure -> figure.getKey() + "=" + figure.getValue())
        .collect(Collectors.joining(" ", MARK, ""));
  }

  /** From what such a JVM printed. */
  static OverheadFigures read(List<String> printed) {
    String line =
        printed.stream()
            .filter(any -> any.startsWith(MARK))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no figures among " + printed));
    Map<String, Long> figures = new LinkedHashMap<>();
    for (String figure : Arrays.asList(line.substring(MARK.length()).split(" ", -1))) {
      int equals = figure.indexOf('=');
      figures.put(figure.substring(0, equals), Long.parseLong(figure.substring(equals + 1)));
    }
    return new OverheadFigures(figures);
  }
}
