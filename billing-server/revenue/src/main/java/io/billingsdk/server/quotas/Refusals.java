package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Calls that instances refused, by key and reason. Thread-safe. */
final class Refusals {
  /** A count only grows: one that comes late or twice changes nothing. */
  private static final String COUNT =
      """
      INSERT INTO quota_refusal AS r (key_id, reason, instance, stream, count)
      SELECT :key, :reason, :instance, :stream, :count
      WHERE EXISTS (SELECT FROM api_key WHERE key_id = :key)
      ON CONFLICT (key_id, reason, instance, stream) DO UPDATE SET count = excluded.count,
        count_before = r.count, said_at = now()
      WHERE excluded.count > r.count
      RETURNING count - count_before AS more
      """;

  private static final String ADD =
      """
      INSERT INTO quota_refusal_time AS t (key_id, reason, at, count)
      VALUES (:key, :reason, date_bin('15 minutes', now(), '2000-01-01T00:00:00Z'), :more)
      ON CONFLICT (key_id, reason, at) DO UPDATE SET count = t.count + excluded.count
      """;

  private static final String OF_KEY =
      """
      SELECT reason, sum(count)::bigint AS count FROM quota_refusal WHERE key_id = :key
      GROUP BY reason ORDER BY reason
      """;

  private final Database database;

  Refusals(Database database) {
    this.database = database;
  }

  void count(String instance, UUID stream, List<RefusalCount> counts) {
    if (counts.isEmpty()) {
      return;
    }
    database.useTransaction(
        handle -> {
          // In one order: two servers may have requests of one instance.
          Map<String, RefusalCount> sorted = new TreeMap<>();
          counts.forEach(each -> sorted.put(each.keyId() + " " + each.reason(), each));
          sorted.values().forEach(each -> count(handle, instance, stream, each));
        });
  }

  private static void count(Handle handle, String instance, UUID stream, RefusalCount said) {
    handle
        .createQuery(COUNT)
        .bind("key", said.keyId())
        .bind("reason", said.reason())
        .bind("instance", instance)
        .bind("stream", stream)
        .bind("count", said.count())
        .map(ResultRow.to(row -> row.number("more")))
        .findFirst()
        .filter(more -> more > 0)
        .ifPresent(more -> add(handle, said, more));
  }

  private static void add(Handle handle, RefusalCount said, long more) {
    handle
        .createUpdate(ADD)
        .bind("key", said.keyId())
        .bind("reason", said.reason())
        .bind("more", more)
        .execute();
  }

  /** By reason, of all instances. */
  static Map<String, Long> ofKey(Handle handle, String keyId) {
    return handle
        .createQuery(OF_KEY)
        .bind("key", keyId)
        .map(ResultRow.to(row -> Map.entry(row.text("reason"), row.number("count"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
