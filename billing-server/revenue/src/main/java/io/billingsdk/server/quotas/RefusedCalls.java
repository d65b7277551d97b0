package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many calls of apps were refused, by the time at which services have said so. Thread-safe. */
public final class RefusedCalls {
  private static final String SUMS =
      """
      SELECT t.reason, sum(t.count)::bigint AS count
      FROM unnest(:apps, :froms, :tos) AS span (app_id, first, beyond)
        JOIN api_key k ON k.app_id = span.app_id
        JOIN quota_refusal_slot t ON t.key_id = k.key_id
          AND t.slot >= span.first AND t.slot < span.beyond
      GROUP BY t.reason
      """;

  private final Database database;

  /** In a database. */
  public RefusedCalls(Database database) {
    this.database = database;
  }

  /**
   * An app and a time.
   *
   * @param to the end, exclusive
   */
  public record AppTime(String app, Instant from, Instant to) {}

  /** By reason, to the quarter of an hour. */
  public Map<String, Long> byReason(List<AppTime> times) {
    return database.read(
        handle ->
            new TreeMap<>(
                handle
                    .createQuery(SUMS)
                    .bind("apps", SqlArrays.texts(times.stream().map(AppTime::app).toList()))
                    .bind("froms", SqlArrays.times(times.stream().map(AppTime::from).toList()))
                    .bind("tos", SqlArrays.times(times.stream().map(AppTime::to).toList()))
                    .map(ResultRow.to(row -> Map.entry(row.text("reason"), row.number("count"))))
                    .collectToMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
