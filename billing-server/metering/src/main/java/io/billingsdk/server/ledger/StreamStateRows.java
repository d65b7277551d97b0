package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How streams stand, out of their rows. One row that makes no sense hides no other. */
final class StreamStateRows {
  // The logger of the service, by which operators find these lines.
  private static final Logger log = LoggerFactory.getLogger(Streams.class);

  private static final String COUNTED =
      "(SELECT count(*) FROM event_identity e WHERE e.stream_id = s.stream_id)";

  // The numbers that came and were not refused for good: with millions of rows a stream, a page of
  // streams could not be counted in time. An event that was refused for its number has not come.
  private static final String RECKONED =
      """
      (s.highest_seq::numeric
        - (SELECT coalesce(sum(last_seq::numeric - first_seq + 1), 0) FROM stream_gap g
          WHERE g.stream_id = s.stream_id)
        - s.left_out
        - (SELECT count(*) FROM (
            SELECT r.seq FROM rejected_event r WHERE r.stream = s.uuid AND r.code NOT IN
              ('STREAM_FOREIGN', 'TOO_MANY_GAPS', 'SEQ_JUMP', 'SEQ_TOO_LARGE')
            UNION SELECT c.seq FROM conflicting_event c WHERE c.stream_id = s.stream_id) AS kept
          WHERE kept.seq <= s.highest_seq AND NOT EXISTS (
            SELECT FROM event_identity e WHERE e.stream_id = s.stream_id AND e.seq = kept.seq)))
      """;

  private static final String SELECT =
      """
      SELECT s.uuid, s.instance, s.origin, s.highest_seq, s.last_seen, h.sdk_version, h.last_seq,
        h.accepted, h.delivered, h.pending, h.dead_lettered, h.dropped, h.rejected,
         %1$s AS stored, coalesce(h.last_seq > s.highest_seq AND SUPERSEDED, false) AS superseded,
         (SELECT count(*) FROM rejected_event r WHERE r.stream = s.uuid
           AND r.code <> 'STREAM_FOREIGN') + s.left_out AS refused,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(missing) AS part) AS gap_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(missing)
          AS part) AS gap_last,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(gone) AS part) AS dropped_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(gone)
          AS part) AS dropped_last,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(off) AS part) AS off_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(off)
          AS part) AS off_last
      FROM stream s LEFT JOIN stream_hello h USING (stream_id)
      LEFT JOIN stream_dropped d USING (stream_id)
      LEFT JOIN stream_written_off w USING (stream_id)
      CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(number_range(first_seq, last_seq)), '{}') AS gaps
        FROM stream_gap g WHERE g.stream_id = s.stream_id) AS come
      CROSS JOIN LATERAL (
        SELECT gaps + CASE WHEN s.highest_seq < %2$d
          THEN int8multirange(int8range(s.highest_seq + 1, NULL)) ELSE '{}' END AS open) AS not_come
      CROSS JOIN LATERAL (
        SELECT gaps - coalesce(d.numbers, '{}') - coalesce(w.numbers, '{}') AS missing,
          coalesce(d.numbers, '{}') * open AS gone,
          coalesce(w.numbers, '{}') * open - coalesce(d.numbers, '{}') AS off) AS known
      WHERE s.stream_id <> 0
      """
          .replace("SUPERSEDED", StreamHealthQuery.SUPERSEDED);

  private static final String LAST_SEEN_FIRST = "ORDER BY s.last_seen DESC, s.stream_id";
  private static final String BY_UUID = "AND s.uuid > :after ORDER BY s.uuid LIMIT :most";
  private static final String ONE = "AND s.uuid = :uuid";

  private StreamStateRows() {}

  /** All streams, the last seen first. */
  static List<StreamState> all(Handle handle) {
    return read(handle.createQuery(select(COUNTED) + LAST_SEEN_FIRST));
  }

  /** Streams that follow an id, in the order of their ids. */
  static List<StreamState> after(Handle handle, UUID after, int most) {
    return read(
        handle.createQuery(select(RECKONED) + BY_UUID).bind("after", after).bind("most", most));
  }

  static Optional<StreamState> one(Handle handle, UUID stream) {
    return read(handle.createQuery(select(COUNTED) + ONE).bind("uuid", stream)).stream()
        .findFirst();
  }

  private static List<StreamState> read(Query query) {
    return query.map(ResultRow.to(StreamStateRows::readable)).list();
  }

  private static String select(String stored) {
    return String.format(Locale.ROOT, SELECT, stored, Long.MAX_VALUE);
  }

  /** One row that makes no sense must not hide the others. */
  private static StreamState readable(ResultRow row) {
    UUID stream = row.uuid("uuid");
    try {
      return state(row);
    } catch (DatabaseException failed) {
      if (!failed.isDataError()) {
        throw failed;
      }
      log.error("the rows of the stream {} cannot be read: {}", stream, failed.getMessage());
    } catch (IllegalArgumentException | NullPointerException senseless) {
      log.error("the rows of the stream {} cannot be read: {}", stream, senseless.getMessage());
    }
    return StreamState.unreadable(stream);
  }

  private static StreamState state(ResultRow row) {
    Long reported = row.numberOrNull("last_seq");
    String instance = row.textOrNull("instance");
    StreamOrigin origin =
        StreamOrigin.of(row.textOrNull("origin"), reported != null || instance != null);
    long highest = row.number("highest_seq");
    if (highest < 0 || (reported != null && reported < 0)) {
      throw new IllegalArgumentException("the highest number, or the last, is less than 0");
    }
    return new StreamState(
        row.uuid("uuid"),
        instance,
        origin,
        highest,
        row.number("stored"),
        row.number("refused"),
        row.textOrNull("sdk_version"),
        reported,
        reported == null ? null : loss(row),
        origin.isNumberedHere() ? List.of() : gaps(row, reported == null ? 0 : reported),
        ranges(row, "dropped"),
        ranges(row, "off"),
        row.time("last_seen"),
        /* readable= */ true);
  }

  static LossEquation loss(ResultRow row) {
    return new LossEquation(
        row.number("accepted"),
        row.number("delivered"),
        row.number("pending"),
        row.number("dead_lettered"),
        row.number("dropped"),
        row.number("rejected"));
  }

  /**
   * The gaps, and the end of a stream that has not come though its instance says that nothing is
   * pending: it was receipted, and stored in another ledger than this one. Or a later process of
   * its instance says so: then the one that had it pending has ended with it.
   */
  private static List<SeqRange> gaps(ResultRow row, long reported) {
    List<SeqRange> gaps = ranges(row, "gap");
    long highest = row.number("highest_seq");
    boolean pending = row.number("pending") > 0 && !row.flag("superseded");
    if (reported <= highest || pending || row.number("dead_lettered") > 0) {
      return gaps;
    }
    List<SeqRange> gone = StreamRanges.gone(ranges(row, "dropped"), ranges(row, "off"));
    gaps.addAll(StreamRanges.rest(highest, reported, gone));
    return gaps;
  }

  private static List<SeqRange> ranges(ResultRow row, String what) {
    List<Long> first = row.numbers(what + "_first");
    List<Long> last = row.numbers(what + "_last");
    List<SeqRange> ranges = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      ranges.add(new SeqRange(first.get(i), last.get(i)));
    }
    return ranges;
  }
}
