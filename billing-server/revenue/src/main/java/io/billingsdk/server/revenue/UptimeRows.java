package io.billingsdk.server.revenue;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The minutes in which a server was up. */
final class UptimeRows {
  private static final String NOTE =
      """
      INSERT INTO uptime_hour AS u (hour, minutes)
      VALUES (date_trunc('hour', :at::timestamptz, 'UTC'),
        1::bigint << extract(minute FROM :at::timestamptz)::integer)
      ON CONFLICT (hour) DO UPDATE SET minutes = u.minutes | excluded.minutes
      """;

  private static final String UP =
      """
      SELECT coalesce(sum(bit_count(minutes::bit(64))), 0) AS up
      FROM uptime_hour WHERE hour >= :from AND hour < :to
      """;

  private static final String FIRST = "SELECT min(hour) AS first FROM uptime_hour";

  private UptimeRows() {}

  static void note(Handle handle, Instant at) {
    handle.createUpdate(NOTE).bind("at", at).execute();
  }

  /** How many minutes of the hours that begin in a time. */
  static long minutesUp(Handle handle, Instant from, Instant to) {
    return handle
        .createQuery(UP)
        .bind("from", from)
        .bind("to", to)
        .map(ResultRow.to(row -> row.number("up")))
        .one();
  }

  /** The first hour of all; empty before it. */
  static Optional<Instant> first(Handle handle) {
    return handle
        .createQuery(FIRST)
        .map(ResultRow.to(row -> Optional.ofNullable(row.timeOrNull("first"))))
        .one();
  }
}
