package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Calls that instances refused, by key and reason. Thread-safe. */
final class Refusals {
  /** A count only grows: one that comes late or twice changes nothing. */
  private static final String COUNT =
      """
      WITH old AS (
        SELECT count FROM quota_refusal WHERE key_id = :key AND reason = :reason
          AND instance = :instance AND stream = :stream FOR UPDATE
      ), raised AS (
        UPDATE quota_refusal r SET count = :count, said_at = now() FROM old
        WHERE r.key_id = :key AND r.reason = :reason AND r.instance = :instance
          AND r.stream = :stream AND :count > old.count
        RETURNING :count - old.count AS more
      )
      INSERT INTO quota_refusal_slot AS s (key_id, slot, reason, count)
      SELECT :key, :slot, :reason, more FROM raised
      ON CONFLICT (key_id, slot, reason) DO UPDATE SET count = s.count + excluded.count,
        changed_at = now()
      """;

  private static final String BEGIN =
      """
      INSERT INTO quota_refusal (key_id, reason, instance, stream, count)
      SELECT :key, :reason, :instance, :stream, 0
      WHERE EXISTS (SELECT FROM api_key WHERE key_id = :key)
      ON CONFLICT DO NOTHING
      """;

  private static final String OF_KEY =
      """
      SELECT reason, sum(count)::bigint AS count FROM quota_refusal WHERE key_id = :key
      GROUP BY reason ORDER BY reason
      """;

  /** Refusals of one such time are counted together; midnight of each zone begins one. */
  private static final Duration SLOT = Duration.ofMinutes(15);

  private final Database database;
  private final Clock clock;

  Refusals(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
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

  private void count(Handle handle, String instance, UUID stream, RefusalCount said) {
    bind(handle.createUpdate(BEGIN), instance, stream, said).execute();
    bind(handle.createUpdate(COUNT), instance, stream, said)
        .bind("count", said.count())
        .bind("slot", slot(clock.instant()))
        .execute();
  }

  private static Update bind(Update statement, String instance, UUID stream, RefusalCount said) {
    return statement
        .bind("key", said.keyId())
        .bind("reason", said.reason())
        .bind("instance", instance)
        .bind("stream", stream);
  }

  private static Instant slot(Instant moment) {
    return Instant.ofEpochSecond(
        Math.floorDiv(moment.getEpochSecond(), SLOT.toSeconds()) * SLOT.toSeconds());
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
