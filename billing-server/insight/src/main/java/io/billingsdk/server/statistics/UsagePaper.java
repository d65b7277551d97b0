package io.billingsdk.server.statistics;

import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.documents.pdf.PdfPrinter;
import io.billingsdk.documents.pdf.ReportPage;
import io.billingsdk.documents.pdf.ReportPage.Table;
import io.billingsdk.server.statistics.UsagePage.Card;
import io.billingsdk.server.statistics.UsagePage.Figures;
import io.billingsdk.server.statistics.UsagePage.Line;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures of somebody as a paper: the same numbers as those of the page. */
final class UsagePaper {
  private final UsageTexts texts;
  private final UsageSnapshot snapshot;
  private final Figures figures;

  private UsagePaper(UsageTexts texts, UsageSnapshot snapshot) {
    this.texts = texts;
    this.snapshot = snapshot;
    this.figures = UsagePageMaker.figures(texts, snapshot, List.of());
  }

  /**
   * Prints it.
   *
   * @throws io.billingsdk.documents.DocumentException when a font lacks a character
   */
  static byte[] print(PdfPrinter printer, UsageTexts texts, UsageSnapshot snapshot) {
    LocalDate day = LocalDate.ofInstant(snapshot.at(), ZoneOffset.UTC);
    return printer.print(new UsagePaper(texts, snapshot).page(), day, PaperTemplate.PLAIN);
  }

  private ReportPage page() {
    List<Table> tables = new ArrayList<>(figures.cards().stream().map(this::card).toList());
    if (figures.total() != null) {
      tables.add(costs());
    }
    return new ReportPage(
        texts.tag(),
        texts.get("report"),
        null,
        figures.who(),
        facts(),
        tables,
        total(figures.total()),
        texts.get("report_note"),
        "");
  }

  private static @Nullable Fact total(@Nullable Line total) {
    return total == null ? null : new Fact(total.label(), total.shown());
  }

  private List<Fact> facts() {
    return List.of(
        new Fact(texts.get("profile"), snapshot.profile().name()),
        new Fact(texts.get("created"), UsageLines.time(snapshot.person().createdAt())),
        new Fact(texts.get("as_of"), figures.time()));
  }

  private Table card(Card card) {
    return new Table(
        card.title(),
        card.name(),
        1,
        List.of(texts.get("figure"), texts.get("value")),
        card.lines().stream().map(UsagePaper::row).toList());
  }

  private static List<String> row(Line line) {
    return List.of(line.isPart() ? "· " + line.label() : line.label(), line.shown());
  }

  private Table costs() {
    return new Table(
        texts.get("costs"),
        "costs",
        1,
        List.of(texts.get("item"), texts.get("used"), texts.get("cost")),
        figures.costs().stream()
            .map(each -> List.of(each.label(), each.used().shown(), each.cost().shown()))
            .toList());
  }
}
