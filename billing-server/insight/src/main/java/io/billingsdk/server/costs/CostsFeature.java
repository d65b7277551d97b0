package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerHooks;
import io.billingsdk.server.margin.CostSource;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Costs of events, and the price list that they are made by. */
public final class CostsFeature implements LedgerHooks {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("cost_queue"),
          Table.of("cost"),
          Table.of("cost_removed"),
          Table.appendOnly("cost_revision"),
          Table.appendOnly("cost_change"),
          Table.appendOnly("price_catalogue"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/costs/db";

  private final Database database;
  private final CostStore store;
  private final Catalogues catalogues = new Catalogues();
  private final CostPump pump;
  private final CostIntake intake;

  /** Of a server, without who listens. */
  public CostsFeature(Platform platform) {
    this(platform, List.of());
  }

  /**
   * Of a server.
   *
   * @param listeners who takes in each change of a cost, in its transaction
   */
  public CostsFeature(Platform platform, List<CostListener> listeners) {
    this.database = platform.database();
    this.store = new CostStore(listeners);
    this.pump = new CostPump(database, store, catalogues, new GivingWay());
    this.intake = new CostIntake(pump::noted);
  }

  /** The costs of events, for who reckons with them. */
  public static CostSource.Factory source() {
    return LedgerCosts::new;
  }

  /** Makes costs of all events that are committed, at once instead of soon. */
  public void runNow() {
    pump.runNow();
  }

  @Override
  public List<AppendHook> hooks() {
    return List.of(intake);
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
    return Optional.ofNullable(getClass().getResource("costs.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            new PriceRoutes(catalogues).routes(),
            new CostRoutes(store, catalogues).routes(),
            new BillRoutes(catalogues).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void start() {
    Catalogues.addShipped(database);
    pump.start();
  }

  @Override
  public void close() {
    pump.close();
  }
}
