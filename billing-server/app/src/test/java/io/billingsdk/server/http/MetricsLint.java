package io.billingsdk.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of {@code promtool check metrics}, for machines without it. */
public final class MetricsLint {
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) ?(.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\\n]|\\\\.)*\",?");
  private static final Pattern CAMEL_CASE = Pattern.compile("[a-z][A-Z]");

  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private static final Set<String> ABBREVIATED =
      Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");

  /** Units that Prometheus has another base for, with their multiples. */
  private static final Set<String> NOT_BASE =
      Set.of(
          "minutes",
          "hours",
          "days",
          "weeks",
          "milliseconds",
          "microseconds",
          "nanoseconds",
          "kelvin",
          "kelvins",
          "fahrenheit",
          "rankine",
          "inches",
          "yards",
          "miles",
          "bits",
          "kilobytes",
          "megabytes",
          "gigabytes",
          "terabytes",
          "calories",
          "grams",
          "kilograms");

  private final Map<String, String> help = new LinkedHashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> labels = new TreeSet<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Set<String>> labelsOf = new LinkedHashMap<>();

  private MetricsLint() {}

  /** What is wrong with a page of metrics, a line each; empty when nothing is. */
  public static List<String> of(String page) {
    MetricsLint lint = new MetricsLint();
    page.lines().forEach(lint::read);
    lint.types.forEach(lint::check);
    lint.labels.stream()
        .filter(label -> CAMEL_CASE.matcher(label).find())
        .forEach(label -> lint.warnings.add("label " + label + " is in camelCase"));
    return List.copyOf(lint.warnings);
  }

  private void read(String line) {
    Matcher comment = COMMENT.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (comment.matches()) {
      Map<String, String> where = comment.group(1).equals("HELP") ? help : types;
      if (where.put(comment.group(2), comment.group(3).strip()) != null) {
        warnings.add(line + ": given twice");
      }
    } else if (sample.matches()) {
      sample(line, sample);
    } else if (!line.isEmpty()) {
      warnings.add(line + ": cannot be read");
    }
  }

  private void sample(String line, Matcher sample) {
    String family = family(sample.group(1));
    if (!types.containsKey(family)) {
      warnings.add(line + ": no TYPE before it");
    }
    String within = sample.group(2) == null ? "" : sample.group(2);
    Matcher label = LABEL.matcher(within);
    int end = 0;
    while (label.find() && label.start() == end) {
      end = label.end();
      labels.add(label.group(1));
      labelsOf.computeIfAbsent(family, any -> new TreeSet<>()).add(label.group(1));
    }
    if (end != within.length()) {
      warnings.add(line + ": labels cannot be read");
    }
    if (!sample.group(3).matches("[+-]?Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?")) {
      warnings.add(line + ": no number");
    }
  }

  private String family(String name) {
    for (String end : List.of("_bucket", "_count", "_sum")) {
      String family = name.endsWith(end) ? name.substring(0, name.length() - end.length()) : "";
      if (Set.of("histogram", "summary").contains(types.getOrDefault(family, ""))) {
        return family;
      }
    }
    return name;
  }

  private void check(String name, String type) {
    warn(!TYPES.contains(type), name, "unknown type " + type);
    warn(help.getOrDefault(name, "").isEmpty(), name, "no help text");
    warn(type.equals("counter") != name.endsWith("_total"), name, "_total is for counters alone");
    boolean distribution = type.equals("histogram") || type.equals("summary");
    warn(
        !distribution && name.matches(".*_(count|sum|bucket|info_total)"), name, "reserved suffix");
    Set<String> own = labelsOf.getOrDefault(name, Set.of());
    warn(!type.equals("histogram") && own.contains("le"), name, "label le");
    warn(!type.equals("summary") && own.contains("quantile"), name, "label quantile");
    warn(name.contains(":"), name, "a colon is for recording rules");
    warn(CAMEL_CASE.matcher(name).find(), name, "camelCase");
    for (String word : name.split("_", -1)) {
      warn(ABBREVIATED.contains(word), name, "abbreviated unit " + word);
      warn(NOT_BASE.contains(word), name, "no base unit " + word);
      warn(TYPES.contains(word), name, "a type in the name");
    }
  }

  private void warn(boolean isWrong, String name, String what) {
    if (isWrong) {
      warnings.add(name + ": " + what);
    }
  }
}
