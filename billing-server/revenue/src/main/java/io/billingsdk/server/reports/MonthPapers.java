package io.billingsdk.server.reports;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.documents.pdf.PdfPrinter;
import io.billingsdk.documents.pdf.UsageReport;
import io.billingsdk.documents.pdf.UsageReport.CostLine;
import io.billingsdk.documents.pdf.UsageReport.ModelLine;
import io.billingsdk.documents.pdf.UsageReport.RefusalLine;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;

/** Prints reports, with the fonts of this server and the template of the seller. Thread-safe. */
final class MonthPapers {
  private static final Actor READER = new Actor("reports");

  private final Database database;
  private final PaperFolder folder;

  MonthPapers(Database database, PaperFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  /** In the language of the customer. */
  byte[] pdf(MonthReport report) {
    return pdf(report, customer(report).locale());
  }

  /**
   * In a language.
   *
   * @throws io.billingsdk.documents.DocumentException when a font lacks a character, or the
   *     template is malformed
   */
  byte[] pdf(MonthReport report, String language) {
    Customer customer = customer(report);
    String seller = customer.seller();
    PaperTemplate template = seller == null ? PaperTemplate.PLAIN : folder.ofSeller(seller);
    try (PdfPrinter printer = folder.printer()) {
      return printer.print(paper(report, customer), template, PaperLanguage.of(language));
    }
  }

  private Customer customer(MonthReport report) {
    return new Customers(database, READER).require(report.customerId());
  }

  private UsageReport paper(MonthReport report, Customer customer) {
    YearMonth month = YearMonth.parse(report.month());
    return new UsageReport(
        sellerName(customer),
        customer.id(),
        customer.name(),
        month.atDay(1),
        month.atEndOfMonth(),
        report.zone(),
        report.over(),
        report.currency(),
        report.calls(),
        models(report),
        report.refusals().stream()
            .map(each -> new RefusalLine(each.reason(), BigDecimal.valueOf(each.calls())))
            .toList(),
        costs(report),
        report.total());
  }

  private String sellerName(Customer customer) {
    String seller = customer.seller();
    return seller == null
        ? ""
        : new Sellers(database, READER).find(seller).map(Seller::name).orElse("");
  }

  private static List<ModelLine> models(MonthReport report) {
    return report.models().stream()
        .map(each -> new ModelLine(each.model(), each.calls(), each.usage()))
        .toList();
  }

  private static List<CostLine> costs(MonthReport report) {
    return report.costs().stream()
        .map(
            each ->
                new CostLine(
                    each.kind(), each.name(), each.plan() + " v" + each.version(), each.amount()))
        .toList();
  }
}
