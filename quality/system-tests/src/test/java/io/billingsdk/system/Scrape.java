package io.billingsdk.system;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics a page has, with their labels and values, as Prometheus keeps them: it puts {@code
 * job} and {@code instance} on each series, and calls a metric's own label of that name {@code
 * exported_job}.
 */
final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("^([a-z_]+)(?:\\{([^\\n]*)})? \\S+$", Pattern.MULTILINE);

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

  private final Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();

  /** Of one or several pages. */
  static Scrape of(String... pages) {
    Scrape scrape = new Scrape();
    for (String page : pages) {
      Matcher sample = SAMPLE.matcher(page);
      while (sample.find()) {
        scrape.add(sample.group(1), sample.group(2) == null ? "" : sample.group(2));
      }
    }
    return scrape;
  }

  private void add(String metric, String labels) {
    Map<String, Set<String>> known = metrics.computeIfAbsent(metric, first -> new TreeMap<>());
    OF_THE_TARGET.forEach(label -> known.computeIfAbsent(label, first -> new TreeSet<>()));
    Matcher label = LABEL.matcher(labels);
    while (label.find()) {
      String name =
          OF_THE_TARGET.contains(label.group(1)) ? "exported_" + label.group(1) : label.group(1);
      known.computeIfAbsent(name, first -> new TreeSet<>()).add(label.group(2));
    }
  }

  boolean has(String metric) {
    return metrics.containsKey(metric);
  }

  boolean has(String metric, String label) {
    return metrics.getOrDefault(metric, Map.of()).containsKey(label);
  }

  /** Whether a series of the metric has this value; any may be that of a target. */
  boolean has(String metric, String label, String value) {
    return OF_THE_TARGET.contains(label)
        || metrics.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of()).contains(value);
  }

  int size() {
    return metrics.size();
  }
}
