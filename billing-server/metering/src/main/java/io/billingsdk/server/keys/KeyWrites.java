package io.billingsdk.server.keys;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.sql.Types;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The statements that change keys, each in the transaction of its caller. */
final class KeyWrites {
  private static final String NEXT_VERSION =
      "UPDATE key_table SET version = version + 1 RETURNING version";

  private static final String NEXT_VERSIONS =
      "UPDATE key_table SET version = version + :count RETURNING version";

  private static final String INSERT =
      """
      INSERT INTO api_key (key_id, sha256, app_id, version, legacy_key, models, expires_at,
        rate_per_second, rate_burst, quotas)
      SELECT :key, :sha256, app_id, :version, :sealed, :models, :expires, :perSecond, :burst,
        :quotas::jsonb
      FROM app WHERE app_id = :app ON CONFLICT DO NOTHING
      """;

  private static final String TERMS =
      """
      UPDATE api_key SET models = :models, expires_at = :expires, rate_per_second = :perSecond,
        rate_burst = :burst, quotas = :quotas::jsonb, version = :version
      WHERE key_id = :key
      """;

  /** By the rows of key_block. */
  private static final String BLOCKS =
      """
      UPDATE api_key AS k SET version = w.version,
        status = CASE WHEN b.reason IS NULL THEN 'ok' ELSE 'blocked' END, reason = b.reason,
        causes = coalesce(b.causes, '{}')
      FROM unnest(:keys, :versions) AS w (key_id, version)
      LEFT JOIN LATERAL (
        SELECT array_agg(cause ORDER BY array_position(:order, cause)) AS causes,
          (array_agg(reason ORDER BY array_position(:order, cause))
            FILTER (WHERE cause <> 'quota'))[1] AS reason
        FROM key_block WHERE key_id = w.key_id) AS b ON true
      WHERE k.key_id = w.key_id
      """;

  private static final String PLAN =
      """
      UPDATE app SET plan = CAST(:plan AS jsonb)
      WHERE app_id = :app AND plan IS DISTINCT FROM CAST(:plan AS jsonb)
      """;

  private static final String IS_PLAN =
      """
      SELECT plan IS NOT DISTINCT FROM CAST(:plan AS jsonb) AS same FROM app WHERE app_id = :app
      """;

  private static final String LOWER =
      """
      UPDATE api_key SET version = :version, lowered_per_second = :perSecond,
        lowered_burst = :burst, lowered_reason = :reason, lowered_until = :until
      WHERE key_id = :key
      """;

  private static final String SUCCESSOR =
      "UPDATE api_key SET successor = :successor WHERE key_id = :key";

  private static final String NOTE =
      """
      WITH noted AS (
        INSERT INTO key_change (version, key_id, what) VALUES (:version, :key, :what))
      SELECT pg_notify(:channel, '')
      """;

  private static final String NOTE_ALL =
      """
      WITH noted AS (
        INSERT INTO key_change (version, key_id, what)
        SELECT version, key_id, :what FROM unnest(:versions, :keys) AS w (version, key_id))
      SELECT pg_notify(:channel, '')
      """;

  private KeyWrites() {}

  /** The next version of the table: its taker is alone with the keys until it commits. */
  static long nextVersion(Handle handle) {
    return handle.createQuery(NEXT_VERSION).map(ResultRow.to(row -> row.number("version"))).one();
  }

  /** The next versions, one for each of so many keys, in their order. */
  static List<Long> nextVersions(Handle handle, int count) {
    long last =
        handle
            .createQuery(NEXT_VERSIONS)
            .bind("count", count)
            .map(ResultRow.to(row -> row.number("version")))
            .one();
    return LongStream.rangeClosed(last - count + 1, last).boxed().toList();
  }

  /** Waits until nobody else changes keys, and holds up others until the transaction ends. */
  static void lock(Handle handle) {
    var unused =
        handle.createQuery("SELECT version FROM key_table FOR UPDATE").mapTo(Long.class).one();
  }

  /** A key to be added. Its text is not shown. */
  record NewRow(String keyId, String apiKey, String appId, long version, KeyEntitlements terms) {
    @Override
    public String toString() {
      return "NewRow[" + keyId + "]";
    }
  }

  /**
   * Adds a key; false when there is no such app, or a key with this id or text already.
   *
   * @param sealed the key itself, encrypted, if the feed of protocol v1 is to carry it
   */
  static boolean insert(Handle handle, NewRow row, byte @Nullable [] sealed) {
    Update insert =
        handle
            .createUpdate(INSERT)
            .bind("key", row.keyId())
            .bind("sha256", HexFormat.of().parseHex(KeyRef.sha256(row.apiKey())))
            .bind("version", row.version())
            .bind("sealed", sealed)
            .bind("app", row.appId());
    return bindTerms(insert, row.terms()).execute() == 1;
  }

