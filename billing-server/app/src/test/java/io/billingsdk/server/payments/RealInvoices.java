package io.billingsdk.server.payments;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.invoices.CreditNotes;
import io.billingsdk.server.invoices.FirstInvoice;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.invoices.InvoiceStates.Balance;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.time.Instant;
import java.util.List;

/** Invoices of 100 USD that a run issues, and their way through the outbox into the books. */
final class RealInvoices {
  private static final String PLAN =
      """
      plans:
        - plan: hundred
          name: Hundred
          currency: USD
          interval: month
          entitlements:
            models: all
            pastDue: %s
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 100}}
      """;

  private final PaymentWorld world;
  private long position;

  /** With the plan that they are for, which blocks the keys. */
  RealInvoices(PaymentWorld world) {
    this(world, "{then: block}");
  }

  /** The same with another policy. */
  RealInvoices(PaymentWorld world, String pastDue) {
    this.world = world;
    var unused =
        new PlanImport(world.database, PaymentWorld.TESTER)
            .run(
                PlanFile.parse(PLAN.formatted(pastDue)),
                new ImportOptions(true, PaymentWorld.START.minusSeconds(1), false));
  }

  /** Invoice of the first month of a customer with a test clock. */
  String first(String customer) {
    Subscription unused = SubscriptionTime.start(world.database, customer, "hundred");
    return next(customer);
  }

  /** The latest invoice after all that is due was billed. */
  String next(String customer) {
    String number = FirstInvoice.issue(world.database, customer);
    deliver();
    return number;
  }

  String credit(String number, String amount) {
    String note =
        new CreditNotes(world.database, PaymentWorld.TESTER)
            .credit(
                number,
                List.of(new CreditNotes.PartOfLine(1, new java.math.BigDecimal(amount))),
                "r");
    deliver();
    return note;
  }

  String voidOf(String number) {
    String document =
        new CreditNotes(world.database, PaymentWorld.TESTER).voidInvoice(number, "wrong");
    deliver();
    return document;
  }

  Balance state(String number) {
    return new InvoiceStates(world.database, PaymentWorld.TESTER).of(number);
  }

  /** As the jobs of the outbox do it. */
  void deliver() {
    Receivables books = new Receivables(world.database);
    for (DeliveredEvent each : waiting()) {
      position = each.position();
      if (books.kinds().contains(each.event().kind())) {
        try {
          books.receive(each);
        } catch (JsonProcessingException malformed) {
          throw new AssertionError(malformed);
        }
      }
    }
  }

  private List<DeliveredEvent> waiting() {
    return world.database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT event_id, position, kind, subject, payload::text AS payload, actor"
                        + " FROM outbox_event WHERE position > :position ORDER BY position")
                .bind("position", position)
                .map(ResultRow.to(RealInvoices::event))
                .list());
  }

  private static DeliveredEvent event(ResultRow row) {
    DomainEvent event =
        new DomainEvent(
            row.uuid("event_id"),
            row.text("kind"),
            row.text("subject"),
            row.text("payload"),
            row.text("actor"));
    return new DeliveredEvent(event, row.number("position"), Instant.EPOCH, 1, 0);
  }
}
