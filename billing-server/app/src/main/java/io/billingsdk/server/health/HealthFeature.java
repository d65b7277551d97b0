package io.billingsdk.server.health;

import io.billingsdk.server.common.Counts;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Whether the server lives, whether it takes usage in, and what its parts count. */
public final class HealthFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES = List.of(Table.of("write_probe"));

  private final Signs signs;
  private final Counts counts;
  private final Map<String, Database> pools;

  /**
   * Of the signs that a server gives.
   *
   * @param counts of the parts that are no feature
   * @param pools the databases of the server, by what they are for
   */
  public HealthFeature(Signs signs, Counts counts, Map<String, Database> pools) {
    this.signs = signs;
    this.counts = counts;
    this.pools = Map.copyOf(pools);
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("health.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new HealthRoutes(signs).routes();
  }

  @Override
  public List<Meters> metrics() {
    return List.of(new DatabaseMeters(signs, pools), new CountMeters(counts));
  }

  /**
   * The signs by which the health of the server is judged.
   *
   * @param up whether the server is connected and takes usage in
   * @param storing whether what has come is stored in time
   * @param writes whether the database can be written; the caller closes it
   * @param databaseRestarts how often the server's own PostgreSQL was started again
   */
  public record Signs(
      BooleanSupplier up,
      BooleanSupplier storing,
      WriteProbe writes,
      LongSupplier databaseRestarts) {
    /** A batch waits so long before its instance hears that the server does not take it. */
    public static final long STORED_WITHIN_SECONDS = 10;
  }
}
