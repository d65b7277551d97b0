package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.EventTraces.EventTrace;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of a single event, in all tables that may have it. */
final class EventTraceRows {
  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

  private static final String COUNTED =
      """
      SELECT e.stream_id, e.occurred_at, e.received_at, coalesce(e.app_id, a.app_id) AS app_id,
        coalesce(a.key_id, e.key_id) AS key_id, e.module, e.model, e.usage, e.metadata::text,
        e.quantities::text, e.subject, e.session, e.execution, a.attributed_at,
        greatest(e.cut_no, coalesce(a.cut_no, 0)) AS cut_no, c.corrections, c.difference,
        c.corrected_cut
      FROM usage_event e LEFT JOIN attribution a USING (stream_id, seq)
      CROSS JOIN LATERAL (
        SELECT count(*) AS corrections, coalesce(sum(difference), 0) AS difference,
          coalesce(max(cut_no), 0) AS corrected_cut
        FROM correction c WHERE c.corrects_stream_id = e.stream_id AND c.corrects_seq = e.seq) AS c
      WHERE e.stream_id = (SELECT stream_id FROM stream WHERE uuid = :stream) AND e.seq = :seq
        AND e.occurred_at >= :from AND e.occurred_at < :to
      """;

  private static final String REFUSED =
      """
      SELECT r.code, r.detail, r.received_at, h.rejected_id IS NOT NULL AS held
      FROM rejected_event r LEFT JOIN held_event h ON h.rejected_id = r.id
      WHERE r.stream = :stream AND r.seq = :seq AND r.code <> 'STREAM_FOREIGN'
      ORDER BY r.id DESC LIMIT 1
      """;

  private static final String CONFLICTING =
      """
      SELECT c.received_at FROM conflicting_event c JOIN stream s USING (stream_id)
      WHERE s.uuid = :stream AND c.seq = :seq ORDER BY c.received_at LIMIT 1
      """;

  private static final String IDENTITY =
      """
      SELECT i.seq FROM event_identity i JOIN stream s USING (stream_id)
      WHERE s.uuid = :stream AND i.seq = :seq
      """;

  private static final String ABSENT =
      """
      SELECT CASE
        WHEN coalesce(d.numbers @> :seq, false) THEN 'its instance gave it up, since its journal was full'
        WHEN coalesce(w.numbers @> :seq, false) THEN 'an operator has written its number off'
        WHEN EXISTS (SELECT FROM stream_gap g WHERE g.stream_id = s.stream_id
          AND :seq BETWEEN g.first_seq AND g.last_seq) THEN 'its number is missing in the stream'
        WHEN :seq > s.highest_seq THEN 'its number has not come: the highest of the stream is '
          || s.highest_seq
        ELSE 'it came and was refused without a row, or is not in the time that was given' END AS why
      FROM stream s LEFT JOIN stream_dropped d USING (stream_id)
      LEFT JOIN stream_written_off w USING (stream_id) WHERE s.uuid = :stream
      """;

  private EventTraceRows() {}

  static EventTrace find(Handle handle, UUID stream, long seq, @Nullable Instant at) {
    Finder finder = new Finder(handle, stream, seq);
    return finder
        .counted(at)
        .or(() -> finder.first(CONFLICTING, EventTraceRows::conflicting))
        .or(
            () ->
                at == null
                    ? finder.first(IDENTITY, row -> new EventTrace.Repeat())
                    : Optional.empty())
        .or(() -> finder.first(REFUSED, EventTraceRows::refused))
        .or(() -> finder.first(ABSENT, row -> new EventTrace.Absent(row.text("why"))))
        .orElseGet(() -> new EventTrace.Absent("nothing has come of its stream"));
  }

  private record Finder(Handle handle, UUID stream, long seq) {
    Optional<EventTrace> counted(@Nullable Instant at) {
      return handle
          .createQuery(COUNTED)
          .bind("stream", stream)
          .bind("seq", seq)
          .bind("from", at == null ? FIRST : at)
          .bind("to", at == null ? LAST : at.plus(Duration.ofMillis(1)))
          .map(ResultRow.to(row -> EventTraceRows.counted(row, seq)))
          .findFirst();
    }

    Optional<EventTrace> first(String sql, Function<ResultRow, EventTrace> read) {
      return handle
          .createQuery(sql)
          .bind("stream", stream)
          .bind("seq", seq)
          .map(ResultRow.to(read))
          .findFirst();
    }
  }

  private static EventTrace counted(ResultRow row, long seq) {
    AppendedEvent event =
        new AppendedEvent(
            AppendKind.EVENT,
            new EventId(row.integer("stream_id"), seq),
            row.time("occurred_at"),
            row.textOrNull("app_id"),
            row.textOrNull("key_id"),
            row.text("module"),
            row.text("model"),
            row.decimal("usage").add(row.decimal("difference")),
            row.textOrNull("metadata"),
            EventDetails.of(row),
            row.number("cut_no"));
    return new EventTrace.Counted(
        event,
        row.decimal("usage"),
        row.time("received_at"),
        row.timeOrNull("attributed_at"),
        row.number("cut_no"),
        row.number("corrections"),
        row.number("corrected_cut"));
  }

  private static EventTrace conflicting(ResultRow row) {
    return new EventTrace.Conflicting(row.time("received_at"));
  }

  private static EventTrace refused(ResultRow row) {
    return new EventTrace.Refused(
        row.text("code"), row.text("detail"), row.time("received_at"), row.flag("held"));
  }
}
