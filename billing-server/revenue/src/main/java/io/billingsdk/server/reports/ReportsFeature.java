package io.billingsdk.server.reports;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.notifications.MailAttachments;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a customer used in a month, and what that costs; on the 1st it says so. */
public final class ReportsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES = List.of(Table.of("report_mailed"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/reports/db";

  private final Database database;
  private final PaperFolder folder;
  private final @Nullable URI publicUrl;

  /**
   * In a database.
   *
   * @param database for the job and for mails; requests bring their own
   * @param folder with {@code fonts} and {@code templates/SELLER}; it may be absent
   * @param publicUrl where people reach the HTTP API; null: mails have no links
   */
  public ReportsFeature(Database database, Path folder, @Nullable URI publicUrl) {
    this.database = database;
    this.folder = new PaperFolder(folder);
    this.publicUrl = publicUrl;
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
    return Optional.ofNullable(getClass().getResource("reports.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new ReportRoutes(folder).routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new ReportJob(database, publicUrl, InstantSource.system()));
  }

  /** The reports that mails carry. */
  public MailAttachments files() {
    return new ReportFiles(database, folder);
  }
}
