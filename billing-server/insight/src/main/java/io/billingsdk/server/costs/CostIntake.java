package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.sql.Connection;
import java.util.List;

/**
 * Notes what the ledger adds, in its transaction: one row for a batch, so that the intake does not
 * wait for prices. Thread-safe.
 */
final class CostIntake implements AppendHook {
  private static final String ADD = "INSERT INTO cost_queue (added) VALUES (?)";

  private final Runnable wake;

  /**
   * One that notes.
   *
   * @param wake called when something was noted; its transaction is not committed yet
   */
  CostIntake(Runnable wake) {
    this.wake = wake;
  }

  @Override
  public String name() {
    return "costs";
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) {
    List<QueuedEvent> queued =
        rows.stream().filter(QueuedEvent::bearsCost).map(QueuedEvent::of).toList();
    if (queued.isEmpty()) {
      return;
    }
    String added = QueuedBatch.write(queued);
    Database.execute(transaction, ADD, added);
    wake.run();
  }
}
