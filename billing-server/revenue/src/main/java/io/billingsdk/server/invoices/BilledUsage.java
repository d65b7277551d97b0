package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the invoices have of the usage of subscriptions, beside what it comes to: for those who
 * compare the two. Thread-safe.
 */
public final class BilledUsage {
  private static final Actor READER = new Actor("invoices");

  private final Database database;

  /** In a database; several questions about one moment need one transaction. */
  public BilledUsage(Database database) {
    this.database = database;
  }

  /** How far the billing of a time is. */
  public enum BillingState {
    /** Nobody has billed it yet. */
    OPEN,
    /** It has documents. */
    BILLED,
    /** It was billed, and came to nothing. */
    EMPTY,
    /** It ended before billing began, and is never billed. */
    BEFORE_START
  }

  /**
   * A time of a subscription that is billed at once, half-open.
   *
   * @param number from 1, without gaps
   * @param dueAt when it is billed, at the earliest
   * @param cut of the ledger, up to which it was billed; null if it was not
   * @param failure why it could not be billed when somebody last tried; null for none
   */
  public record BilledTime(
      int number,
      Instant from,
      Instant to,
      BillingState state,
      Instant dueAt,
      @Nullable Long cut,
      @Nullable String failure) {}

  /**
   * The price of a charge in a part of a billed time, beside what the documents have.
   *
   * @param key what its lines have in common
   * @param time the number of the billed time
   * @param charge empty for a commitment
   * @param rated its price as the ledger was when the subscription was billed last
   * @param invoiced the sum of its lines, less the credit notes for them
   * @param ratedNow its price as the ledger is
   */
  public record RatedBeside(
      String key,
      int time,
      String plan,
      int version,
      String charge,
      Instant from,
      Instant to,
      Money rated,
      Money invoiced,
      Money ratedNow) {}

  /**
   * What an event is behind: a charge in a part of a billed time.
   *
   * @param key what its lines have in common
   * @param values what each meter takes of the event
   * @param amount the price of all usage of the charge in the part
   * @param without the same without the event; null where one event has no share of its own, as of
   *     a highest value
   * @param documents the lines that have it, in the order of their issue
   */
  public record EventShare(
      String key,
      String charge,
      String name,
      Map<String, BigDecimal> values,
      Money amount,
      @Nullable Money without,
      List<DocumentLine> documents) {
    /** Copies map and list. */
    public EventShare {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      documents = List.copyOf(documents);
    }
  }

  /** A line of a document. */
  public record DocumentLine(String number, int line, String kind) {}

  /** A document whose lines add up to something else than its row says. */
  public record UnequalSum(String number, String net, String ofLines) {}

  /** The times of a subscription, in order. */
  public List<BilledTime> times(UUID subscription) {
    return database.read(handle -> BilledRows.times(handle, subscription));
  }

  /** The lines of a key on documents, in the order of their issue. */
  public List<DocumentLine> lines(UUID subscription, String key) {
    return database.read(handle -> BilledRows.lines(handle, subscription, key));
  }

  /** Documents whose sums differ from their lines, {@code most} at most. */
  public List<UnequalSum> unequalSums(int most) {
    return database.read(handle -> BilledRows.unequalSums(handle, most));
  }

  /**
   * All charges of the billed times of a subscription.
   *
   * @param from only times that end after it
   * @param to only times that begin before it
   */
  public List<RatedBeside> beside(Subscription subscription, Instant from, Instant to) {
    return database.read(handle -> beside(handle, subscription, from, to));
  }

  /** The lines that an event is behind; none if its time is not billed, or no charge reads it. */
  public List<EventShare> shares(Subscription subscription, AppendedEvent event) {
    return database.read(
        handle -> {
          Database here = database.within(handle);
          long cut = lastCut(BilledRows.times(handle, subscription.id()));
          LedgerUsage usage =
              new LedgerUsage(new MeterReader(here), pinned(handle, subscription), cut);
          EventShares shares = new EventShares(handle, here, subscription, usage);
          return BilledRows.billed(handle, subscription.id()).stream()
              .filter(span -> !event.occurredAt().isBefore(span.from()))
              .filter(span -> event.occurredAt().isBefore(span.to()))
              .flatMap(span -> shares.of(span, event).stream())
              .toList();
        });
  }

