package io.billingsdk.server.ledger;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes rejected events in again, as they were kept or with another event in their place, under the
 * identity that they had: what their instance sends again is then a repeat.
 *
 * <p>Guarantees that an event that is stored is marked as replayed and in the audit log, all in one
 * transaction; one that is rejected again leaves nothing behind. Thread-safe.
 */
public final class RejectedEventReplay {
  private static final String MARK =
      "INSERT INTO replay (rejected_id, outcome, amended, actor, offset_ms) VALUES (:rejected,"
          + " :outcome, :amended, :actor, :offset) ON CONFLICT DO NOTHING";

  private final Database database;
  private final Actor actor;
  private final ReplayStorage storage;

  /**
   * In a database.
   *
   * @param actor who replays
   * @param storage where events go
   */
  public RejectedEventReplay(Database database, Actor actor, ReplayStorage storage) {
    this.database = database;
    this.actor = actor;
    this.storage = storage;
  }

  /** Puts an event through what every event goes through on its way into the ledger. */
  @FunctionalInterface
  public interface ReplayStorage {
    /**
     * Stores it, if it can be.
     *
     * @param connection whose transaction is the caller's
     * @param rejected under whose identity it goes in
     * @param amended makes the event that is to be stored; null: the one that was kept
     */
    ReplayOutcome store(
        Connection connection,
        RejectedEvent rejected,
        @Nullable LongFunction<ReceivedEvent> amended)
        throws SQLException;
  }

  /** What became of it. */
  public sealed interface ReplayOutcome {}

  /**
   * It is in the ledger now.
   *
   * @param event as the ledger has it
   */
  public record Stored(StoredEvent event) implements ReplayOutcome {}

  /** It was in the ledger, or another with its app and idempotency key. */
  public record Duplicate() implements ReplayOutcome {}

  /**
   * It is still refused, and stays as it was.
   *
   * @param code why, for machines
   * @param detail the same in words; quotes no content
   */
  public record StillRejected(String code, String detail) implements ReplayOutcome {}

  /**
   * The kept content is not enough of an event.
   *
   * @param why in words
   */
  public record NotReplayable(String why) implements ReplayOutcome {}

  /**
   * Replays a rejected event. Done twice, the second time finds a duplicate.
   *
   * @param id of the rejected event
   * @param amended makes the event that is to be stored in its place; null for none
   */
  public ReplayOutcome replay(long id, @Nullable LongFunction<ReceivedEvent> amended) {
    return database.inTransaction(
        (handle, connection) -> {
          RejectedEvent rejected =
              RefusedRows.one(handle, id)
                  .orElseThrow(
                      () ->
                          RequestRefusedException.notFound(
                              "id", "there is no rejected event " + id));
          ReplayOutcome outcome = storage.store(connection, rejected, amended);
          if (outcome instanceof Stored) {
            mark(handle, actor, rejected, "stored", amended != null, 0);
          } else if (outcome instanceof Duplicate) {
            mark(handle, actor, rejected, "duplicate", amended != null, 0);
          }
          return outcome;
        });
  }

  /** Marks one as replayed, and notes it in the audit log. */
  static void mark(
      Handle handle,
      Actor actor,
      RejectedEvent rejected,
      String outcome,
      boolean amended,
      long offsetMillis) {
    handle
        .createUpdate(MARK)
        .bind("rejected", rejected.id())
        .bind("outcome", outcome)
        .bind("amended", amended)
        .bind("actor", actor.name())
        .bind("offset", offsetMillis)
        .execute();
    Map<String, Object> after = new LinkedHashMap<>();
    after.put("outcome", outcome);
    after.put("amended", amended);
    if (offsetMillis != 0) {
      after.put("offsetMillis", offsetMillis);
    }
    AuditLog.write(
        handle,
        actor,
        "rejected.replay",
        Long.toString(rejected.id()),
        Map.of("code", rejected.code()),
        after);
  }
}
