package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Whether something of what was reported is missing or late, in all streams together: cheap enough
 * to be asked again and again. {@link Streams} says what and of whom. The stream of corrections is
 * none of them, whatever a producer sends under its name.
 *
 * @param incomplete streams of which numbers are missing, but for those that were dropped
 * @param missing how many numbers those are
 * @param silent streams whose producer had events pending when it was last heard of, more than five
 *     minutes ago, and which have not all come since: by it, or by who took its journal over
 */
public record StreamHealth(long incomplete, long missing, long silent) {
  private static final String SELECT =
      """
      WITH missing AS (
        SELECT stream_id, range_agg(int8range(first_seq, last_seq, '[]'))
          - coalesce((SELECT numbers FROM stream_dropped d WHERE d.stream_id = g.stream_id), '{}')
            AS numbers
        FROM stream_gap g JOIN stream s USING (stream_id)
        WHERE g.stream_id <> 0 AND coalesce(s.origin, '') NOT IN ('v1-unnumbered', 'http')
        GROUP BY g.stream_id)
      SELECT count(*) FILTER (WHERE NOT isempty(numbers)),
        coalesce(sum((SELECT sum(upper(part) - lower(part)) FROM unnest(numbers) AS part)), 0),
        (SELECT count(*) FROM stream_hello h JOIN stream s USING (stream_id)
          WHERE h.pending > 0 AND greatest(h.said_at, s.last_seen) < now() - interval '5 minutes'
            AND (s.highest_seq < h.last_seq OR EXISTS (
              SELECT FROM missing m WHERE m.stream_id = s.stream_id AND NOT isempty(m.numbers))))
      FROM missing
      """;

  /** As it is now. */
  public static StreamHealth of(Database database) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SELECT);
              ResultSet row = query.executeQuery()) {
            row.next();
            return new StreamHealth(row.getLong(1), row.getLong(2), row.getLong(3));
          }
        });
  }
}
