package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What was used and what was refused; attributions and corrections. */
public final class LedgerFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("usage_event"),
          Table.appendOnly("event_identity"),
          Table.of("idempotency"),
          Table.of("usage_rollup_shard"),
          Table.appendOnly("attribution"),
          Table.appendOnly("rejected_event"),
          Table.appendOnly("conflicting_event"),
          Table.of("refusal_count"),
          Table.of("held_event"),
          Table.appendOnly("correction"),
          Table.appendOnly("replay"),
          Table.of("ledger"),
          Table.appendOnly("ledger_cut"),
          Table.of("stream"),
          Table.of("stream_gap"),
          Table.of("stream_dropped"),
          Table.of("stream_written_off"),
          Table.of("stream_hello"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/ledger/db";

  private static final Actor SERVER = new Actor("server");

  private final LedgerAppender appender;
  private final Consumer<StoredEvent> corrected;

  /**
   * Of a ledger.
   *
   * @param appender the way into the ledger
   * @param corrected takes each correction once it is committed; returns at once
   */
  public LedgerFeature(LedgerAppender appender, Consumer<StoredEvent> corrected) {
    this.appender = appender;
    this.corrected = corrected;
  }

  /** The id of the ledger, by which instances know it again. */
  public static UUID id(Database database) {
    return new LedgerId(database, SERVER).current();
  }

  /** Gives the ledger another id, after a restore: what had a receipt may be missing. */
  public static UUID renewId(Database database) {
    return new LedgerId(database, SERVER).renew();
  }

  /** The parameters of a query by which a request says which events it means. */
  public static String[] eventParameters() {
    return EventFilterParameters.names();
  }

  /** Which events a request means, by those parameters. */
  public static EventFilter eventsOf(Request request) {
    return EventFilterParameters.read(request);
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
    return Optional.ofNullable(getClass().getResource("ledger.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            UsageRoutes.routes(),
            RefusedRoutes.routes(),
            new AttributionRoutes(appender).routes(),
            new CorrectionRoutes(appender, corrected).routes())
        .flatMap(List::stream)
        .toList();
  }
}
