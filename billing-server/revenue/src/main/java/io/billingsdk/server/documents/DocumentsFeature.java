package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The documents of invoices, reminders and payments, and the job that makes them. */
public final class DocumentsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("invoice_document"),
          Table.of("invoice_document_wanted"),
          Table.appendOnly("notice_document"),
          Table.of("notice_document_wanted"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/documents/db";

  private final Database database;
  private final PaperFolder folder;

  /**
   * In a database.
   *
   * @param database for jobs; requests bring their own
   * @param folder with {@code fonts} and {@code templates/NAME}; it may be absent
   */
  public DocumentsFeature(Database database, Path folder) {
    this.database = database;
    this.folder = new PaperFolder(folder);
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("documents.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new DocumentRoutes(folder).routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new DocumentJob(database, folder));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new DocumentNoter(database), new NoticeNoter(database));
  }
}
