package io.billingsdk.server.reports;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.MailAttachments;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the mail of a month its report as PDF, or as CSV where no font can print it. */
final class ReportFiles implements MailAttachments {
  private static final Logger log = LoggerFactory.getLogger(ReportFiles.class);

  private final Database database;
  private final PaperFolder folder;

  ReportFiles(Database database, PaperFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  @Override
  public List<MailFile> of(MailSubject subject, String language) {
    return subject.kind().equals(ReportJob.MONTHLY)
        ? files(subject.customer(), subject.fields().getOrDefault("month", ""), language)
        : List.of();
  }

  private List<MailFile> files(String customer, String month, String language) {
    try {
      MonthReport report = new MonthReports(database).of(customer, month);
      return List.of(file(report, language));
    } catch (RequestRefusedException refused) {
      log.warn("the mail of {} has no report of {}: {}", customer, month, refused.getMessage());
      return List.of();
    }
  }

  private MailFile file(MonthReport report, String language) {
    String name = "report-" + report.month();
    try {
      byte[] pdf = new MonthPapers(database, folder).pdf(report, language);
      return new MailFile(name + ".pdf", "application/pdf", pdf);
    } catch (DocumentException refused) {
      log.warn(
          "the report {} of {} is mailed as CSV: {}",
          report.month(),
          report.customerId(),
          refused.getMessage());
      return new MailFile(name + ".csv", "text/csv; charset=utf-8", ReportCsv.of(report));
    }
  }
}
