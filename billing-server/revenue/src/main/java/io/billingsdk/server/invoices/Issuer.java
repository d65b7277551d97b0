package io.billingsdk.server.invoices;

import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bills.Made;
import io.billingsdk.server.invoices.InvoiceRows.Stamp;
import io.billingsdk.server.invoices.PaperJson.Name;
import io.billingsdk.server.invoices.PinJson.PinnedName;
import io.billingsdk.server.invoices.SeriesRows.SeriesPlace;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Issues what a span brings, in one transaction: the documents, their numbers, the event and the
 * entry of the audit log. A fault of one span stops that span alone, and is noted with it.
 */
final class Issuer {
  /** Events that say so. Their subject is {@code customer/ID}. */
  static final String ISSUED = "invoice.issued";

  /** Less than the socket timeout, after which the connection is lost and nobody knows why. */
  private static final String PATIENCE = "SET LOCAL statement_timeout = '45s'";

  private final Database database;
  private final Bills bills;
  private final Actor actor;
  private final InstantSource clock = InstantSource.system();

  Issuer(Database database, TaxCalculator taxes, Actor actor) {
    this.database = database;
    this.bills = new Bills(database, taxes);
    this.actor = actor;
  }

  /** What became of a span. */
  sealed interface IssueOutcome {
    /** Its documents are issued: so many of each kind, none if there was nothing to bill. */
    record Billed(int invoices, int creditNotes) implements IssueOutcome {}

    /** It is billed, or another server is at it, or was at the one before with a later cut. */
    record TakenByOther() implements IssueOutcome {}

    /** It cannot be billed now; the span says why. */
    record Failed(String reason) implements IssueOutcome {}
  }

  /** What stands against billing a span whatever its usage is; without it, a cut is worth it. */
  Optional<IssueOutcome> obstacle(DueSpan due) {
    try {
      new InvoiceNumbering(database).require();
      bills.requireSeller(due.customer());
      return Optional.empty();
    } catch (RequestRefusedException refused) {
      return Optional.of(failed(due, String.valueOf(refused.getMessage())));
    }
  }

  /**
   * Bills a span that is due.
   *
   * @param cut of the ledger
   */
  IssueOutcome bill(DueSpan due, long cut, boolean isComplete) {
    try {
      return database.inTransaction(
          handle -> {
            handle.execute(PATIENCE);
            return SpanRows.lock(handle, due.subscription(), due.number())
                .map(span -> issue(handle, span, cut, isComplete, due.isTest()))
                .orElseGet(IssueOutcome.TakenByOther::new);
          });
    } catch (DatabaseException fault) {
      return failed(due, fault);
    } catch (RuntimeException fault) {
      return failed(due, reason(fault));
    }
  }

  /** One statement that takes too long, or is refused, must not hold up all who come after it. */
  private IssueOutcome failed(DueSpan due, DatabaseException fault) {
    try {
      return failed(due, reason(fault));
    } catch (DatabaseException away) {
      // Nothing can be written at all: that is no fault of this customer.
      fault.addSuppressed(away);
      throw fault;
    }
  }

  /** Why something could not be done. The message of the database may have a part of a row. */
  static String reason(RuntimeException fault) {
    if (fault instanceof DatabaseException refused) {
      String state = refused.sqlState();
      return "the database did not do it, with SQLSTATE " + (state.isEmpty() ? "unknown" : state);
    }
    boolean isPlain =
        fault instanceof RequestRefusedException
            || fault instanceof RatingInputException
            || fault instanceof IllegalStateException;
    return isPlain ? String.valueOf(fault.getMessage()) : "a fault of the server: " + fault;
  }

  private IssueOutcome failed(DueSpan due, String reason) {
    database.useTransaction(handle -> SpanRows.failed(handle, due, reason));
    return new IssueOutcome.Failed(reason);
  }

