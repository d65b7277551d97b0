package io.billingsdk.server.ingest;

import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerAppender;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the batches of one lane, each until it is stored. An event that the database refuses for
 * its content does not keep the others out. For the lane's thread.
 */
final class BatchStore {
  private static final Logger log = LoggerFactory.getLogger(BatchStore.class);
  private static final LimitedLog limited = new LimitedLog(log);

  private final Database database;
  private final LedgerWriter writer;
  private final PersistentWrites writes;
  private final CollectorCounts counts;

  BatchStore(
      Database database, LedgerWriter writer, PersistentWrites writes, CollectorCounts counts) {
    this.database = database;
    this.writer = writer;
    this.writes = writes;
    this.counts = counts;
  }

  /** Stores until it is stored; false when the server stops before. */
  boolean store(List<IncomingEvent> entries) {
    if (entries.isEmpty()) {
      return true;
    }
    long begun = System.nanoTime();
    boolean stored = writes.run(() -> storeAll(entries));
    if (stored) {
      counts.committed(entries.size(), System.nanoTime() - begun);
    }
    return stored;
  }

  private void storeAll(List<IncomingEvent> entries) throws SQLException {
    try {
      writer.store(entries);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      limited.error(
          LimitedLog.LogKind.REFUSED_USAGE,
          "the database refuses the content of a batch: {}",
          failed.getSQLState());
      apart(entries);
    }
  }

  /** Stores each half by itself, down to the event that the database refuses. */
  private void apart(List<IncomingEvent> entries) throws SQLException {
    try {
      writer.store(entries);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      if (entries.size() == 1) {
        writer.refuse(entries.get(0));
        return;
      }
      int half = entries.size() / 2;
      apart(entries.subList(0, half));
      apart(entries.subList(half, entries.size()));
    }
  }

  /** Keeps the messages that could not be read; false when the server stops before. */
  boolean storeMalformed(List<IncomingMessage> batch) {
    List<IncomingMessage> unreadable =
        batch.stream().filter(each -> each.malformed() != null).toList();
    if (unreadable.isEmpty()) {
      return true;
    }
    unreadable.forEach(
        each ->
            limited.warn(
                LimitedLog.LogKind.MALFORMED_USAGE,
                "a message on {} is malformed: {}",
                each.topic(),
                each.malformed()));
    boolean stored = writes.run(() -> writer.storeMalformed(unreadable));
    if (stored) {
      counts.unreadable(unreadable.size());
    }
    return stored;
  }

  /** Waits until the ledger can be written to; false when the server stops before. */
  boolean awaitWritable() {
    return writes.run(() -> LedgerAppender.requireWritable(database));
  }

  void disconnect() {
    writer.disconnect();
  }
}
