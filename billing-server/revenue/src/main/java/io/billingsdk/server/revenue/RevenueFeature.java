package io.billingsdk.server.revenue;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Revenue by month, the figures of the business, and the charges of invoices for export. */
public final class RevenueFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(Table.of("uptime_hour"), Table.of("business_figure"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/revenue/db";

  private final Database database;
  private final BusinessFigureMeters meters;

  /**
   * In a database.
   *
   * @param database for jobs; requests bring their own
   */
  public RevenueFeature(Database database) {
    this.database = database;
    this.meters = new BusinessFigureMeters(database, InstantSource.system());
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
    return Optional.ofNullable(getClass().getResource("revenue.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return RevenueRoutes.routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(
        new UptimeJob(new Uptime(database)), new FiguresJob(database, InstantSource.system()));
  }

  @Override
  public List<Meters> metrics() {
    return List.of(meters);
  }

  @Override
  public void close() {
    meters.close();
  }
}
