package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.Bills.Made;
import io.billingsdk.server.invoices.PaperJson.Name;
import io.billingsdk.server.invoices.RunRows.AskedRun;
import io.billingsdk.server.invoices.SpanRows.FailedSpan;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Issued invoices and credit notes, drafts, and whether a document can be made again. Thread-safe.
 */
public final class Invoices {
  private final Database database;
  private final Actor actor;
  private final TaxCalculator taxes;

  /**
   * In a database.
   *
   * @param actor who asks for runs
   * @param taxes of drafts
   */
  public Invoices(Database database, Actor actor, TaxCalculator taxes) {
    this.database = database;
    this.actor = actor;
    this.taxes = taxes;
  }

  /**
   * What the customer's subscription would be billed as it is now, up to the end of the running
   * period, as a document without a number: usage so far and fees, as far as no invoice has them.
   *
   * @throws RequestRefusedException when the customer has no subscription that runs
   */
  public String draft(String customer) {
    return database.read(handle -> draft(handle, customer)).toString();
  }

  private ObjectNode draft(Handle handle, String customer) {
    Database here = database.within(handle);
    new Customers(here, actor).require(customer);
    Subscription subscription = running(here, customer);
    Span span = runningSpan(here, handle, subscription);
    Made made =
        new Bills(database, taxes)
            .make(
                handle,
                new Bills.Wanted(
                    span,
                    MeterQuery.NOW,
                    new Completeness(here).of(new Customers(here, actor).spans(customer)),
                    SpanRows.settled(handle, subscription.id()),
                    /* issuedAt= */ null));
    Bill.Paper paper = made.bill().invoice().orElseGet(() -> nothing(made));
    return PaperJson.write(Name.DRAFT, made.subscription(), made.pinned(), paper);
  }

  private static Bill.Paper nothing(Made made) {
    Money zero = Money.zero(made.subscription().currency());
    return new Bill.Paper(
        List.of(), new Bill.BillSums(zero, zero, zero, List.of(), zero, zero, zero, zero), null);
  }

  private static Subscription running(Database here, String customer) {
    return Bills.subscriptions(here).of(customer).stream()
        .filter(each -> each.state().isInUse())
        .findFirst()
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "customerId",
                    "the customer " + customer + " has no subscription that runs; start one"));
  }

  private Span runningSpan(Database here, Handle handle, Subscription subscription) {
    Instant now = new CustomerClocks(here).now(subscription.customer());
    Instant end = subscription.periodAt(now).end();
    @Nullable Span last = SpanRows.lastBilled(handle, subscription.id()).orElse(null);
    List<Segment> segments = subscription.segments();
    Instant from = last == null ? segments.get(0).from() : last.to();
    return new Span(
        subscription.id(),
        last == null ? 1 : last.number() + 1,
        from,
        end.isAfter(from) ? end : from,
        last == null ? 0 : last.lastEvent(),
        Math.max(subscription.revision(), last == null ? 1 : last.lastEvent()));
  }

  /** Whether a document can be made again of the ledger and its pinned inputs. */
  public Verification verify(String number) {
    return database.read(
        handle -> new Verifier(database, taxes).verify(handle, require(handle, number)));
  }

  /** The events behind a document, as {@link EventList} says. */
  String events(Issued issued, int line) {
    return database.read(handle -> EventList.of(handle, database, issued, line));
  }

  /**
   * The faults of the documents together: numbers, dates, rows of lines, and the triggers that keep
   * all of them as they are.
   */
  public List<String> bookDifferences() {
    return database.read(BookRows::differences);
  }

  /**
   * Asks for a run that bills all that is due.
   *
   * @param customer of this customer alone; null for all
   * @return the id of the run
   */
  public UUID askForRun(@Nullable String customer) {
    return database.inTransaction(
        handle -> {
          if (customer != null) {
            new Customers(database.within(handle), actor).require(customer);
          }
          UUID id = UUID.randomUUID();
          RunRows.add(handle, id, customer, actor.name());
          Map<String, @Nullable Object> shown = new LinkedHashMap<>();
          shown.put("customerId", customer);
          AuditLog.write(handle, actor, "invoice.run", id.toString(), null, shown);
          return id;
        });
  }

  AskedRun run(UUID id) {
    return database
        .read(handle -> RunRows.find(handle, id))
        .orElseThrow(
            () -> RequestRefusedException.notFound("runId", "there is no run of invoices " + id));
  }

  Issued require(String number) {
    return database.read(handle -> require(handle, number));
  }

  private static Issued require(Handle handle, String number) {
    Optional<Issued> found = InvoiceRows.find(handle, number);
    return found.orElseThrow(() -> none(number));
  }

  static RequestRefusedException none(String number) {
    return RequestRefusedException.notFound("number", "there is no invoice " + number);
  }

  List<Issued> page(@Nullable String customer, long below, int most) {
    return database.read(handle -> InvoiceRows.page(handle, customer, below, most));
  }

  List<FailedSpan> failures(UUID after, int afterNumber, int most) {
    return database.read(handle -> SpanRows.failures(handle, after, afterNumber, most));
  }
}