  /** Sets what a key may be used for. */
  static void updateTerms(Handle handle, String keyId, long version, KeyEntitlements terms) {
    Update update = handle.createUpdate(TERMS).bind("key", keyId).bind("version", version);
    bindTerms(update, terms).execute();
  }

  private static Update bindTerms(Update statement, KeyEntitlements terms) {
    Rate rate = terms.rate();
    return statement
        .bind("models", SqlArrays.texts(terms.models()))
        .bind("expires", terms.expires())
        .bindBySqlType("perSecond", rate == null ? null : rate.perSecond(), Types.NUMERIC)
        .bindBySqlType("burst", rate == null ? null : rate.burst(), Types.BIGINT)
        .bind("quotas", KeyQuotas.json(terms.quotas()));
  }

  /**
   * Changes the status of a key.
   *
   * @param assignment a constant that sets the status, and {@code reason} to {@code :reason}
   */
  static void updateStatus(
      Handle handle, String keyId, long version, String assignment, @Nullable String reason) {
    handle
        .createUpdate(
            "UPDATE api_key SET version = :version, " + assignment + " WHERE key_id = :key")
        .bind("version", version)
        .bind("reason", reason)
        .bind("key", keyId)
        .execute();
  }

  /**
   * Keeps what blocks keys with the keys, which are at these versions from now on: their status and
   * reason follow from it.
   */
  static void updateBlocks(Handle handle, List<String> keys, List<Long> versions) {
    handle
        .createUpdate(BLOCKS)
        .bind("keys", SqlArrays.texts(keys))
        .bind("versions", SqlArrays.numbers(versions))
        .bind(
            "order",
            SqlArrays.texts(Arrays.stream(BlockCause.values()).map(BlockCause::text).toList()))
        .execute();
  }

  /** Keeps what a plan allows the keys of an app; false when it is so already. */
  static boolean updatePlan(Handle handle, String appId, @Nullable PlanTerms plan) {
    return handle.createUpdate(PLAN).bind("plan", PlanJson.of(plan)).bind("app", appId).execute()
        == 1;
  }

  /** Whether a plan allows the keys of an app this already; without a lock. */
  static boolean isPlan(Handle handle, String appId, @Nullable PlanTerms plan) {
    return handle
        .createQuery(IS_PLAN)
        .bind("plan", PlanJson.of(plan))
        .bind("app", appId)
        .map(ResultRow.to(row -> row.flag("same")))
        .one();
  }

  static @Nullable PlanTerms plan(Handle handle, String appId) {
    return handle
        .createQuery("SELECT plan FROM app WHERE app_id = :app")
        .bind("app", appId)
        .map(ResultRow.to(row -> Optional.ofNullable(PlanJson.read(row.textOrNull("plan")))))
        .one()
        .orElse(null);
  }

  /** Lowers the rate of a key; null takes that back. */
  static void lowerRate(Handle handle, String keyId, long version, @Nullable LoweredRate lowered) {
    Rate rate = lowered == null ? null : lowered.rate();
    handle
        .createUpdate(LOWER)
        .bind("version", version)
        .bind("key", keyId)
        .bindBySqlType("perSecond", rate == null ? null : rate.perSecond(), Types.NUMERIC)
        .bindBySqlType("burst", rate == null ? null : rate.burst(), Types.BIGINT)
        .bind("reason", lowered == null ? null : lowered.reason())
        .bind("until", lowered == null ? null : lowered.until())
        .execute();
  }

  /** Notes which key was made for one by its rotation. */
  static void setSuccessor(Handle handle, String keyId, String successor) {
    handle.createUpdate(SUCCESSOR).bind("successor", successor).bind("key", keyId).execute();
  }

  /** Notes a change, and tells the feeds of it once the transaction has committed. */
  static void note(Handle handle, long version, String keyId, String what) {
    handle
        .createUpdate(NOTE)
        .bind("version", version)
        .bind("key", keyId)
        .bind("what", what)
        .bind("channel", KeyVersions.CHANNEL)
        .execute();
  }

  /** The same of several keys. */
  static void note(Handle handle, List<Long> versions, List<String> keys, String what) {
    handle
        .createUpdate(NOTE_ALL)
        .bind("versions", SqlArrays.numbers(versions))
        .bind("keys", SqlArrays.texts(keys))
        .bind("what", what)
        .bind("channel", KeyVersions.CHANNEL)
        .execute();
  }
}
