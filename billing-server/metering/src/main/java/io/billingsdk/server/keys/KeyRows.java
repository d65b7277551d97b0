package io.billingsdk.server.keys;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.KeyVersions.LegacyKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Keys as the feed tells of them, out of their rows. {@link KeyWrites} changes them. */
final class KeyRows {
  private static final String SELECT =
      "SELECT key_id, sha256, app_id, status, reason, version, expires_at, models,"
          + " rate_per_second, rate_burst, quotas, causes,"
          + " lowered_per_second, lowered_burst, lowered_reason, lowered_until,"
          + " (SELECT a.plan FROM app a WHERE a.app_id = api_key.app_id) AS plan"
          + " FROM api_key WHERE ";

  private static final String SUCCESSORS =
      "SELECT key_id, successor FROM api_key WHERE successor IS NOT NULL";

  private static final String LEGACY =
      """
      SELECT k.key_id, k.app_id, k.legacy_key, coalesce(k.reason, b.reason) AS reason,
        k.status = 'ok' AND b.key_id IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
          AS valid
      FROM api_key k LEFT JOIN key_block b ON b.key_id = k.key_id AND b.cause = 'quota'
        AND (b.until IS NULL OR b.until > now())
      WHERE k.legacy_key IS NOT NULL ORDER BY k.key_id
      """;

  private KeyRows() {}

  /** Those that changed after a version, in the order of their changes. */
  static List<StoredKey> since(Handle handle, long version) {
    return read(
        handle
            .createQuery(SELECT + "version > :version ORDER BY version")
            .bind("version", version));
  }

  static List<String> changedSince(Handle handle, long version) {
    return handle
        .createQuery("SELECT key_id FROM api_key WHERE version > :version")
        .bind("version", version)
        .mapTo(String.class)
        .list();
  }

  /** Those of an app that follow an id, in the order of their ids. */
  static List<StoredKey> ofApp(Handle handle, String appId, String after, int most) {
    return read(
        handle
            .createQuery(SELECT + "app_id = :app AND key_id > :after ORDER BY key_id LIMIT :most")
            .bind("app", appId)
            .bind("after", after)
            .bind("most", most));
  }

  static List<StoredKey> ofApps(Handle handle, Collection<String> apps) {
    return read(
        handle
            .createQuery(SELECT + "app_id = ANY (:apps) ORDER BY key_id")
            .bind("apps", SqlArrays.texts(apps)));
  }

  static List<StoredKey> named(Handle handle, Collection<String> keyIds) {
    return read(
        handle
            .createQuery(SELECT + "key_id = ANY (:keys) ORDER BY key_id")
            .bind("keys", SqlArrays.texts(keyIds)));
  }

  static Optional<StoredKey> one(Handle handle, String keyId) {
    return read(handle.createQuery(SELECT + "key_id = :key").bind("key", keyId)).stream()
        .findFirst();
  }

  static Map<String, String> successors(Handle handle) {
    return handle
        .createQuery(SUCCESSORS)
        .map(ResultRow.to(row -> Map.entry(row.text("key_id"), row.text("successor"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /** Keys whose lowered rate has ended; 500 at most. */
  static List<String> loweredUntil(Handle handle, Instant now) {
    return handle
        .createQuery(
            "SELECT key_id FROM api_key WHERE lowered_until <= :now AND status <> 'removed'"
                + " ORDER BY key_id LIMIT 500")
        .bind("now", now)
        .mapTo(String.class)
        .list();
  }

  /** Whether the feed of protocol v1 carries it. */
  static boolean isLegacy(Handle handle, String keyId) {
    return handle
        .createQuery("SELECT 1 FROM api_key WHERE key_id = :key AND legacy_key IS NOT NULL")
        .bind("key", keyId)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Those that the feed of protocol v1 carries, in the order of their ids. */
  static List<LegacyKey> legacy(Handle handle) {
    return handle.createQuery(LEGACY).map(ResultRow.to(LegacyKey::new)).list();
  }

  /** The version of the table: no change after it is seen by this query. */
  static long version(Handle handle) {
    return handle
        .createQuery("SELECT version FROM key_table")
        .map(ResultRow.to(row -> row.number("version")))
        .one();
  }

  private static List<StoredKey> read(Query query) {
    return query.map(ResultRow.to(KeyRows::key)).list();
  }

  private static StoredKey key(ResultRow row) {
    Instant expires = row.timeOrNull("expires_at");
    return new StoredKey(
        row.text("key_id"),
        HexFormat.of().formatHex(row.bytes("sha256")),
        row.text("app_id"),
        status(row.text("status")),
        row.textOrNull("reason"),
        row.number("version"),
        expires == null ? null : expires.toEpochMilli(),
        row.texts("models"),
        rate(row),
        KeyQuotas.of(row.text("quotas")),
        row.texts("causes").stream().map(BlockCause::of).toList(),
        PlanJson.read(row.textOrNull("plan")),
        lowered(row));
  }

  private static KeyStatus status(String text) {
    return switch (text) {
      case "ok" -> KeyStatus.OK;
      case "removed" -> KeyStatus.REMOVED;
      default -> KeyStatus.BLOCKED;
    };
  }

  private static @Nullable LoweredRate lowered(ResultRow row) {
    return row.isNull("lowered_per_second")
        ? null
        : new LoweredRate(
            new Rate(row.decimal("lowered_per_second"), row.number("lowered_burst")),
            row.text("lowered_reason"),
            row.timeOrNull("lowered_until"));
  }

  private static @Nullable Rate rate(ResultRow row) {
    return row.isNull("rate_per_second")
        ? null
        : new Rate(row.decimal("rate_per_second"), row.number("rate_burst"));
  }
}