  /**
   * The lines that an event is behind before its period is billed; none if no threshold of the plan
   * was reached since.
   *
   * @param cut of the event
   */
  public List<EventShare> sharesOnTheWay(Subscription subscription, AppendedEvent event, long cut) {
    return database.read(
        handle -> {
          Database here = database.within(handle);
          List<EventShare> shares = new ArrayList<>();
          for (Pinned each : ProgressRows.latest(handle, subscription.id(), event.occurredAt())) {
            if (cut <= each.cut()) {
              LedgerUsage usage = new LedgerUsage(new MeterReader(here), each.apps(), each.cut());
              shares.addAll(
                  new EventShares(handle, here, subscription, usage).of(each.span(), event));
            }
          }
          return shares.stream().filter(each -> !each.documents().isEmpty()).toList();
        });
  }

  private List<RatedBeside> beside(
      Handle handle, Subscription subscription, Instant from, Instant to) {
    long cut = lastCut(BilledRows.times(handle, subscription.id()));
    if (cut < 0) {
      return List.of();
    }
    Database here = database.within(handle);
    MeterReader reader = new MeterReader(here);
    List<SubscriptionEvent> events = events(here, subscription.id());
    LedgerUsage before = new LedgerUsage(reader, pinned(handle, subscription), cut);
    LedgerUsage after = new LedgerUsage(reader, apps(here, subscription), MeterQuery.NOW);
    List<RatedBeside> all = new ArrayList<>();
    for (Span span : BilledRows.billed(handle, subscription.id())) {
      if (span.to().isAfter(from) && span.from().isBefore(to)) {
        add(
            handle,
            subscription,
            all,
            new SpanRating(subscription, before, events),
            new SpanRating(subscription, after, events),
            span);
      }
    }
    return all;
  }

  /** The apps by which it was billed last; those of now if it has no document. */
  private List<AppSpan> pinned(Handle handle, Subscription subscription) {
    return BilledRows.lastPin(handle, subscription.id())
        .orElseGet(() -> apps(database.within(handle), subscription));
  }

  private static List<AppSpan> apps(Database here, Subscription subscription) {
    return new Customers(here, READER).spans(subscription.customer());
  }

  private static long lastCut(List<BilledTime> times) {
    return times.stream().mapToLong(BilledUsage::cut).max().orElse(-1);
  }

  private static long cut(BilledTime time) {
    Long cut = time.cut();
    return cut == null ? -1 : cut;
  }

  private static void add(
      Handle handle,
      Subscription subscription,
      List<RatedBeside> all,
      SpanRating then,
      SpanRating now,
      Span span) {
    List<RatedUsage> before = then.rate(span, PeriodPart.COMPLETE);
    List<RatedUsage> after = now.rate(span, PeriodPart.COMPLETE);
    for (int i = 0; i < before.size(); i++) {
      RatedUsage each = before.get(i);
      Money invoiced =
          InvoiceRows.invoiced(handle, subscription.id(), each.key(), subscription.currency())
              .stream()
              // What an operator gave back of usage is not billed again, and is no difference.
              .map(Books.Invoiced::settled)
              .reduce(Money.zero(subscription.currency()), Money::plus);
      all.add(
          new RatedBeside(
              each.key().text(),
              span.number(),
              each.part().plan().plan(),
              each.part().plan().version(),
              each.charge(),
              each.part().from(),
              each.part().to(),
              each.amount(),
              invoiced,
              after.get(i).amount()));
    }
  }

  private static List<SubscriptionEvent> events(Database here, UUID subscription) {
    int most = 1_000;
    List<SubscriptionEvent> all = new ArrayList<>();
    List<SubscriptionEvent> page;
    do {
      long last = all.isEmpty() ? 0 : all.get(all.size() - 1).number();
      page = Bills.subscriptions(here).events(subscription, last, most);
      all.addAll(page);
    } while (page.size() == most);
    return all;
  }
}
