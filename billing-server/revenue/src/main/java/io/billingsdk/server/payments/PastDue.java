package io.billingsdk.server.payments;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerBlocks;
import java.time.LocalDate;
import org.jdbi.v3.core.Handle;

/** Blocks the keys of a customer who does not pay, and lifts that in the payment's transaction. */
final class PastDue {
  private final Database database;
  private final Actor actor;

  PastDue(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** The day that it is for a customer. */
  LocalDate today(String customer) {
    return new CustomerClocks(database)
        .now(customer)
        .atZone(new Customers(database, actor).require(customer).zone())
        .toLocalDate();
  }

  void block(Receivable owed) {
    new CustomerBlocks(database, actor)
        .pastDue(owed.customer(), "invoice " + owed.number() + " is overdue");
  }

  /** Lifts the block, once no invoice is open whose grace is over. */
  void paid(Handle handle, String customer) {
    LocalDate today = today(customer);
    boolean isOverdue =
        ReceivableRows.open(handle, customer).stream()
            .anyMatch(each -> DunningPlan.USUAL.isPastDue(each.dueOn(), today));
    if (!isOverdue) {
      new CustomerBlocks(database, actor).paid(customer);
    }
  }
}
