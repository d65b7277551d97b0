package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The keys by the versions of their table: what the feeds of both protocols read, to tell services
 * of keys and of their changes. Each change raises the version by one. Thread-safe.
 */
public final class KeyVersions {
  /** The channel of notifications that says that a key has changed. */
  public static final String CHANNEL = "billing_keys";

  /** More changes than there can have been since the backup. */
  private static final long AHEAD = 1_000_000;

  private static final String RAISE_TABLE =
      """
      UPDATE key_table t SET version = version + j.jump
      FROM (SELECT version - coalesce((SELECT min(version) FROM api_key), version) + :ahead AS jump
        FROM key_table) AS j
      RETURNING j.jump, t.version
      """;

  private static final String RAISE_KEYS = "UPDATE api_key SET version = version + :jump";

  private final Database database;
  private final Actor actor;

  /** In a database. */
  public KeyVersions(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** The version of the table: no change after it is seen by this query. */
  public static long current(Handle handle) {
    return KeyRows.version(handle);
  }

  /** The keys that changed after a version, in the order of their changes; all of them after 0. */
  public static List<StoredKey> since(Handle handle, long version) {
    return KeyRows.since(handle, version);
  }

  /** The ids of the keys that changed after a version. */
  public static List<String> changedSince(Handle handle, long version) {
    return KeyRows.changedSince(handle, version);
  }

  /** Keys by their ids, removed ones included; an id without a key is left out. */
  public static List<StoredKey> named(Handle handle, Collection<String> keyIds) {
    return KeyRows.named(handle, keyIds);
  }

  /** The keys of apps, removed ones included, in the order of their ids. */
  public static List<StoredKey> ofApps(Handle handle, Collection<String> apps) {
    return KeyRows.ofApps(handle, apps);
  }

  /** Keys whose {@linkplain LoweredRate lowered rate} has ended by itself; 500 at most. */
  public static List<String> loweredUntil(Handle handle, Instant now) {
    return KeyRows.loweredUntil(handle, now);
  }

  /** The keys that the feed of protocol v1 carries, in the order of their ids. */
  public static List<LegacyKey> legacy(Handle handle) {
    return KeyRows.legacy(handle);
  }

  /** A key that the feed of protocol v1 carries, still encrypted. */
  public static final class LegacyKey {
    private final String keyId;
    private final String app;
    private final byte[] sealed;
    private final boolean valid;
    private final @Nullable String reason;

    LegacyKey(ResultRow row) {
      this.keyId = row.text("key_id");
      this.app = row.text("app_id");
      this.sealed = row.bytes("legacy_key");
      this.valid = row.flag("valid");
      this.reason = row.textOrNull("reason");
    }

    /** Names it wherever the key itself must not be shown. */
    public String keyId() {
      return keyId;
    }

    /** The app that it belongs to. */
    public String app() {
      return app;
    }

    /** The key itself; empty when it was encrypted with another secret. */
    public Optional<String> open(KeyVault vault) {
      return vault.open(keyId, sealed);
    }

    /** Whether calls with it are good. */
    public boolean isValid() {
      return valid;
    }

    /** Why they are not, if somebody has said so. */
    public @Nullable String reason() {
      return reason;
    }
  }

  /**
   * For a database that was restored: gives all keys versions beyond all that were ever sent, since
   * a service does not believe a table that goes back; returns that of the table.
   */
  public long raise() {
    return database.inTransaction(
        handle -> {
          Raised raised =
              handle
                  .createQuery(RAISE_TABLE)
                  .bind("ahead", AHEAD)
                  .map(ResultRow.to(row -> new Raised(row.number("jump"), row.number("version"))))
                  .one();
          handle.createUpdate(RAISE_KEYS).bind("jump", raised.jump()).execute();
          AuditLog.write(
              handle, actor, "keys.republish", "all", null, Map.of("version", raised.version()));
          return raised.version();
        });
  }

  private record Raised(long jump, long version) {}
}
