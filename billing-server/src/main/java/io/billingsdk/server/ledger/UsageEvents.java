package io.billingsdk.server.ledger;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events themselves, a page at a time, in the order of their use. What comes in between two
 * pages moves no other event to another page: it is on a later one, or, when it was used before the
 * last event that was shown, on none. Thread-safe.
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
      @Nullable EventRef corrects) {}

  /**
   * Where a page ended.
   *
   * @param streamId the ledger's own number of the stream
   */
  public record Position(Instant occurredAt, int streamId, long seq) {}

  /**
   * What is asked for.
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
        throw ServerException.invalid("limit", "1 to " + MAX_PAGE);
      }
    }
  }

  /**
   * A page.
   *
   * @param next where it ended; null when there is no more
   */
  public record Page(List<StoredEvent> events, @Nullable Position next) {}

  /** Reads a page. */
  public Page page(PageQuery query) throws SQLException {
    return database.call(connection -> page(connection, query));
  }

  /**
   * A slice of time after the other: the whole range in one statement would be read and sorted for
   * the few events at its beginning, where no index has the order.
   */
  private static Page page(Connection connection, PageQuery query) throws SQLException {
    Position after = query.after();
    Instant begin =
        after == null || after.occurredAt().isBefore(query.from())
            ? query.from()
            : after.occurredAt();
    Duration slice = FIRST_SLICE;
    List<Found> found = new ArrayList<>();
    while (begin.isBefore(query.to()) && found.size() <= query.limit()) {
      Instant end = begin.plus(slice);
      end = end.isBefore(query.to()) ? end : query.to();
      read(connection, statement(query, begin, end, query.limit() + 1 - found.size()), found);
      begin = end;
      slice = slice.multipliedBy(2);
    }
    boolean more = found.size() > query.limit();
    List<Found> page = more ? found.subList(0, query.limit()) : found;
    return new Page(
        page.stream().map(Found::event).toList(), more ? page.get(page.size() - 1).at() : null);
  }

  private record Found(StoredEvent event, Position at) {}

  private static Sql statement(PageQuery query, Instant begin, Instant end, int limit) {
    Sql sql =
        new Sql()
            .add("SELECT p.*, c.corrects_seq,")
            .add("(SELECT s.uuid FROM stream s WHERE s.stream_id = p.stream_id) AS uuid,")
            .add("(SELECT s.uuid FROM stream s WHERE s.stream_id = c.corrects_stream_id)")
            .add("AS corrects_stream FROM (SELECT e.* FROM (");
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

  private static void read(Connection connection, Sql sql, List<Found> found) throws SQLException {
    try (PreparedStatement statement = sql.prepare(connection);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        StoredEvent event = event(row);
        found.add(
            new Found(
                event, new Position(event.occurredAt(), row.getInt("stream_id"), event.seq())));
      }
    }
  }

  private static StoredEvent event(ResultSet row) throws SQLException {
    Instant occurredAt = row.getObject("occurred_at", OffsetDateTime.class).toInstant();
    UUID corrects = row.getObject("corrects_stream", UUID.class);
    return new StoredEvent(
        occurredAt,
        row.getObject("received_at", OffsetDateTime.class).toInstant(),
        row.getObject("uuid", UUID.class),
        row.getLong("seq"),
        row.getString("app_id"),
        row.getString("key_id"),
        row.getString("module"),
        row.getString("model"),
        row.getBigDecimal("usage"),
        row.getString("metadata"),
        row.getString("idempotency_key"),
        corrects == null ? null : new EventRef(corrects, row.getLong("corrects_seq"), occurredAt));
  }
}