  private IssueOutcome issue(
      Handle handle, Span span, long cut, boolean isComplete, boolean isTest) {
    if (SpanRows.isStale(handle, span, cut)) {
      // Another server was faster. By this cut, what it billed as late would be credited.
      return new IssueOutcome.TakenByOther();
    }
    Made made = bills.make(handle, span, cut, isComplete, PeriodPart.COMPLETE);
    Bill bill = made.bill();
    String apps = EarlierSpans.digest(made.pinned().apps(), span.to());
    SpanRows.done(handle, span, cut, apps, bill.isEmpty());
    if (bill.isEmpty()) {
      return new IssueOutcome.Billed(0, 0);
    }
    List<Numbered> numbered = new ArrayList<>();
    for (int i = 0; i < bill.invoices().size(); i++) {
      numbered.add(number(handle, made, bill.invoices().get(i), i + 1, isTest));
    }
    for (int i = 0; i < bill.creditNotes().size(); i++) {
      numbered.add(number(handle, made, bill.creditNotes().get(i), i + 1, isTest));
    }
    List<PinnedName> names = numbered.stream().map(Numbered::name).toList();
    InvoiceRows.pin(handle, span, PinJson.write(made.pinned(), names));
    numbered.forEach(each -> add(handle, made, each));
    return new IssueOutcome.Billed(bill.invoices().size(), bill.creditNotes().size());
  }

  /** A document with its place in a series. */
  private record Numbered(Paper paper, int revision, SeriesPlace place) {
    PinnedName name() {
      return new PinnedName(paper.kind(), revision, place.text(), place.date());
    }
  }

  private Numbered number(Handle handle, Made made, Paper paper, int revision, boolean isTest) {
    // Also for a path to here that asked for no obstacle: a number that exists would be given
    // again.
    new InvoiceNumbering(database.within(handle)).require();
    String customer = made.customer().id();
    Instant now =
        isTest ? new CustomerClocks(database.within(handle)).now(customer) : clock.instant();
    Seller seller = bills.seller(handle, made, paper);
    LocalDate today = now.atZone(seller.zone()).toLocalDate();
    String series = SeriesRows.of(made.pinned(), seller.id(), customer, isTest);
    return new Numbered(paper, revision, SeriesRows.next(handle, series, today));
  }

  private void add(Handle handle, Made made, Numbered numbered) {
    Paper paper = numbered.paper();
    SeriesPlace place = numbered.place();
    String document =
        PaperJson.write(
                new Name(paper.kind(), place.text(), place.date()),
                made.subscription(),
                made.pinned(),
                paper)
            .toString();
    Stamp stamp =
        new Stamp(
            place,
            PaperJson.seller(made.pinned(), paper).path("sellerId").asText(),
            made.customer().id(),
            numbered.revision(),
            made.pinned(),
            made.subscription().currency(),
            actor.name());
    InvoiceRows.add(handle, stamp, paper, document);
    tell(handle, stamp, paper);
  }

  private void tell(Handle handle, Stamp stamp, Paper paper) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("number", stamp.place().text());
    shown.put("kind", paper.kind());
    shown.put("customerId", stamp.customer());
    shown.put("sellerId", stamp.seller());
    shown.put("issuedOn", stamp.place().date().toString());
    shown.put("currency", stamp.currency());
    shown.put("taxable", DetailJson.amount(paper.sums().taxable()));
    shown.put("tax", DetailJson.amount(paper.sums().tax()));
    shown.put("prepaid", DetailJson.amount(paper.sums().prepaid()));
    shown.put("total", DetailJson.amount(paper.sums().total()));
    shown.put("due", DetailJson.amount(paper.sums().due()));
    Optional.ofNullable(paper.original()).ifPresent(each -> shown.put("corrects", each.number()));
    AuditLog.write(handle, actor, "invoice.issue", stamp.place().text(), null, shown);
    Outbox.add(handle, DomainEvent.of(ISSUED, "customer/" + stamp.customer(), shown, actor.name()));
  }
}
