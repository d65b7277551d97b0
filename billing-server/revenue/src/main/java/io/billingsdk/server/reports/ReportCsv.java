package io.billingsdk.server.reports;

import io.billingsdk.server.common.ShownText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A report as comma-separated values: RFC 4180 with a header, amounts exact plain decimals. */
final class ReportCsv {
  private static final String END = "\r\n";

  private final StringBuilder text = new StringBuilder();
  private final MonthReport report;

  private ReportCsv(MonthReport report) {
    this.report = report;
  }

  static byte[] of(MonthReport report) {
    return new ReportCsv(report).written().getBytes(StandardCharsets.UTF_8);
  }

  private String written() {
    line(
        "customer",
        "month",
        "kind",
        "name",
        "calls",
        "usage",
        "plan",
        "version",
        "amount",
        "currency");
    for (var model : report.models()) {
      row("model", model.model(), model.calls(), model.usage().toPlainString(), "", "", "", "");
    }
    for (var refusal : report.refusals()) {
      row("refused", refusal.reason(), refusal.calls(), "", "", "", "", "");
    }
    for (var cost : report.costs()) {
      row(
          cost.kind(),
          cost.chargeId(),
          "",
          "",
          cost.plan(),
          cost.version(),
          cost.amount().toPlainString(),
          report.currency());
    }
    row(
        "total",
        "",
        report.calls().toPlainString(),
        "",
        "",
        "",
        report.total().toPlainString(),
        report.currency());
    return text.toString();
  }

  private void row(Object... fields) {
    Object[] all = new Object[fields.length + 2];
    all[0] = report.customerId();
    all[1] = report.month();
    System.arraycopy(fields, 0, all, 2, fields.length);
    line(all);
  }

  private void line(Object... fields) {
    text.append(
            Arrays.stream(fields)
                .map(field -> quoted(String.valueOf(field)))
                .collect(Collectors.joining(",")))
        .append(END);
  }

  /** As in a table: a reader must see that two names are two, and no line break of a name. */
  private static String quoted(String text) {
    String field = ShownText.of(text);
    return field.matches("[^\",\r\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
