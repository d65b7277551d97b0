package io.billingsdk.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression of PromQL: which metrics, labels and values it names, and which of them do not
 * exist. It knows as much of the language as our dashboards and rules use; promtool checks the
 * rest.
 */
record Expression(String where, String text) {
  private static final Pattern SELECTOR = Pattern.compile("([a-z_][a-z0-9_]*)\\{([^}]*)}");
  private static final Pattern MATCHER =
      Pattern.compile("([a-z_]+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
  private static final Pattern WORD = Pattern.compile("\\b[a-z_][a-z0-9_]*\\b(?!\\s*\\()");
  private static final Pattern ALTERNATIVES = Pattern.compile("[a-z_-]+(\\|[a-z_-]+)*");
  private static final Set<String> OPERATORS = Set.of("or", "and", "unless", "by", "without");

  /** The metrics that it names. */
  Set<String> metrics() {
    String bare = SELECTOR.matcher(text).replaceAll("$1");
    bare = GROUPING.matcher(RANGE.matcher(bare).replaceAll("")).replaceAll("");
    Set<String> metrics = new TreeSet<>();
    Matcher word = WORD.matcher(bare);
    while (word.find()) {
      if (!OPERATORS.contains(word.group())) {
        metrics.add(word.group());
      }
    }
    return metrics;
  }

  /** What it names and the pages do not have, a line each; empty when all is there. */
  List<String> unknown(Scrape scrape) {
    List<String> unknown = new ArrayList<>();
    metrics().stream()
        .filter(metric -> !scrape.has(metric))
        .forEach(metric -> unknown.add(where + ": no metric " + metric));
    Matcher selector = SELECTOR.matcher(text);
    while (selector.find()) {
      unknownLabels(scrape, selector.group(1), selector.group(2), unknown);
    }
    Matcher grouping = GROUPING.matcher(text);
    while (grouping.find()) {
      for (String label : grouping.group(1).split("\\s*,\\s*", -1)) {
        if (metrics().stream().noneMatch(metric -> scrape.has(metric, label))) {
          unknown.add(where + ": no label " + label + " on " + metrics());
        }
      }
    }
    return unknown;
  }

  private void unknownLabels(Scrape scrape, String metric, String matchers, List<String> unknown) {
    Map<String, String> literal = new LinkedHashMap<>();
    Matcher matcher = MATCHER.matcher(matchers);
    while (matcher.find()) {
      String label = matcher.group(1);
      if (!scrape.has(metric, label)) {
        unknown.add(where + ": no label " + label + " on " + metric);
      } else if (ALTERNATIVES.matcher(matcher.group(3)).matches()) {
        literal.put(label, matcher.group(3));
      }
    }
    literal.forEach(
        (label, values) -> {
          for (String value : values.split("\\|", -1)) {
            if (!scrape.has(metric, label, value)) {
              unknown.add(where + ": no " + metric + " with " + label + "=" + value);
            }
          }
        });
  }
}
