package io.billingsdk.server.payments;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.payments.DunningPlan.DunningStep;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Reminds a customer of an invoice, each time once, and blocks the keys when the grace is over.
 * Days are days in the zone of the customer, by its test clock where it has one.
 */
final class Dunning {
  /** Events that say so. Their subject is {@code customer/ID}. */
  static final String REMINDER = "invoice.reminder";

  static final String PAST_DUE = "invoice.past_due";

  private static final DunningPlan PLAN = DunningPlan.USUAL;
  private static final Actor TIME = new Actor("time");

  private final Database database;
  private final InstantSource clock;

  Dunning(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Does what the day of its customer asks for. */
  void look(Receivable seen) {
    database.useTransaction(
        handle -> {
          PostingRows.lock(handle, seen.customer());
          Receivable owed = ReceivableRows.find(handle, seen.number()).orElse(seen);
          // Paid since it was read: nobody is reminded of what is paid.
          if (owed.open().signum() > 0) {
            look(handle, owed);
          }
        });
  }

  private void look(Handle handle, Receivable owed) {
    PastDue pastDue = new PastDue(database.within(handle), TIME);
    LocalDate today = pastDue.today(owed.customer());
    Optional<LocalDate> next = PLAN.next(owed.dueOn(), today);
    if (PLAN.isPastDue(owed.dueOn(), today)) {
      once(handle, owed, PAST_DUE, "past_due", next);
      pastDue.block(owed);
    } else {
      Optional<DunningStep> step = PLAN.step(owed.dueOn(), today);
      step.ifPresent(each -> once(handle, owed, REMINDER, each.name(), next));
    }
    if (today.isAfter(owed.dueOn())) {
      new InvoiceLink(database, handle, TIME).pastDue(owed.number());
    }
    ReceivableRows.lookNext(handle, owed.number(), PLAN.look(owed.dueOn(), today).orElse(null));
  }

  private void once(
      Handle handle, Receivable owed, String kind, String step, Optional<LocalDate> next) {
    if (!ReminderRows.insert(handle, owed.number(), step, clock.instant())) {
      return;
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("number", owed.number());
    shown.put("customerId", owed.customer());
    shown.put("currency", owed.open().currency());
    shown.put("open", owed.open().amount().toPlainString());
    shown.put("dueOn", owed.dueOn().toString());
    shown.put("reference", owed.reference());
    shown.put("step", step);
    next.ifPresent(day -> shown.put("nextOn", day.toString()));
    AuditLog.write(handle, TIME, kind, owed.number(), null, shown);
    Outbox.add(handle, DomainEvent.of(kind, "customer/" + owed.customer(), shown, TIME.name()));
  }
}
