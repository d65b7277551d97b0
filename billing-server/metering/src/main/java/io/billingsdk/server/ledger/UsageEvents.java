package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Corrections.EventRef;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The events themselves, a page at a time, in the order of their use. An event that arrives between
 * two pages moves no other event to another page: it is on a later one, or, when it was used before
 * the last event that was shown, on none. Thread-safe.
 */
public final class UsageEvents {
  /** The largest page. */
  public static final int MAX_PAGE = 1_000;

  /** Longer ones are asked for while shorter ones do not fill the page. */
  private static final Duration FIRST_SLICE = Duration.ofHours(1);

  private final Database database;

  /** In a database. */
  public UsageEvents(Database database) {
    this.database = database;
  }

  /**
   * An event of the ledger.
   *
   * @param stream with {@code seq} its identity
   * @param app that it belongs to; null: none, until it is attributed
   * @param key the id of its key; null when it named its key otherwise and nobody knows that key
   * @param usage exactly as it was reported; of a correction the difference, which may be negative
   * @param metadata a JSON object; null for none
   * @param details what it says beside its usage; of a correction without quantities
   * @param corrects the event that this one corrects; null when it is no correction
   */
  public record StoredEvent(
      Instant occurredAt,
      Instant receivedAt,
      UUID stream,
      long seq,
      @Nullable String app,
      @Nullable String key,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata,
      @Nullable String idempotencyKey,
      EventDetails details,
      @Nullable EventRef corrects) {}

  /**
   * Where a page ended.
   *
   * @param streamId the ledger's own number of the stream
   */
  public record Position(Instant occurredAt, int streamId, long seq) {}

  /**
   * The question.
   *
   * @param from the first moment of use
   * @param to the first one that is not meant: after {@code from}, at most 400 days
   * @param after null for the first page
   * @param limit 1 to {@value #MAX_PAGE}
   */
  public record PageQuery(
      EventFilter filter, Instant from, Instant to, @Nullable Position after, int limit) {
    /** Refuses what is beyond the bounds. */
    public PageQuery {
      from = from.truncatedTo(ChronoUnit.MICROS);
      to = to.truncatedTo(ChronoUnit.MICROS);
      TotalsQuery.requireRange(from, to);
      if (limit < 1 || limit > MAX_PAGE) {
        throw RequestRefusedException.invalid("limit", "1 to " + MAX_PAGE);
      }
    }
  }

  /**
   * A page.
   *
   * @param next where it ended; null when there is no more
   */
  public record EventPage(List<StoredEvent> events, @Nullable Position next) {}

  /** Reads a page. */
  public EventPage page(PageQuery query) {
    return database.read(handle -> page(handle, query));
  }

  /**
   * A slice of time after the other: the whole range in one statement would be read and sorted for
   * the few events at its beginning, where no index has the order.
   */
  private static EventPage page(Handle handle, PageQuery query) {
    Position after = query.after();
    Instant begin =
        after == null || after.occurredAt().isBefore(query.from())
            ? query.from()
            : after.occurredAt();
    Duration slice = FIRST_SLICE;
    List<PositionedEvent> found = new ArrayList<>();
    while (begin.isBefore(query.to()) && found.size() <= query.limit()) {
      Instant end = begin.plus(slice);
      end = end.isBefore(query.to()) ? end : query.to();
      int most = query.limit() + 1 - found.size();
      found.addAll(
          addPage(new Sql(), query, begin, end, most)
              .query(handle)
              .map(ResultRow.to(UsageEvents::found))
              .list());
      begin = end;
      slice = slice.multipliedBy(2);
    }
    boolean more = found.size() > query.limit();
    List<PositionedEvent> page = more ? found.subList(0, query.limit()) : found;
    return new EventPage(
        page.stream().map(PositionedEvent::event).toList(),
        more ? page.get(page.size() - 1).at() : null);
  }

  private record PositionedEvent(StoredEvent event, Position at) {}

  /** Adds the statement for what is asked for, of a slice of its time. */
  static Sql addPage(Sql sql, PageQuery query, Instant begin, Instant end, int limit) {
    sql.add("SELECT p.*, c.corrects_seq,");
    sql.add("(SELECT s.uuid FROM stream s WHERE s.stream_id = p.stream_id) AS uuid,");
    sql.add("(SELECT s.uuid FROM stream s WHERE s.stream_id = c.corrects_stream_id)");
    sql.add("AS corrects_stream FROM (SELECT e.* FROM (");
    EventSource.add(sql, query.filter(), "?", "?", begin, end);
    sql.add(") AS e");
    Position after = query.after();
    if (after != null) {
      sql.add(
          "WHERE (e.occurred_at, e.stream_id, e.seq) > (?, ?, ?)",
          after.occurredAt(),
          after.streamId(),
          after.seq());
    }
    sql.add("ORDER BY e.occurred_at, e.stream_id, e.seq LIMIT ?", limit);
    sql.add(") AS p LEFT JOIN correction c USING (stream_id, seq)");
    return sql.add("ORDER BY p.occurred_at, p.stream_id, p.seq");
  }

  private static PositionedEvent found(ResultRow row) {
    StoredEvent event = event(row);
    return new PositionedEvent(
        event, new Position(event.occurredAt(), row.integer("stream_id"), event.seq()));
  }

  private static StoredEvent event(ResultRow row) {
    Instant occurredAt = row.time("occurred_at");
    UUID corrects = row.uuidOrNull("corrects_stream");
    return new StoredEvent(
        occurredAt,
        row.time("received_at"),
        row.uuid("uuid"),
        row.number("seq"),
        row.textOrNull("app_id"),
        row.textOrNull("key_id"),
        row.text("module"),
        row.text("model"),
        row.decimal("usage"),
        row.textOrNull("metadata"),
        row.textOrNull("idempotency_key"),
        EventDetails.of(row),
        corrects == null ? null : new EventRef(corrects, row.number("corrects_seq"), occurredAt));
  }
}
