package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import java.nio.file.Path;

/** Stored documents for tests of what shows them. */
public final class FirstDocuments {
  private FirstDocuments() {}

  /** Makes those of an invoice. */
  public static void make(Database database, String number) {
    database.useTransaction(handle -> DocumentRows.want(handle, number));
    new DocumentJob(database, new PaperFolder(Path.of("absent"))).run();
  }
}
