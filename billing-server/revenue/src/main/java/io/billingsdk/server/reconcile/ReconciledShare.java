package io.billingsdk.server.reconcile;

import io.billingsdk.server.db.Database;
import java.time.YearMonth;

/** How much of the usage of a month is reconciled from report to invoice. Thread-safe. */
public final class ReconciledShare {
  private final Database database;

  /** In a database. */
  public ReconciledShare(Database database) {
    this.database = database;
  }

  /**
   * Figures that were compared: usage of an app and month, and amounts of a charge and time.
   *
   * @param agreed those that are the same on both sides
   */
  public record ComparedFigures(long agreed, long compared) {}

  /** Compares those of a month of UTC. It reads all events of the month. */
  public ComparedFigures of(YearMonth month) {
    Reconciliation found = new Reconciler(database).reconcile(month.toString(), null);
    return new ComparedFigures(found.agreed(), found.compared());
  }
}
