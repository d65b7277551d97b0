package io.billingsdk.documents.pdf;

import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.ReportPage.Table;
import io.billingsdk.documents.pdf.UsageReport.CostLine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Says a report in a language. */
final class ReportPageMaker {
  private final UsageReport report;
  private final PaperLanguage language;
  private final PageParts parts;
  private final PaperTexts texts;

  ReportPageMaker(UsageReport report, PaperTemplate template, PaperLanguage language) {
    this.report = report;
    this.language = language;
    this.parts = new PageParts(template, language, report.currency());
    this.texts = parts.texts();
  }

  ReportPage page() {
    List<Table> tables = Stream.of(models(), refusals(), costs()).filter(this::hasRows).toList();
    return new ReportPage(
        language.tag(),
        texts.get("report") + " " + report.from().toString().substring(0, "2026-11".length()),
        parts.logo(),
        report.customerName(),
        facts(),
        tables,
        new Fact(texts.get("total"), parts.amount(report.total())),
        texts.get("report_note"),
        texts.get("footer"));
  }

  private boolean hasRows(Table table) {
    return !table.rows().isEmpty();
  }

  private List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(parts.fact("customer_id", report.customerId()));
    facts.add(
        parts.fact("period", language.date(report.from()) + " – " + language.date(report.to())));
    facts.add(parts.fact("zone", report.zone()));
    if (!report.over()) {
      facts.add(parts.fact("state", texts.get("until_now")));
    }
    facts.add(parts.fact("calls", language.number(report.calls())));
    return facts;
  }

  private Table models() {
    return table(
        "models",
        1,
        List.of("model", "calls", "usage"),
        report.models().stream()
            .map(each -> List.of(each.model(), number(each.calls()), number(each.usage())))
            .toList());
  }

  private Table refusals() {
    return table(
        "refusals",
        1,
        List.of("reason", "calls"),
        report.refusals().stream()
            .map(each -> List.of(each.reason(), number(each.calls())))
            .toList());
  }

  private Table costs() {
    return table(
        "costs",
        3,
        List.of("item", "cost_kind", "plan", "net"),
        report.costs().stream().map(this::cost).toList());
  }

  private List<String> cost(CostLine cost) {
    return List.of(
        cost.name(), texts.get("cost_" + cost.kind()), cost.plan(), parts.amount(cost.amount()));
  }

  private Table table(String name, int textual, List<String> columns, List<List<String>> rows) {
    return new Table(
        texts.get(name), name, textual, columns.stream().map(texts::get).toList(), rows);
  }

  private String number(BigDecimal number) {
    return language.number(number);
  }
}
