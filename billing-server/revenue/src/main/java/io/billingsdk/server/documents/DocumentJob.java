package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

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
    List<String> invoices = database.read(handle -> DocumentRows.due(handle, PAGE));
    List<WantedNotice> notices = database.read(handle -> NoticeRows.due(handle, PAGE));
    if (invoices.isEmpty() && notices.isEmpty()) {
      return;
    }
    // Fonts and templates of each run are read again, so new files count within seconds.
    try (PaperPress press = new PaperPress(folder)) {
      DocumentMaker maker = new DocumentMaker(database, press);
      each(invoices, handle -> DocumentRows.due(handle, PAGE), maker::make);
      NoticeMaker noticeMaker = new NoticeMaker(database, press);
      each(notices, handle -> NoticeRows.due(handle, PAGE), noticeMaker::make);
    }
  }

  /** Page by page, until none is due or the server stops. */
  private <T> void each(List<T> first, Function<Handle, List<T>> next, Consumer<T> work) {
    for (List<T> page = first; !page.isEmpty(); page = database.read(next)) {
      for (T item : page) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        work.accept(item);
      }
    }
  }
}
