package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.sql.Connection;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Notes what the ledger adds, in its transaction: one row for a batch, so that the intake does not
 * wait for prices. Thread-safe.
 */
final class CostIntake implements AppendHook {
  private static final String ADD = "INSERT INTO cost_queue (added) VALUES (?)";

  private final IntConsumer noted;

  /**
   * One that notes.
   *
   * @param noted called with the number of events that were noted; their transaction is not
   *     committed yet
   */
  CostIntake(IntConsumer noted) {
    this.noted = noted;
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
    noted.accept(queued.size());
  }
}
