package io.billingsdk.server.payments;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.db.Database;
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
import java.util.Locale;
import java.util.Map;

/** Invoices of 100 USD that a run issues, and their way through the outbox into the books. */
public final class RealInvoices {
  private static final String PLAN =
      """
      plans:
        - plan: %s
          name: Hundred
          currency: %s
          interval: month
          entitlements:
            models: all
            pastDue: %s
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: %s}}
      """;

  private final Database database;
  private long position;

  /** With the plan that they are for, which blocks the keys. */
  RealInvoices(PaymentWorld world) {
    this(world, "{then: block}");
  }

  /** The same with another policy. */
  RealInvoices(PaymentWorld world, String pastDue) {
    this.database = world.database;
    plan("hundred", "USD", pastDue, "100", PaymentWorld.START);
  }

  /** With plans that are to be made. */
  public RealInvoices(PaymentWorld world, Instant begin, Map<String, String> amounts) {
    this(world.database, begin, amounts);
  }

  /** The same of another world. */
  public RealInvoices(Database database, Instant begin, Map<String, String> amounts) {
    this.database = database;
    amounts.forEach((currency, amount) -> plan(currency, currency, "{then: block}", amount, begin));
  }

  private void plan(String id, String currency, String pastDue, String amount, Instant begin) {
    var unused =
        new PlanImport(database, PaymentWorld.TESTER)
            .run(
                PlanFile.parse(
                    PLAN.formatted(id.toLowerCase(Locale.ROOT), currency, pastDue, amount)),
                new ImportOptions(true, begin.minusSeconds(1), false));
  }

  /** Invoice of the first month of a customer with a test clock. */
  public String first(String customer) {
    return first(customer, "hundred");
  }

  /** The same of a plan. */
  public String first(String customer, String plan) {
    Subscription unused = SubscriptionTime.start(database, customer, plan);
    return next(customer);
  }

  /** The latest invoice after all that is due was billed. */
  public String next(String customer) {
    String number = FirstInvoice.issue(database, customer);
    deliver();
    return number;
  }

  public String credit(String number, String amount) {
    String note =
        new CreditNotes(database, PaymentWorld.TESTER)
            .credit(
                number,
                List.of(new CreditNotes.PartOfLine(1, new java.math.BigDecimal(amount))),
                "r");
    deliver();
    return note;
  }

  String voidOf(String number) {
    String document = new CreditNotes(database, PaymentWorld.TESTER).voidInvoice(number, "wrong");
    deliver();
    return document;
  }

  Balance state(String number) {
    return new InvoiceStates(database, PaymentWorld.TESTER).of(number);
  }

  /** As the jobs of the outbox do it. */
  public void deliver() {
    Receivables books = new Receivables(database);
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
    return database.read(
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
