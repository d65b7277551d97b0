package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.RejectedEvents.ConflictingEvent;
import io.billingsdk.server.ledger.RejectedEvents.Filter;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The rows of events that were not counted. */
final class RefusedRows {
  private static final String SELECT =
      """
      SELECT id, stream, seq, instance, code, detail, content, received_at, replayed_at
      FROM rejected_event LEFT JOIN replay ON replay.rejected_id = id
      """;

  private static final String REJECTED =
      SELECT
          + """
          WHERE id < :below AND code = coalesce(:code, code)
            AND (replay.rejected_id IS NOT NULL) = coalesce(:replayed, replay.rejected_id IS NOT NULL)
            AND instance IS NOT DISTINCT FROM coalesce(:instance, instance)
            AND stream IS NOT DISTINCT FROM coalesce(:stream::uuid, stream)
            AND received_at >= coalesce(:from::timestamptz, '-infinity')
            AND received_at < coalesce(:to::timestamptz, 'infinity')
          ORDER BY id DESC LIMIT :most
          """;

  private static final String TO_REPLAY =
      SELECT
          + """
          WHERE id > :after AND replay.rejected_id IS NULL
            AND code = coalesce(:code, code)
            AND coalesce(instance, '') = coalesce(:instance, instance, '')
            AND (:stream::uuid IS NULL OR stream = :stream::uuid)
            AND received_at >= coalesce(:from, '-infinity'::timestamptz)
            AND received_at < coalesce(:to, 'infinity'::timestamptz)
          ORDER BY id LIMIT :most
          """;

  private static final String HELD =
      SELECT
          + """
          JOIN held_event h ON h.rejected_id = id
          WHERE replayed_at IS NULL AND h.occurred_at BETWEEN :from AND :to AND id > :after
          ORDER BY id LIMIT :most
          """;

  private static final String CONFLICTING =
      """
      SELECT s.uuid, c.seq, c.hash, c.instance, c.content, c.received_at,
        counted.uuid AS counted_stream, c.counted_seq
      FROM conflicting_event c JOIN stream s USING (stream_id)
      LEFT JOIN stream counted ON counted.stream_id = c.counted_stream_id
      WHERE (s.uuid, c.seq, c.hash) > (:afterStream, :afterSeq, :afterHash)
        AND c.instance IS NOT DISTINCT FROM coalesce(:instance, c.instance)
        AND s.uuid = coalesce(:stream::uuid, s.uuid)
        AND c.received_at >= coalesce(:from::timestamptz, '-infinity')
        AND c.received_at < coalesce(:to::timestamptz, 'infinity')
      ORDER BY s.uuid, c.seq, c.hash LIMIT :most
      """;

  private RefusedRows() {}

  /** Those with a lower id, the latest first. */
  static List<RejectedEvent> rejected(
      Handle handle, long below, RejectedEventFilter filter, int most) {
    Query query =
        handle
            .createQuery(REJECTED)
            .bind("below", below)
            .bind("code", filter.code())
            .bind("replayed", filter.replayed())
            .bind("most", most);
    return rejected(bind(query, filter));
  }

  /** Those that were not replayed and have a higher id, the oldest first; in a transaction. */
  static List<RejectedEvent> toReplay(Handle handle, Filter filter, long after, int most) {
    return rejected(
        handle
            .createQuery(TO_REPLAY)
            .bind("after", after)
            .bind("code", filter.code())
            .bind("instance", filter.instance())
            .bind("stream", filter.stream())
            .bind("from", filter.from())
            .bind("to", filter.to())
            .bind("most", most));
  }

  /** Those that are held and happened within a time, the oldest first; in a transaction. */
  static List<RejectedEvent> held(Handle handle, Instant from, Instant to, long after, int most) {
    return rejected(
        handle
            .createQuery(HELD)
            .bind("from", from)
            .bind("to", to)
            .bind("after", after)
            .bind("most", most));
  }

  /** One that was rejected. */
  static Optional<RejectedEvent> one(Handle handle, long id) {
    return rejected(handle.createQuery(SELECT + "WHERE id = :id").bind("id", id)).stream()
        .findFirst();
  }

  /**
   * Conflicting events, by stream and number.
   *
   * @param stream of the one that they follow; with its number and hash
   */
  static List<ConflictingEvent> conflictingAfter(
      Handle handle, UUID stream, long seq, String hash, RejectedEventFilter filter, int most) {
    Query query =
        handle
            .createQuery(CONFLICTING)
            .bind("afterStream", stream)
            .bind("afterSeq", seq)
            .bind("afterHash", HexFormat.of().parseHex(hash))
            .bind("most", most);
    return bind(query, filter).map(ResultRow.to(RefusedRows::conflicting)).list();
  }

  private static Query bind(Query query, RejectedEventFilter filter) {
    return query
        .bind("instance", filter.instance())
        .bind("stream", filter.stream())
        .bind("from", filter.from())
        .bind("to", filter.to());
  }

  private static List<RejectedEvent> rejected(Query query) {
    return query.map(ResultRow.to(RefusedRows::event)).list();
  }

  private static RejectedEvent event(ResultRow row) {
    return new RejectedEvent(
        row.number("id"),
        row.uuidOrNull("stream"),
        row.number("seq"),
        row.textOrNull("instance"),
        row.text("code"),
        row.text("detail"),
        row.text("content"),
        row.time("received_at"),
        row.timeOrNull("replayed_at"));
  }

  private static ConflictingEvent conflicting(ResultRow row) {
    return new ConflictingEvent(
        row.uuid("uuid"),
        row.number("seq"),
        HexFormat.of().formatHex(row.bytes("hash")),
        row.textOrNull("instance"),
        row.text("content"),
        row.time("received_at"),
        row.uuidOrNull("counted_stream"),
        row.numberOrNull("counted_seq"));
  }
}
