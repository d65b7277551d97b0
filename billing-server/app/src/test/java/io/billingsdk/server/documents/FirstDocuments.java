package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;
import java.nio.file.Path;
import java.time.LocalDate;

/** Stored documents for tests of what shows them. */
public final class FirstDocuments {
  private FirstDocuments() {}

  /** Makes those of an invoice. */
  public static void make(Database database, String number) {
    database.useTransaction(handle -> DocumentRows.want(handle, number));
    new DocumentJob(database, new PaperFolder(Path.of("absent"))).run();
  }

  /** Makes the receipt for a payment. */
  public static void makeReceipt(Database database, String payment) {
    WantedNotice wanted =
        new WantedNotice(payment, NoticeNoter.RECEIPT, "{}", LocalDate.of(2026, 12, 1), 0);
    database.useTransaction(handle -> NoticeRows.want(handle, wanted));
    new DocumentJob(database, new PaperFolder(Path.of("absent"))).run();
  }
}
