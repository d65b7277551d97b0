package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Attributions.Unknown;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Queries of events whose key is not known, and of the key that they named. */
final class UnknownKeyRows {
  private static final String UNKNOWN =
      """
      SELECT key_id, key_sha256, count(*) AS events, sum(usage) AS usage,
        min(occurred_at) AS first, max(occurred_at) AS last
      FROM usage_event_attributed
      """;

  private static final String OLDEST_FIRST =
      """
      WHERE app_id IS NULL
      GROUP BY key_id, key_sha256 ORDER BY min(occurred_at), key_id, key_sha256
      """;

  private static final String BY_NAME =
      """
      WHERE app_id IS NULL
        AND ('=' || coalesce(key_id, ''), coalesce(encode(key_sha256, 'hex'), ''))
          > (:afterKey, :afterSha256)
      GROUP BY key_id, key_sha256
      ORDER BY '=' || coalesce(key_id, ''), coalesce(encode(key_sha256, 'hex'), '') LIMIT :most
      """;

  /** Those that stay as they were, though they say something else than what has their key. */
  private static final String CONFLICTS =
      """
      SELECT count(*) AS conflicts FROM usage_event e
      JOIN idempotency i ON i.app_id = :app AND i.idempotency_key = e.idempotency_key
      WHERE e.app_id IS NULL AND (e.key_id = :named OR e.key_sha256 = :sha256)
        AND i.content <> usage_content(
          coalesce(:known, e.key_id, encode(e.key_sha256, 'hex')), module, model, usage, metadata,
          quantities, subject, session, execution)
        AND NOT EXISTS (
          SELECT FROM attribution a WHERE a.stream_id = e.stream_id AND a.seq = e.seq)
      """;

  private static final String OWNER = "SELECT app_id, sha256 FROM api_key WHERE key_id = :key";

  private UnknownKeyRows() {}

  static List<Unknown> oldestFirst(Handle handle) {
    return read(handle.createQuery(UNKNOWN + OLDEST_FIRST));
  }

  /** Those that follow, in the order of what they named. */
  static List<Unknown> after(Handle handle, @Nullable Named after, int most) {
    String keyId = after == null ? "" : "=" + Objects.requireNonNullElse(after.keyId(), "");
    String sha256 = after == null ? "" : Objects.requireNonNullElse(after.sha256(), "");
    return read(
        handle
            .createQuery(UNKNOWN + BY_NAME)
            .bind("afterKey", keyId)
            .bind("afterSha256", sha256)
            .bind("most", most));
  }

  /** How many events stay as they were, and contradict what is counted with their key. */
  static long conflicts(Handle handle, Named which, String app, @Nullable String known) {
    String sha256 = which.sha256();
    return handle
        .createQuery(CONFLICTS)
        .bind("app", app)
        .bind("named", which.keyId())
        .bind("sha256", sha256 == null ? null : HexFormat.of().parseHex(sha256))
        .bind("known", known)
        .map(ResultRow.to(row -> row.number("conflicts")))
        .one();
  }

  /** Whose a key is, and its SHA-256 in hexadecimal. */
  record AppOfKey(String app, String sha256) {}

  static Optional<AppOfKey> owner(Handle handle, String keyId) {
    return handle
        .createQuery(OWNER)
        .bind("key", keyId)
        .map(
            ResultRow.to(
                row ->
                    new AppOfKey(
                        row.text("app_id"), HexFormat.of().formatHex(row.bytes("sha256")))))
        .findFirst();
  }

  private static List<Unknown> read(Query query) {
    return query.map(ResultRow.to(UnknownKeyRows::unknown)).list();
  }

  private static Unknown unknown(ResultRow row) {
    byte[] sha256 = row.bytesOrNull("key_sha256");
    return new Unknown(
        row.textOrNull("key_id"),
        sha256 == null ? null : HexFormat.of().formatHex(sha256),
        row.number("events"),
        row.decimal("usage"),
        row.time("first"),
        row.time("last"));
  }
}
