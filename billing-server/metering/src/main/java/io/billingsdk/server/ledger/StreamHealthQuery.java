package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Streams.StreamHealth;

/** Counts what is missing or late, in all streams together, for {@link Streams#health}. */
final class StreamHealthQuery {
  /** Of a stream {@code s} and its hello {@code h}: nobody has its pending events any more. */
  static final String SUPERSEDED =
      """
      (greatest(h.said_at, s.last_seen) < now() - interval '5 minutes' AND EXISTS (
        SELECT FROM stream later JOIN stream_hello said ON said.stream_id = later.stream_id
        WHERE later.instance = s.instance AND later.stream_id > s.stream_id AND said.pending = 0
          AND said.said_at > h.said_at))
      """;

  /** A range of all numbers has no upper end. */
  private static final String COUNT =
      """
      coalesce((SELECT sum(coalesce(upper(part)::numeric, 9223372036854775808) - lower(part))
        FROM unnest(NUMBERS) AS part), 0)
      """;

  private static final String SELECT =
      """
      WITH gaps AS (
        SELECT stream_id, min(first_seq) < 1 AS senseless,
          range_agg(number_range(first_seq, last_seq)) AS numbers
        FROM stream_gap GROUP BY stream_id),
      known AS (
        SELECT h.pending, h.dead_lettered,
          coalesce(s.origin, '') IN ('v1-unnumbered', 'http') AS unnumbered,
          s.highest_seq < 0 OR coalesce(h.last_seq, 0) < 0 OR coalesce(g.senseless, false)
            AS senseless,
          greatest(h.said_at, s.last_seen) < now() - interval '5 minutes' AS quiet,
          h.pending > 0 AND SUPERSEDED AS superseded,
          coalesce(g.numbers, '{}') - coalesce(d.numbers, '{}') - coalesce(w.numbers, '{}')
            AS holes,
          CASE WHEN h.last_seq > s.highest_seq
            THEN int8multirange(number_range(s.highest_seq + 1, h.last_seq)) ELSE '{}' END
            - coalesce(d.numbers, '{}') - coalesce(w.numbers, '{}') AS above
        FROM stream s LEFT JOIN stream_hello h USING (stream_id) LEFT JOIN gaps g USING (stream_id)
        LEFT JOIN stream_dropped d USING (stream_id) LEFT JOIN stream_written_off w USING (stream_id)
        WHERE s.stream_id <> 0 AND (g.stream_id IS NOT NULL OR h.last_seq > s.highest_seq
          OR s.highest_seq < 0 OR h.last_seq < 0)),
      counted AS (
        SELECT known.*, COUNT_HOLES AS gap, COUNT_ABOVE AS ahead
        FROM known WHERE NOT unnumbered AND NOT senseless),
      lost AS (
        SELECT counted.*, CASE WHEN ahead > 0 THEN greatest(0,
          ahead - dead_lettered - CASE WHEN superseded THEN 0 ELSE pending END) ELSE 0 END AS behind
        FROM counted)
      SELECT count(*) FILTER (WHERE gap > 0 OR behind > 0) AS incomplete,
        least(coalesce(sum(gap + behind), 0), 9223372036854775807)::bigint AS missing,
        least(coalesce(sum(behind), 0), 9223372036854775807)::bigint AS missing_at_end,
        count(*) FILTER (WHERE pending > 0 AND quiet AND NOT superseded AND (gap > 0 OR ahead > 0))
          AS silent,
        (SELECT count(*) FROM known WHERE senseless) AS unreadable
      FROM lost
      """
          .replace("SUPERSEDED", SUPERSEDED)
          .replace("COUNT_HOLES", COUNT.replace("NUMBERS", "holes"))
          .replace("COUNT_ABOVE", COUNT.replace("NUMBERS", "above"));

  private StreamHealthQuery() {}

  /** As it is now. */
  static StreamHealth of(Database database) {
    return database.read(
        handle -> handle.createQuery(SELECT).map(ResultRow.to(StreamHealthQuery::health)).one());
  }

  private static StreamHealth health(ResultRow row) {
    return new StreamHealth(
        row.number("incomplete"),
        row.number("missing"),
        row.number("missing_at_end"),
        row.number("silent"),
        row.number("unreadable"));
  }
}
