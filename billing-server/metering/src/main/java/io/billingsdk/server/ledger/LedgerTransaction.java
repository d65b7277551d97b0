package io.billingsdk.server.ledger;

import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction adds to the ledger. All its rows have one number, which stays open until the
 * transaction ends. For the thread of the transaction.
 */
public final class LedgerTransaction {
  private final Connection connection;
  private final long cutNo;
  private final List<AppendHook> hooks;

  LedgerTransaction(Connection connection, long cutNo, List<AppendHook> hooks) {
    this.connection = connection;
    this.cutNo = cutNo;
    this.hooks = hooks;
  }

  /** Whose transaction it is. */
  public Connection connection() {
    return connection;
  }

  /** The number that its rows have. */
  public long cutNo() {
    return cutNo;
  }

  /** What the ledger holds of these events: hashes of their contents. */
  public Map<EventId, byte[]> stored(Collection<EventId> asked) throws SQLException {
    return Identities.stored(connection, asked);
  }

  /**
   * Adds events whose identities are new, the rollups of those that count, and calls the hooks.
   *
   * @param rows of streams that are locked
   * @param shard of the rollups
   * @return what became of each, in their order
   * @throws SQLException with a unique violation when the ledger holds one of them already
   */
  public List<AppendOutcome> append(List<EventRow> rows, short shard) throws SQLException {
    // First those: a conflict leaves no identity here, or it would be a duplicate the next time.
    List<AppendOutcome> outcomes = IdempotencyKeys.of(connection, rows);
    List<EventRow> counted = with(AppendOutcome.Counted.class, rows, outcomes);
    List<EventRow> stored = new ArrayList<>(counted);
    stored.addAll(with(AppendOutcome.Repeat.class, rows, outcomes));
    Identities.add(connection, stored);
    LedgerCopy.add(connection, counted, cutNo);
    Rollups rollups = new Rollups();
    counted.forEach(rollups::add);
    rollups.save(connection, shard, cutNo);
    if (!hooks.isEmpty()) {
      call(counted.stream().map(each -> AppendedEvent.of(each, cutNo)).toList());
    }
    return outcomes;
  }

  /** Whether somebody takes in what is added. */
  boolean hasHooks() {
    return !hooks.isEmpty();
  }

  void call(List<AppendedEvent> added) throws SQLException {
    if (added.isEmpty()) {
      return;
    }
    try {
      for (AppendHook each : hooks) {
        each.appended(connection, added);
      }
    } catch (DatabaseException failed) {
      // The writers distinguish failures of the data from a database that is away.
      throw failed.failure();
    }
  }

  private static List<EventRow> with(
      Class<? extends AppendOutcome> outcome, List<EventRow> rows, List<AppendOutcome> outcomes) {
    List<EventRow> found = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (outcome.isInstance(outcomes.get(i))) {
        found.add(rows.get(i));
      }
    }
    return found;
  }

  /** What became of an event that was to be added to the ledger. */
  public sealed interface AppendOutcome {
    /** It is in the ledger, and in the rollups. */
    record Counted() implements AppendOutcome {}

    /** Its idempotency key belongs to an event that says the same: its identity alone is there. */
    record Repeat() implements AppendOutcome {}

    /**
     * Its idempotency key belongs to an event that says something else: nothing of it is there.
     *
     * @param said a hash of what it said
     * @param counted the event that has the key
     * @param countedStream the stream of that one
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and never changed.
    record KeyConflict(byte[] said, EventId counted, UUID countedStream) implements AppendOutcome {}
  }

  /** Where an event is in the ledger: the id of its stream, and its number there. */
  public record EventId(int streamId, long seq) {}

  /**
   * To whom an event is counted, by what it said of its key.
   *
   * @param app null when the key is not known
   * @param keyId null when the key is not known and was named by its hash
   * @param sha256 in hexadecimal; only of a key that is not known and was named by its hash
   */
  public record KeyOwner(@Nullable String app, @Nullable String keyId, @Nullable String sha256) {}
}
