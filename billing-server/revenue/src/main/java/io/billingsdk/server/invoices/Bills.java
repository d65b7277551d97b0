package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.BillingSettingsBook;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.SharedReads.BillingSeller;
import io.billingsdk.server.invoices.SpanRows.SettledSpan;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionState;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
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
  private final SharedReads shared;

  /** For one bill, or for some that are made in a short time: see {@link SharedReads}. */
  Bills(Database database, TaxCalculator taxes) {
    this.database = database;
    this.shared = new SharedReads(database, taxes);
  }

  /** A bill with everything that it was made of. */
  record Made(
      Subscription subscription, Customer customer, Seller seller, Pinned pinned, Bill bill) {}

  /** A bill with the subscription that it is of. */
  record Again(Subscription subscription, Bill bill) {}

  /**
   * A bill that is wanted.
   *
   * @param cut of the ledger up to which usage counts
   * @param isComplete whether no stream of the customer's apps misses anything
   * @param settled the spans of the subscription that are billed, in order
   * @param issuedAt null for a draft, which is not issued and shows nothing in another currency
   */
  record Wanted(
      Span span,
      long cut,
      boolean isComplete,
      List<SettledSpan> settled,
      @Nullable Instant issuedAt) {
    /** Copies the list. */
    Wanted {
      settled = List.copyOf(settled);
    }
  }

  /** The bill of a span as the ledger is up to a cut. */
  Made make(Handle handle, Wanted wanted) {
    Span span = wanted.span();
    Database here = database.within(handle);
    Subscription subscription = shared.subscriptions(here).require(span.subscription());
    Customers customers = new Customers(here, READER);
    Customer customer = customers.require(subscription.customer());
    BillingSeller own = seller(here, customer);
    Seller seller = own.seller();
    List<AppSpan> apps = customers.spans(customer.id());
    List<Span> changed = new EarlierSpans(here, apps, wanted.cut()).changed(span, wanted.settled());
    @Nullable Instant issuedAt = wanted.issuedAt();
    List<SubscriptionEvent> events = events(here, subscription, span);
    LiveBooks books =
        new LiveBooks(
            handle,
            span,
            changed,
            seller,
            customer,
            shared.taxes(here),
            issuedAt == null ? null : issuedAt.atZone(seller.zone()).toLocalDate(),
            isPeriodEnd(span, events));
    LedgerUsage usage = new LedgerUsage(shared.meters(here), apps, wanted.cut());
    Bill bill =
        new BillMaker(subscription, events, usage, books, seller.zone())
            .make(span, issuedAt == null ? PeriodPart.RUNNING : PeriodPart.COMPLETE);
    Pinned pinned =
        new Pinned(
            BillMaker.VERSION,
            wanted.cut(),
            span,
            wanted.isComplete(),
            apps,
            Party.of(seller, own.settings()),
            Party.of(customer, new BillingSettingsBook(here, READER).of(customer)),
            seller.zone(),
            books.earlier(bill.used()),
            books.invoiced(bill.used()),
            books.originals(),
            books.taxes(),
            books.taxPins(bill.invoice().isPresent()),
            books.usedCredits(),
            books.issued());
    return new Made(subscription, customer, seller, pinned, bill);
  }

  /** How far a running period is, by a cut. */
  ProgressState progress(Handle handle, Subscription subscription, Span span, long cut) {
    Database here = database.within(handle);
    Customers customers = new Customers(here, READER);
    Customer customer = customers.require(subscription.customer());
    BillingSeller own = seller(here, customer);
    List<AppSpan> apps = customers.spans(customer.id());
    LiveBooks books =
        new LiveBooks(
            handle, span, List.of(), own.seller(), customer, shared.taxes(here), null, false);
    LedgerUsage usage = new LedgerUsage(shared.meters(here), apps, cut);
    SpanRating rating = new SpanRating(subscription, usage, List.of());
    return ProgressState.of(rating, books, span, Money.zero(subscription.currency()));
  }

  /** The bill of pinned inputs, of the ledger up to their cut. */
  Again again(Handle handle, Pinned pinned) {
    Database here = database.within(handle);
    Span span = pinned.span();
    // Nothing is shared with another document: what somebody changed meanwhile is to be found.
    Subscription subscription =
        span.isProgress()
            // A later change may have divided the period, with effect before it.
            ? subscriptions(here).asOf(span.subscription(), span.lastEvent())
            : subscriptions(here).require(span.subscription());
    LedgerUsage usage = new LedgerUsage(new MeterReader(here), pinned.apps(), pinned.cut());
    List<SubscriptionEvent> events = events(here, subscription, span);
    Bill bill =
        new BillMaker(subscription, events, usage, pinned.books(), pinned.zone())
            .make(span, PeriodPart.COMPLETE);
    return new Again(subscription, bill);
  }

  /** Whether the span ends with a billing period after which another one begins. */
  private static boolean isPeriodEnd(Span span, List<SubscriptionEvent> events) {
    return events.stream()
        .anyMatch(
            each ->
                each.number() == span.lastEvent()
                    && !span.isClosing()
                    && !span.isProgress()
                    && each.act().equals("end_period")
                    && each.state() != SubscriptionState.CANCELLED);
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

  private BillingSeller seller(Database here, Customer customer) {
    if (customer.seller() == null) {
      throw RequestRefusedException.conflict(
          "sellerId",
          "the customer " + customer.id() + " has no seller: set sellerId of the customer");
    }
    return shared.seller(here, customer.seller());
  }

  private static List<SubscriptionEvent> events(
      Database here, Subscription subscription, Span span) {
    List<SubscriptionEvent> events = new ArrayList<>();
    long last = 0;
    while (true) {
      List<SubscriptionEvent> page = subscriptions(here).events(subscription, last, PAGE);
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
