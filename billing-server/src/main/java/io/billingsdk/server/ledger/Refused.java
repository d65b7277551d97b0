package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that were not counted, and are kept with their reason. Thread-safe. */
public final class Refused {
  private static final String SELECT =
      """
      SELECT id, stream, seq, instance, code, detail, content, received_at, replayed_at
      FROM rejected_event LEFT JOIN replay ON replay.rejected_id = id
      """;

  private static final String REJECTED =
      SELECT
          + """
          WHERE id < ? AND code = coalesce(?, code)
            AND (replay.rejected_id IS NOT NULL) = coalesce(?, replay.rejected_id IS NOT NULL)
            AND instance IS NOT DISTINCT FROM coalesce(?, instance)
            AND stream IS NOT DISTINCT FROM coalesce(?::uuid, stream)
            AND received_at >= coalesce(?::timestamptz, '-infinity')
            AND received_at < coalesce(?::timestamptz, 'infinity')
          ORDER BY id DESC LIMIT ?
          """;

  private static final String TO_REPLAY =
      SELECT
          + """
          WHERE id > ? AND replay.rejected_id IS NULL
            AND code = coalesce(?, code)
            AND coalesce(instance, '') = coalesce(?, instance, '')
            AND (?::uuid IS NULL OR stream = ?::uuid)
            AND received_at >= coalesce(?, '-infinity'::timestamptz)
            AND received_at < coalesce(?, 'infinity'::timestamptz)
          ORDER BY id LIMIT ?
          """;

  private static final String HELD =
      SELECT
          + """
          JOIN held_event h ON h.rejected_id = id
          WHERE replayed_at IS NULL AND h.occurred_at BETWEEN ? AND ? AND id > ?
          ORDER BY id LIMIT ?
          """;

  private static final String CONFLICTING =
      """
      SELECT s.uuid, c.seq, c.hash, c.instance, c.content, c.received_at,
        counted.uuid AS counted_stream, c.counted_seq
      FROM conflicting_event c JOIN stream s USING (stream_id)
      LEFT JOIN stream counted ON counted.stream_id = c.counted_stream_id
      WHERE (s.uuid, c.seq, c.hash) > (?, ?, ?)
        AND c.instance IS NOT DISTINCT FROM coalesce(?, c.instance)
        AND s.uuid = coalesce(?::uuid, s.uuid)
        AND c.received_at >= coalesce(?::timestamptz, '-infinity')
        AND c.received_at < coalesce(?::timestamptz, 'infinity')
      ORDER BY s.uuid, c.seq, c.hash LIMIT ?
      """;

  private final Database database;

  /** In a database. */
  public Refused(Database database) {
    this.database = database;
  }

  /**
   * An event that was rejected.
   *
   * @param id grows with each
   * @param stream null of a message that could not be read, and of protocol v1
   * @param content the event as JSON; of a message that could not be read its length
   * @param replayed when it was taken in again; null when it was not
   */
  public record Rejected(
      long id,
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail,
      String content,
      Instant received,
      @Nullable Instant replayed) {}

  /**
   * An event with the identity of another, and other content.
   *
   * @param hash of its content, in hexadecimal
   * @param content as JSON
   * @param countedStream of the event that is counted, when it has the same idempotency key; null
   *     when it has the same stream and number
   * @param countedSeq its number
   */
  public record Conflicting(
      UUID stream,
      long seq,
      String hash,
      @Nullable String instance,
      String content,
      Instant received,
      @Nullable UUID countedStream,
      @Nullable Long countedSeq) {}

