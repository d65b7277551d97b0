package io.billingsdk.server.payments;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerBlocks;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.LocalDate;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Blocks the keys of a customer who does not pay, and lifts that in the payment's transaction. */
final class PastDue {
  /** Events that say so: no invoice is overdue any longer. Their subject is {@code customer/ID}. */
  static final String RELEASED = "customer.released";

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
    CustomerBlocks blocks = new CustomerBlocks(database, actor);
    boolean isBlocked =
        blocks.of(customer).stream().anyMatch(each -> each.cause() == BlockCause.PAST_DUE);
    if (!isOverdue && isBlocked) {
      blocks.paid(customer);
      Map<String, Object> shown = Map.of("customerId", customer);
      Outbox.add(handle, DomainEvent.of(RELEASED, "customer/" + customer, shown, actor.name()));
    }
  }
}
