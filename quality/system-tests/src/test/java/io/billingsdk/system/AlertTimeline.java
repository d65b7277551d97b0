package io.billingsdk.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Pages of metrics that were read one after another from a running server, each of which counts as
 * some minutes, and what Prometheus' own tool makes of the rules over them. The rules wait for
 * minutes, and a test does not: time is stretched, values are not.
 */
final class AlertTimeline {
  private static final Pattern SAMPLE =
      Pattern.compile("^(billing_[a-z_]+)(\\{[^\\n]*})? (\\S+)$", Pattern.MULTILINE);

  private static final Pattern METRIC = Pattern.compile("\\bbilling_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

  private final Path rules;
  private final Set<String> metrics;
  private final Set<String> alerts;
  private final List<Moment> moments = new ArrayList<>();
  private final Map<String, Phase> phases = new LinkedHashMap<>();
  private final StringBuilder expected = new StringBuilder();
  private int minutes;

  private record Moment(int minutes, Map<String, String> samples) {}

  private record Phase(String alert, int from, int until, int over) {}

  private AlertTimeline(Path rules, String text) {
    this.rules = rules;
    this.metrics = found(METRIC, text, 0);
    this.alerts = found(ALERT, text, 1);
  }

  /** Of a file of rules. */
  static AlertTimeline of(Path rules) throws IOException {
    return new AlertTimeline(rules, Files.readString(rules));
  }

  private static Set<String> found(Pattern pattern, String text, int group) {
    return pattern
        .matcher(text)
        .results()
        .map(each -> each.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of the file. */
  Set<String> alerts() {
    return alerts;
  }

  /** Those that were made to fire. */
  Set<String> shown() {
    return phases.values().stream()
        .map(Phase::alert)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  int phases() {
    return phases.size();
  }

  int minutes() {
    return minutes;
  }

  int scrapes() {
    return moments.size();
  }

  /** A page; empty when the server could not be asked. */
  void add(String page, int lasts) {
    moments.add(new Moment(lasts, samples(page)));
    minutes += lasts;
  }

  /** Samples of a page, by name and labels. */
  static Map<String, String> samples(String page) {
    Map<String, String> samples = new LinkedHashMap<>();
    Matcher sample = SAMPLE.matcher(page);
    while (sample.find()) {
      String labels = sample.group(2) == null ? "" : sample.group(2);
      samples.put(sample.group(1) + labels, sample.group(3));
    }
    return samples;
  }

  /**
   * An alert is to be silent before this, to fire within it, and to be silent once it is over.
   *
   * @param from the minute in which its condition came true
   * @param until the minute in which it was no longer true
   */
  void fires(String alert, String what, int from, int until) {
    phases.put(alert + " " + what, new Phase(alert, from, until, minutes));
  }

  /** No alert is to fire now. */
  void isQuiet() {
    expect("count(ALERTS{alertstate=\"firing\"}) or vector(0)", minutes - 1, 0);
  }

  private void expect(String expression, int at, int value) {
    expected
        .append("      - expr: '")
        .append(expression)
        .append("'\n        eval_time: ")
        .append(at)
        .append("m\n        exp_samples: [{labels: '{}', value: ")
        .append(value)
        .append("}]\n");
  }

  /** What promtool says against it, empty when nothing; nothing at all when it is not there. */
  Optional<String> judged(Path directory) throws IOException, InterruptedException {
    Optional<PromTool> tool = PromTool.installed();
    if (tool.isEmpty()) {
      return Optional.empty();
    }
    phases.values().forEach(this::expect);
    Path file = Files.writeString(directory.resolve("alerts-test.yml"), text());
    String checked = tool.get().run(directory, "check", "rules", rules.toString());
    return Optional.of(checked + tool.get().run(directory, "test", "rules", file.toString()));
  }

  private void expect(Phase phase) {
    String firing = "count(ALERTS{alertname=\"" + phase.alert() + "\",alertstate=\"firing\"})";
    String number = firing + " or vector(0)";
    if (phase.from() > 0) {
      expect(number, phase.from() - 1, 0);
    }
    int lasts = phase.until() - 1 - phase.from();
    expect("max_over_time(((" + number + ") > bool 0)[" + lasts + "m:1m])", phase.until() - 1, 1);
    expect(number, phase.over() - 1, 0);
  }

  private String text() {
    Set<String> all = new TreeSet<>();
    moments.forEach(each -> all.addAll(each.samples().keySet()));
    StringBuilder text = new StringBuilder("rule_files: ['" + rules + "']\n");
    text.append("evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n");
    for (String series : all) {
      if (metrics.contains(series.replaceFirst("\\{.*", ""))) {
        text.append("      - series: '").append(series).append("'\n        values: '");
        text.append(moments.stream().map(each -> held(each, series)).collect(joined()));
        text.append("'\n");
      }
    }
    return text.append("    promql_expr_test:\n").append(expected).toString();
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(" ");
  }

  private static String held(Moment moment, String series) {
    String value = moment.samples().get(series);
    // So many times no sample; but a sample, and so many more.
    return value == null ? "_x" + moment.minutes() : value + "+0x" + (moment.minutes() - 1);
  }

  /** For a message of a test that fails. */
  @Override
  public String toString() {
    return moments.stream()
        .map(each -> each.minutes() + " min: " + each.samples())
        .collect(Collectors.joining("\n"));
  }
}
