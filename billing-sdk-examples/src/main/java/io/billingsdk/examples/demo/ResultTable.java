package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.ComparedUsage.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The result as a table, for people. */
final class ResultTable {
  private ResultTable() {}

  static List<String> lines(ScenarioResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(count(result.calls(), "calls"));
    lines.add(
        count(result.allowed(), "allowed")
            + (result.failed() == 0
                ? ""
                : ", " + result.failed() + " of them failed and were charged the minimum"));
    new TreeMap<>(result.denied())
        .forEach((reason, calls) -> lines.add(count(calls, "denied " + reason)));
    lines.add("");
    lines.add(row("app", "key", "module", "model", "events", "stored", "usage", "stored", "equal"));
    ComparedUsage.rows(result).forEach(row -> lines.add(row(row)));
    lines.add(
        row(
            "total",
            "",
            "",
            "",
            ScenarioResult.events(result.reported()),
            ScenarioResult.events(result.stored()),
            "",
            "",
            result.equal() ? "yes" : "NO"));
    lines.add("");
    result.problems().forEach(problem -> lines.add("PROBLEM: " + problem));
    return lines;
  }

  private static String count(long count, String what) {
    return String.format(Locale.ROOT, "%6d %s", count, what);
  }

  private static String row(Row row) {
    return row(
        row.subject().appId(),
        row.subject().keyId(),
        row.subject().module(),
        row.subject().model(),
        row.reported().events(),
        row.stored().events(),
        row.reported().usage().toPlainString(),
        row.stored().usage().toPlainString(),
        row.equal() ? "yes" : "NO");
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-9s %-19s %-6s %-15s %7s %9s %9s %11s  %s", cells);
  }
}
