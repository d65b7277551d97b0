package io.billingsdk.server.quotas;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Shows how quotas stand, extends them, and ends leases that nobody will end. Thread-safe. */
final class QuotaAdmin {
  private static final int REASON_CHARS = 256;

  private static final String GRANT =
      """
      INSERT INTO quota_grant (quota_id, amount, valid_from, valid_until, reason, actor)
      VALUES (:quota, :amount, :from, :until, :reason, :actor) RETURNING grant_no
      """;

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;
  private final Actor actor;

  /** In a database; {@code actor} is who changes something. */
  public QuotaAdmin(Database database, QuotaSource source, Clock clock, Actor actor) {
    this.database = database;
    this.source = source;
    this.clock = clock;
    this.actor = actor;
  }

  /** The quotas of a customer and of its keys. */
  public List<QuotaState> ofCustomer(String customer) {
    return database.read(handle -> states(handle, source.ofCustomer(handle, customer)));
  }

  /** All quotas that usage of a key counts to. */
  public List<QuotaState> ofKey(String key) {
    return database.read(
        handle ->
            states(
                handle,
                source.ofKeys(handle, List.of(key)).getOrDefault(key, KeyTerms.NONE).rules()));
  }

  /** How many calls of a key the instances refused, by reason. */
  public Map<String, Long> refusals(String key) {
    Map<String, Long> counts = database.read(handle -> Refusals.ofKey(handle, key));
    return new TreeMap<>(counts);
  }

  private List<QuotaState> states(Handle handle, List<QuotaRule> rules) {
    return QuotaState.read(handle, rules, clock.instant());
  }

  /**
   * Adds to a quota until a moment.
   *
   * @param amount above 0
   * @param until in the future
   * @return the number of the grant
   */
  public long grant(String quota, BigDecimal amount, Instant until, String reason) {
    requireReason(reason);
    if (amount.signum() <= 0 || !Bounds.isQuantity(amount)) {
      throw RequestRefusedException.invalid(
          "amount", "a number above 0 and at most 2^53, with at most 18 decimals");
    }
    Instant now = clock.instant();
    if (!until.isAfter(now)) {
      throw RequestRefusedException.invalid("until", "a time in the future");
    }
    return database.inTransaction(
        handle -> {
          require(handle, quota);
          AuditLog.write(
              handle,
              actor,
              "quota.grant",
              quota,
              null,
              Map.of(
                  "amount", amount.toPlainString(), "until", until.toString(), "reason", reason));
          return handle
              .createQuery(GRANT)
              .bind("quota", quota)
              .bind("amount", amount)
              .bind("from", now)
              .bind("until", until)
              .bind("reason", reason)
              .bind("actor", actor.name())
              .map(ResultRow.to(row -> row.number("grant_no")))
              .one();
        });
  }

  /**
   * Ends the leases of a quota whose holders have not been heard of since they ended. What of them
   * comes later is more than the quota, and is charged.
   *
   * @param instance whose; null for all
   * @return how many were ended
   */
  public int release(String quota, @Nullable String instance, String reason) {
    requireReason(reason);
    return database.inTransaction(
        handle -> {
          require(handle, quota);
          int released = new Releases(database, clock).release(handle, quota, instance);
          AuditLog.write(
              handle,
              actor,
              "quota.release",
              quota,
              null,
              Map.of(
                  "leases",
                  released,
                  "instance",
                  instance == null ? "all" : instance,
                  "reason",
                  reason));
          return released;
        });
  }

  private QuotaRule require(Handle handle, String quota) {
    return source
        .byId(handle, quota)
        .orElseThrow(() -> RequestRefusedException.notFound("quota", "there is no quota " + quota));
  }

  private static void requireReason(String reason) {
    if (reason.isBlank() || reason.length() > REASON_CHARS) {
      throw RequestRefusedException.invalid(
          "reason", "a text of 1 to " + REASON_CHARS + " characters");
    }
  }
}
