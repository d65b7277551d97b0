package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own that makes the documents that are due until it is killed. */
public final class DocumentChild {
  private DocumentChild() {}

  /** Makes documents. */
  public static void main(String[] arguments) throws Exception {
    Database database =
        Database.at(
            new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD")));
    DocumentJob job = new DocumentJob(database, new PaperFolder(Path.of(arguments[2])));
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(10, TimeUnit.MILLISECONDS)) {
      job.run();
    }
  }
}