  /**
   * Rejected events, the latest first.
   *
   * @param before only those with a lower id; {@link Long#MAX_VALUE} for all
   * @param filter which are meant
   * @param most so many at most
   */
  public List<Rejected> rejected(long before, RefusedFilter filter, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(REJECTED)) {
            query.setLong(1, before);
            query.setString(2, filter.code());
            query.setObject(3, filter.replayed(), Types.BOOLEAN);
            set(query, 4, filter);
            query.setInt(8, most);
            List<Rejected> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(rejected(row));
              }
            }
            return List.copyOf(found);
          }
        });
  }

  /**
   * Which rejected events; null for any.
   *
   * @param code with this reason
   * @param instance of this producer
   * @param stream of this stream
   * @param from received then or later
   * @param to received before then
   */
  public record Filter(
      @Nullable String code,
      @Nullable String instance,
      @Nullable UUID stream,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /** Those that were not replayed and have a higher id, the oldest first; in a transaction. */
  static List<Rejected> page(Connection connection, Filter filter, long after, int most)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(TO_REPLAY)) {
      query.setLong(1, after);
      query.setString(2, filter.code());
      query.setString(3, filter.instance());
      query.setObject(4, filter.stream(), Types.OTHER);
      query.setObject(5, filter.stream(), Types.OTHER);
      query.setObject(6, time(filter.from()), Types.TIMESTAMP_WITH_TIMEZONE);
      query.setObject(7, time(filter.to()), Types.TIMESTAMP_WITH_TIMEZONE);
      query.setInt(8, most);
      List<Rejected> found = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(rejected(row));
        }
      }
      return List.copyOf(found);
    }
  }

  /** Those that are held and happened within a time, the oldest first; in a transaction. */
  static List<Rejected> held(
      Connection connection, OffsetDateTime from, OffsetDateTime to, long after, int most)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HELD)) {
      query.setObject(1, from);
      query.setObject(2, to);
      query.setLong(3, after);
      query.setInt(4, most);
      List<Rejected> found = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(rejected(row));
        }
      }
      return List.copyOf(found);
    }
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /** One that was rejected, in a transaction. */
  static Optional<Rejected> one(Connection connection, long id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT + "WHERE id = ?")) {
      query.setLong(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(rejected(row)) : Optional.empty();
      }
    }
  }

  /**
   * Conflicting events, by stream and number.
   *
   * @param stream of the one that they follow; with its number and hash
   * @param filter which are meant
   * @param most so many at most
   */
  public List<Conflicting> conflictingAfter(
      UUID stream, long seq, String hash, RefusedFilter filter, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(CONFLICTING)) {
            query.setObject(1, stream);
            query.setLong(2, seq);
            query.setBytes(3, HexFormat.of().parseHex(hash));
            set(query, 4, filter);
            query.setInt(8, most);
            List<Conflicting> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(conflicting(row));
              }
            }
            return List.copyOf(found);
          }
        });
  }

  private static Rejected rejected(ResultSet row) throws SQLException {
    OffsetDateTime replayed = row.getObject("replayed_at", OffsetDateTime.class);
    return new Rejected(
        row.getLong("id"),
        row.getObject("stream", UUID.class),
        row.getLong("seq"),
        row.getString("instance"),
        row.getString("code"),
        row.getString("detail"),
        row.getString("content"),
        received(row),
        replayed == null ? null : replayed.toInstant());
  }

  private static Conflicting conflicting(ResultSet row) throws SQLException {
    return new Conflicting(
        row.getObject("uuid", UUID.class),
        row.getLong("seq"),
        HexFormat.of().formatHex(row.getBytes("hash")),
        row.getString("instance"),
        row.getString("content"),
        received(row),
        row.getObject("counted_stream", UUID.class),
        row.getObject("counted_seq", Long.class));
  }

  private static Instant received(ResultSet row) throws SQLException {
    return row.getObject("received_at", OffsetDateTime.class).toInstant();
  }

  /** The same by code and replay alone; null for any. */
  public List<Rejected> rejected(
      long before, @Nullable String code, @Nullable Boolean replayed, int most)
      throws SQLException {
    return rejected(before, new RefusedFilter(code, replayed, null, null, null, null), most);
  }

  /** One that was rejected; empty when there is none with this id. */
  public Optional<Rejected> one(long id) throws SQLException {
    return database.call(connection -> one(connection, id));
  }

  private static void set(PreparedStatement query, int first, RefusedFilter filter)
      throws SQLException {
    query.setString(first, filter.instance());
    query.setObject(first + 1, filter.stream(), Types.OTHER);
    query.setObject(first + 2, utc(filter.from()), Types.TIMESTAMP_WITH_TIMEZONE);
    query.setObject(first + 3, utc(filter.to()), Types.TIMESTAMP_WITH_TIMEZONE);
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
