package io.billingsdk.server.ingest;

import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.ledger.StreamRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Stores a batch in one transaction: the events that are new, the rollups of exactly these, what
 * was refused and why, and how far each stream has come.
 *
 * <p>New events are known without a look at each: the rows of the streams, which are locked, say
 * which numbers have come, and only those that have are looked up. Should a row be wrong, the
 * primary key of the identities refuses the batch, and it is done again with a look at each.
 *
 * <p>When it returns, the transaction is committed. When it throws, that is unknown, and the batch
 * must be stored again: committed events are then found to be duplicates. For one thread.
 */
final class LedgerWriter {
  private static final LimitedLog log = new LimitedLog(LoggerFactory.getLogger(LedgerWriter.class));

  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final LedgerAppender appender;
  private final Partitions partitions;
  private final TimeBounds bounds;
  private final RowAllowance allowance;
  private final Failpoint.Hook failpoints;
  private final short shard;
  private final Strangers strangers;
  private @Nullable Connection connection;

  LedgerWriter(
      Database database,
      TimeBounds bounds,
      int shard,
      Strangers strangers,
      Failpoint.Hook failpoints) {
    this(
        database,
        LedgerAppender.withoutHooks(),
        bounds,
        shard,
        new RowAllowance(),
        strangers,
        failpoints);
  }

  /**
   * The same.
   *
   * @param appender the way into the ledger
   * @param allowance how much is kept of what is refused; one for all writers of a collector
   */
  LedgerWriter(
      Database database,
      LedgerAppender appender,
      TimeBounds bounds,
      int shard,
      RowAllowance allowance,
      Strangers strangers,
      Failpoint.Hook failpoints) {
    this.database = database;
    this.appender = appender;
    this.partitions = new Partitions(database, bounds);
    this.bounds = bounds;
    this.allowance = allowance;
    this.shard = (short) shard;
    this.strangers = strangers;
    this.failpoints = failpoints;
  }

  /** Stores the batch and sets the fate of each of its entries. */
  void store(List<IncomingEvent> entries) throws SQLException {
    try {
      store(entries, /* trusting= */ true);
    } catch (SQLException failed) {
      if (!UNIQUE_VIOLATION.equals(failed.getSQLState())) {
        throw failed;
      }
      log.error(
          LimitedLog.LogKind.REFUSED_USAGE,
          "the ledger holds events that are not in the rows of their stream; each is looked up");
      store(entries, /* trusting= */ false);
    }
  }

  private void store(List<IncomingEvent> entries, boolean trusting) throws SQLException {
    try {
      partitions.ensure(entries);
      Connection current = connect();
      List<StreamEntries> streams = StreamEntries.of(entries);
      LedgerTransaction ledger = appender.begin(current);
      StreamRows rows = StreamEntries.lock(current, streams);
      new Admission(current, rows, strangers).decide(streams);
      LedgerInsert insert = new LedgerInsert(ledger, rows, bounds, shard);
      insert.add(streams, trusting);
      requireFates(entries);
      refusals(current, rows).write(entries, insert.conflicts(), insert.keyConflicts());
      HeldEvents.write(current, entries);
      StreamEntries.save(current, streams, rows);
      failpoints.reached(Failpoint.BEFORE_COMMIT);
      current.commit();
      failpoints.reached(Failpoint.AFTER_COMMIT);
    } catch (SQLException | RuntimeException | Error failed) {
      // Whatever it holds is unknown; the next attempt begins with another one.
      disconnect();
      throw failed;
    }
  }

  /** Keeps an event that the database does not take, so that it holds back no other. */
  void refuse(IncomingEvent incomingEvent) throws SQLException {
    Connection current = connect();
    List<StreamEntries> streams = StreamEntries.of(List.of(incomingEvent));
    StreamRows rows = StreamEntries.lock(current, streams);
    new Admission(current, rows, strangers).decide(streams);
    if (!incomingEvent.wasTurnedAway()) {
      incomingEvent.reject("NOT_STORABLE", "the database refuses a value of the event");
    }
    refusals(current, rows).write(List.of(incomingEvent), List.of(), List.of());
    StreamEntries.save(current, streams, rows);
    current.commit();
  }

  /** Keeps that messages could not be read at all; of their content only the length. */
  void storeMalformed(List<IncomingMessage> messages) throws SQLException {
    try {
      Connection current = connect();
      RejectedEventWriter.writeMalformed(current, allowance, messages);
      current.commit();
    } catch (SQLException | RuntimeException | Error failed) {
      disconnect();
      throw failed;
    }
  }

  private RejectedEventWriter refusals(Connection current, StreamRows rows) {
    return new RejectedEventWriter(current, rows, allowance);
  }

  void disconnect() {
    Connection old = connection;
    connection = null;
    if (old == null) {
      return;
    }
    try (old) {
      old.rollback();
    } catch (SQLException gone) {
      // It is broken: there is nothing to roll back, and the pool replaces it.
      connection = null;
    }
  }

  private Connection connect() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = database.connection();
      connection = current;
      current.setAutoCommit(false);
    }
    return current;
  }

  /** An entry without a fate would be receipted as if it were stored. */
  private static void requireFates(List<IncomingEvent> entries) {
    for (IncomingEvent incomingEvent : entries) {
      if (incomingEvent.fate() == Fate.PENDING) {
        throw new IllegalStateException(
            incomingEvent.stream() + " " + incomingEvent.seq() + " has no fate");
      }
    }
  }
}
