package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.List;

/**
 * Makes the documents that are due. A run that is cut off goes on where it was: a document is
 * stored in the transaction that takes it from those to make. One invoice is in memory at a time.
 */
final class DocumentJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int PAGE = 100;

  private final Database database;
  private final PaperFolder folder;

  DocumentJob(Database database, PaperFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "invoice-documents";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    List<String> page = database.read(handle -> DocumentRows.due(handle, PAGE));
    if (page.isEmpty()) {
      return;
    }
    // Fonts and templates of each run are read again, so new files count within seconds.
    try (DocumentMaker maker = new DocumentMaker(database, folder)) {
      while (!page.isEmpty()) {
        for (String number : page) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          maker.make(number);
        }
        page = database.read(handle -> DocumentRows.due(handle, PAGE));
      }
    }
  }
}
