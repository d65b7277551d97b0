package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Finds the app of events that came with a key that was not known then. The ledger stays as it is:
 * what an event is attributed to is a row of its own, once for each event, and the rollups follow
 * in the same transaction. Thread-safe.
 */
public final class Attributions {
  /**
   * Of the rollups, that of no collector, to which goes all that people change: what is moved to an
   * app is an addition here and a subtraction there.
   */
  public static final short SHARD = -1;

  /** Two at once could else claim an idempotency key for an event that goes to the other's app. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('billing.attribution'))";

  private final Database database;
  private final Actor actor;
  private final LedgerAppender appender;

  /**
   * In a database.
   *
   * @param actor who attributes
   * @param appender the way into the ledger
   */
  public Attributions(Database database, Actor actor, LedgerAppender appender) {
    this.database = database;
    this.actor = actor;
    this.appender = appender;
  }

  /**
   * Events that belong to no app, by what they said of their key.
   *
   * @param keyId its id, if they named it
   * @param sha256 its SHA-256 in hexadecimal, if they named that
   */
  public record Unknown(
      @Nullable String keyId,
      @Nullable String sha256,
      long events,
      BigDecimal usage,
      Instant first,
      Instant last) {}

  /**
   * Which events are meant: those that named their key by this id, or by this hash.
   *
   * @param keyId null for none
   * @param sha256 in hexadecimal; null for none
   */
  public record Named(@Nullable String keyId, @Nullable String sha256) {}

  /**
   * What was done.
   *
   * @param attributed events that belong to the app from now on
   * @param repeats events left as they are: the app has counted another with their idempotency key
   * @param conflicts the same, but they say something else than the one that is counted
   */
  public record Result(long attributed, long repeats, long conflicts) {}

  /** What waits to be attributed, the oldest first. */
  public List<Unknown> unknown() {
    return database.read(UnknownKeyRows::oldestFirst);
  }

  /**
   * The same in the order of what they named.
   *
   * @param after what those named that they follow; null for the first
   * @param most so many at most
   */
  public List<Unknown> unknownAfter(@Nullable Named after, int most) {
    return database.read(handle -> UnknownKeyRows.after(handle, after, most));
  }

  /**
   * Attributes all events that are meant and belong to no app. An event is attributed once and for
   * good: repeated, or run twice at once, this finds nothing more to do.
   *
   * @param knownKey the key that they are counted under; null for the one that they named
   * @param reason the operator's, 1 to 256 characters
   */
  public Result toApp(Named which, String appId, @Nullable String knownKey, String reason) {
    Reasons.require(reason);
    return database.inTransaction(
        (handle, connection) -> {
          KnownApp.require(handle, appId);
          handle.execute(LOCK);
          LedgerTransaction ledger = appender.begin(connection);
          Result result = attribute(handle, ledger, which, appId, knownKey, reason);
          AuditLog.write(
              handle, actor, "usage.attribute", appId, null, said(which, reason, result));
          return result;
        });
  }

  private static Map<String, @Nullable Object> said(Named which, String reason, Result result) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("keyId", which.keyId());
    said.put("sha256", which.sha256());
    said.put("reason", reason);
    said.put("attributed", result.attributed());
    said.put("repeats", result.repeats());
    said.put("conflicts", result.conflicts());
    return said;
  }

  /** As {@link #toApp} with the app of a key: events that named it before it was known. */
  public Result toKey(String keyId, String reason) {
    UnknownKeyRows.AppOfKey owner =
        database
            .read(handle -> UnknownKeyRows.owner(handle, keyId))
            .orElseThrow(
                () -> RequestRefusedException.notFound("keyId", "there is no key " + keyId));
    return toApp(new Named(keyId, owner.sha256()), owner.app(), keyId, reason);
  }

  private static Result attribute(
      Handle handle,
      LedgerTransaction ledger,
      Named which,
      String app,
      @Nullable String known,
      String reason)
      throws SQLException {
    AttributionRows.AttributedCounts counts =
        AttributionRows.add(ledger, which, app, known, reason);
    long left = counts.found() - counts.attributed();
    long conflicts = left == 0 ? 0 : UnknownKeyRows.conflicts(handle, which, app, known);
    return new Result(counts.attributed(), left - conflicts, conflicts);
  }
}
