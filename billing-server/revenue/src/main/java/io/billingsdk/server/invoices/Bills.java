package io.billingsdk.server.invoices;

import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.BillingSettingsBook;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes bills: first of what is there now, and again of what was pinned. */
final class Bills {
  private static final Actor READER = new Actor("invoices");
  private static final int PAGE = 1_000;

  private final Database database;
  private final TaxCalculator taxes;

  Bills(Database database, TaxCalculator taxes) {
    this.database = database;
    this.taxes = taxes;
  }

  /** A bill with everything that it was made of. */
  record Made(
      Subscription subscription, Customer customer, Seller seller, Pinned pinned, Bill bill) {}

  /** A bill with the subscription that it is of. */
  record Again(Subscription subscription, Bill bill) {}

  /**
   * The bill of a span as the ledger is up to a cut.
   *
   * @param isComplete whether no stream of the customer's apps misses anything
   */
  Made make(Handle handle, Span span, long cut, boolean isComplete, PeriodPart progress) {
    Database here = database.within(handle);
    Subscription subscription = subscriptions(here).require(span.subscription());
    Customers customers = new Customers(here, READER);
    Customer customer = customers.require(subscription.customer());
    Seller seller = seller(here, customer);
    BillingSettingsBook settings = new BillingSettingsBook(here, READER);
    List<AppSpan> apps = customers.spans(customer.id());
    List<Span> changed = new EarlierSpans(here, apps, cut).changed(handle, span);
    LiveBooks books = new LiveBooks(handle, span, changed, seller, customer, taxes.within(here));
    LedgerUsage usage = new LedgerUsage(new MeterReader(here), apps, cut);
    Bill bill =
        new BillMaker(subscription, events(here, span), usage, books, seller.zone())
            .make(span, progress);
    Pinned pinned =
        new Pinned(
            BillMaker.VERSION,
            cut,
            span,
            isComplete,
            apps,
            Party.of(seller, settings.ofSeller(seller.id()).settings()),
            Party.of(customer, settings.ofCustomer(customer.id()).settings()),
            seller.zone(),
            books.earlier(bill.used()),
            books.invoiced(bill.used()),
            books.originals(),
            books.taxes(),
            books.taxPins(issueDay(here, customer, seller, bill, progress)),
            books.usedCredits());
    return new Made(subscription, customer, seller, pinned, bill);
  }

  /** Of its invoice; null if there is none, or for a draft. */
  private static @Nullable LocalDate issueDay(
      Database here, Customer customer, Seller seller, Bill bill, PeriodPart progress) {
    if (bill.invoice().isEmpty() || progress != PeriodPart.COMPLETE) {
      return null;
    }
    return new CustomerClocks(here).now(customer.id()).atZone(seller.zone()).toLocalDate();
  }

  /** The bill of pinned inputs, of the ledger up to their cut. */
  Again again(Handle handle, Pinned pinned) {
    Database here = database.within(handle);
    Span span = pinned.span();
    Subscription subscription = subscriptions(here).require(span.subscription());
    LedgerUsage usage = new LedgerUsage(new MeterReader(here), pinned.apps(), pinned.cut());
    Bill bill =
        new BillMaker(subscription, events(here, span), usage, pinned.books(), pinned.zone())
            .make(span, PeriodPart.COMPLETE);
    return new Again(subscription, bill);
  }

  /** Whose series a document belongs to: a credit note to that of its invoice. */
  Seller seller(Handle handle, Made made, Bill.Paper paper) {
    String id = PaperJson.seller(made.pinned(), paper).path("sellerId").asText();
    return id.equals(made.seller().id())
        ? made.seller()
        : new Sellers(database.within(handle), READER).require(id);
  }

  /** SHA-256 of what a plan version says now. */
  Optional<String> planDigest(Handle handle, PlanVersion plan) {
    return new Plans(database.within(handle), READER).digestOf(plan.plan(), plan.version());
  }

  /**
   * Refuses a customer without a seller, whom nobody can bill.
   *
   * @throws RequestRefusedException when the customer has none
   */
  void requireSeller(String customer) {
    var unused = seller(database, new Customers(database, READER).require(customer));
  }

  private static Seller seller(Database here, Customer customer) {
    if (customer.seller() == null) {
      throw RequestRefusedException.conflict(
          "sellerId",
          "the customer " + customer.id() + " has no seller: set sellerId of the customer");
    }
    return new Sellers(here, READER).require(customer.seller());
  }

  private static List<SubscriptionEvent> events(Database here, Span span) {
    List<SubscriptionEvent> events = new ArrayList<>();
    long last = 0;
    while (true) {
      List<SubscriptionEvent> page = subscriptions(here).events(span.subscription(), last, PAGE);
      for (SubscriptionEvent event : page) {
        last = event.number();
        if (last > span.lastEvent()) {
          return events;
        }
        events.add(event);
      }
      if (page.size() < PAGE) {
        return events;
      }
    }
  }

  Subscription subscription(Handle handle, UUID id) {
    return subscriptions(database.within(handle)).require(id);
  }

  static Subscriptions subscriptions(Database database) {
    return new Subscriptions(database, READER, List.of());
  }
}
