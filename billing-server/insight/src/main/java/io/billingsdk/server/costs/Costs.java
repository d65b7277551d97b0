package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads costs. A cost is there some hundred milliseconds after its event. Thread-safe. */
public final class Costs {
  private static final int MOST_OF_EXECUTION = 10_000;

  private static final String OF_EXECUTION =
      "SELECT "
          + CostRows.COLUMNS
          + " FROM cost c WHERE c.execution = :execution"
          + " ORDER BY c.at, c.stream_id, c.seq LIMIT :most";

  private static final String LIST =
      "SELECT "
          + CostRows.COLUMNS
          + """
          FROM cost c
          WHERE c.at >= :from AND c.at < :to
            AND (c.at, c.stream_id, c.seq) > (:at, :stream, :seq)
            AND c.service = coalesce(:service, c.service)
            AND c.model = coalesce(:model, c.model)
            AND c.state = coalesce(:state, c.state)
            AND (:app::text IS NULL OR c.app_id = :app)
          ORDER BY c.at, c.stream_id, c.seq LIMIT :most
          """;

  private static final String UNKNOWN =
      """
      SELECT service, model, reason, count(*) AS costs, min(at) AS first, max(at) AS last
      FROM cost WHERE state = 'unknown' AND at >= :from AND at < :to
      GROUP BY service, model, reason ORDER BY costs DESC, service, model, reason LIMIT :most
      """;

  private static final String REVISIONS =
      "SELECT "
          + CostRows.COLUMNS
          + ", c.change_no, c.replaced_at FROM cost_revision c"
          + " WHERE c.stream_id = :stream AND c.seq = :seq ORDER BY c.revision DESC";

  private final Database database;

  /** In a database. */
  public Costs(Database database) {
    this.database = database;
  }

  /** The newest cost of an event; empty when the event has none, or has none yet. */
  public Optional<CostRow> find(EventId event) {
    return database.read(
        handle -> CostStore.find(handle, List.of(event)).values().stream().findFirst());
  }

  /** The costs of an execution, in the order of their times, at most 10,000. */
  public List<CostRow> ofExecution(String execution) {
    return database.read(
        handle ->
            handle
                .createQuery(OF_EXECUTION)
                .bind("execution", execution)
                .bind("most", MOST_OF_EXECUTION)
                .map(ResultRow.to(CostRows::read))
                .list());
  }

  /**
   * Which costs are listed; null restricts nothing.
   *
   * @param from the first moment
   * @param to the end of the range, exclusive
   */
  record Filter(
      Instant from,
      Instant to,
      @Nullable String app,
      @Nullable String service,
      @Nullable String model,
      @Nullable String state) {}

  /** A place in the list of costs. */
  record Place(Instant at, EventId id) {
    static Place before(Filter filter) {
      return new Place(filter.from(), new EventId(-1, -1));
    }
  }

  List<CostRow> list(Filter filter, Place after, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(LIST)
                .bind("from", filter.from())
                .bind("to", filter.to())
                .bind("at", after.at())
                .bind("stream", after.id().streamId())
                .bind("seq", after.id().seq())
                .bind("app", filter.app())
                .bind("service", filter.service())
                .bind("model", filter.model())
                .bind("state", filter.state())
                .bind("most", most)
                .map(ResultRow.to(CostRows::read))
                .list());
  }

  /** Costs that are unknown for the same reason. */
  record UnknownCosts(
      String service, String model, String reason, long costs, Instant first, Instant last) {}

  List<UnknownCosts> unknown(Instant from, Instant to, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(UNKNOWN)
                .bind("from", from)
                .bind("to", to)
                .bind("most", most)
                .map(
                    ResultRow.to(
                        row ->
                            new UnknownCosts(
                                row.text("service"),
                                row.text("model"),
                                row.text("reason"),
                                row.number("costs"),
                                row.time("first"),
                                row.time("last"))))
                .list());
  }

  /**
   * A cost as it was.
   *
   * @param change the act that changed it; null of an attribution
   */
  record Revision(CostRow row, @Nullable Long change, Instant replacedAt) {}

  List<Revision> revisions(EventId event) {
    return database.read(
        handle ->
            handle
                .createQuery(REVISIONS)
                .bind("stream", event.streamId())
                .bind("seq", event.seq())
                .map(
                    ResultRow.to(
                        row ->
                            new Revision(
                                CostRows.read(row),
                                row.numberOrNull("change_no"),
                                row.time("replaced_at"))))
                .list());
  }
}
