package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What blocks keys. In the transaction of the caller, which is alone with the keys; only {@link
 * KeyAdmin} changes them, so that each change is published and written down.
 */
public final class KeyBlocks {
  private static final String STAND =
      """
      INSERT INTO key_block AS b (key_id, cause, reason, actor, until)
      SELECT key_id, :cause, :reason, :actor, :until FROM unnest(:keys) AS k (key_id) ORDER BY 1
      ON CONFLICT (key_id, cause) DO UPDATE SET reason = excluded.reason, actor = excluded.actor,
        until = excluded.until
      """;

  private static final String LIFT =
      "DELETE FROM key_block WHERE key_id = ANY (:keys) AND cause = :cause";

  private static final String OF_KEYS =
      """
      SELECT key_id, cause, reason, actor, since, until FROM key_block WHERE key_id = ANY (:keys)
      """;

  private static final String STANDING =
      """
      SELECT b.key_id, b.cause, b.reason, b.actor, b.since, b.until
      FROM key_block AS b JOIN api_key AS k USING (key_id)
      WHERE b.cause = :cause AND k.status <> 'removed' ORDER BY b.key_id
      """;

  private static final String ENDED =
      // A removed key has nothing to lift, and would stop the others at each run.
      "SELECT b.key_id FROM key_block AS b JOIN api_key AS k USING (key_id)"
          + " WHERE b.cause = :cause AND b.until <= :now AND k.status <> 'removed'"
          + " ORDER BY b.key_id LIMIT 500";

  private KeyBlocks() {}

  /**
   * One cause that stands.
   *
   * @param actor who has blocked the key
   * @param until when it ends by itself; null when somebody has to lift it
   */
  public record KeyBlock(
      String keyId,
      BlockCause cause,
      String reason,
      String actor,
      Instant since,
      @Nullable Instant until) {}

  /** What blocks these keys, by their ids, each in the order of {@link BlockCause}. */
  public static Map<String, List<KeyBlock>> of(Handle handle, Collection<String> keyIds) {
    Map<String, List<KeyBlock>> found = new TreeMap<>();
    handle
        .createQuery(OF_KEYS)
        .bind("keys", SqlArrays.texts(keyIds))
        .map(ResultRow.to(KeyBlocks::block))
        .list()
        .forEach(each -> found.computeIfAbsent(each.keyId(), any -> new ArrayList<>()).add(each));
    found.values().forEach(each -> each.sort((a, b) -> a.cause().compareTo(b.cause())));
    return found;
  }

  /** The blocks of one cause, in the order of the ids of their keys. */
  public static List<KeyBlock> standing(Handle handle, BlockCause cause) {
    return handle
        .createQuery(STANDING)
        .bind("cause", cause.text())
        .map(ResultRow.to(KeyBlocks::block))
        .list();
  }

  /** Keys that a cause blocks whose time is over; 500 at most. */
  public static List<String> ended(Handle handle, BlockCause cause, Instant now) {
    return handle
        .createQuery(ENDED)
        .bind("cause", cause.text())
        .bind("now", now)
        .map(ResultRow.to(row -> row.text("key_id")))
        .list();
  }

  static void stand(
      Handle handle,
      String keyId,
      BlockCause cause,
      String reason,
      Actor actor,
      @Nullable Instant until) {
    stand(handle, List.of(keyId), cause, reason, actor, until);
  }

  /** The same of several keys. */
  static void stand(
      Handle handle,
      List<String> keys,
      BlockCause cause,
      String reason,
      Actor actor,
      @Nullable Instant until) {
    KeyAdmin.requireText("reason", reason, Bounds.REASON_CHARS);
    handle
        .createUpdate(STAND)
        .bind("keys", SqlArrays.texts(keys))
        .bind("cause", cause.text())
        .bind("reason", reason)
        .bind("actor", actor.name())
        .bind("until", until)
        .execute();
  }

  static void lift(Handle handle, String keyId, BlockCause cause) {
    lift(handle, List.of(keyId), cause);
  }

  /** The same of several keys. */
  static void lift(Handle handle, List<String> keys, BlockCause cause) {
    handle
        .createUpdate(LIFT)
        .bind("keys", SqlArrays.texts(keys))
        .bind("cause", cause.text())
        .execute();
  }

  private static KeyBlock block(ResultRow row) {
    return new KeyBlock(
        row.text("key_id"),
        BlockCause.of(row.text("cause")),
        row.text("reason"),
        row.text("actor"),
        row.time("since"),
        row.timeOrNull("until"));
  }
}
