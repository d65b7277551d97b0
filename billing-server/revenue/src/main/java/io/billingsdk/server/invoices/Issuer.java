package io.billingsdk.server.invoices;

import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.ProgressiveTerms;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditUse;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Uninvoiced;
import io.billingsdk.server.invoices.Bills.Made;
import io.billingsdk.server.invoices.Bills.Wanted;
import io.billingsdk.server.invoices.InvoiceRows.Stamp;
import io.billingsdk.server.invoices.PaperJson.Name;
import io.billingsdk.server.invoices.PinJson.PinnedName;
import io.billingsdk.server.invoices.SeriesRows.SeriesPlace;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import io.billingsdk.server.invoices.SpanRows.SettledSpan;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * Issues what a span brings, in one transaction: the documents, their numbers, the event and the
 * entry of the audit log. A fault of one span stops that span alone, and is noted with it.
 */
final class Issuer {
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

  /**
   * Bills the usage of a running period, if it has reached the next threshold of the plan.
   *
   * @param cut of the ledger
   */
  IssueOutcome progress(Subscription wanted, long cut, boolean isComplete) {
    return database.inTransaction(
        handle -> {
          Credits.lock(handle, wanted.customer());
          Subscription present = bills.subscription(handle, wanted.id());
          return RunningPeriods.of(database.within(handle), handle, present)
              .filter(span -> isPassed(handle, present, span, cut))
              .map(span -> progress(handle, present, span, cut, isComplete))
              .orElseGet(IssueOutcome.TakenByOther::new);
        });
  }

  /** Whether the usage of a running period has reached the next threshold. */
  boolean isPassed(Handle handle, Subscription subscription, Span span, long cut) {
    ProgressiveTerms terms = subscription.plan().progressive();
    if (terms == null) {
      return false;
    }
    ProgressState state = bills.progress(handle, subscription, span, cut);
    return terms
        .next(state.invoiced())
        .filter(threshold -> state.usage().compareTo(threshold) >= 0)
        .isPresent();
  }

  private IssueOutcome progress(
      Handle handle, Subscription subscription, Span period, long cut, boolean isComplete) {
    CustomerClocks clocks = new CustomerClocks(database.within(handle));
    Instant now = clocks.now(subscription.customer());
    boolean isTest = clocks.testClock(subscription.customer()).isPresent();
    Span span = period.progress(ProgressRows.count(handle, period) + 1, subscription.revision());
    ProgressRows.add(handle, span, subscription.customer(), now, isTest);
    Made made = bills.make(handle, new Wanted(span, cut, isComplete, List.of(), now));
    ProgressFailures.remove(handle, subscription.id());
    return issue(handle, made, now, isTest);
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
          handle ->
              SpanRows.lock(handle, due.subscription(), due.number())
                  .map(span -> locked(handle, span, cut, isComplete, due))
                  .orElseGet(IssueOutcome.TakenByOther::new));
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

  private IssueOutcome locked(Handle handle, Span span, long cut, boolean isComplete, DueSpan due) {
    // Of two servers that bill two subscriptions of a customer, one uses a credit.
    Credits.lock(handle, due.customer());
    List<SettledSpan> settled = SpanRows.settled(handle, span.subscription());
    if (settled.stream().anyMatch(each -> each.cut() > cut)) {
      // Another server was faster. By this cut, what it billed as late would be credited.
      return new IssueOutcome.TakenByOther();
    }
    if (span.isClosing() && ClosingRows.isPassed(handle, span)) {
      SpanRows.done(handle, span, cut, /* apps= */ null, /* isEmpty= */ true);
      return new IssueOutcome.Billed(0, 0);
    }
    Instant now =
        due.isTest()
            ? new CustomerClocks(database.within(handle)).now(due.customer())
            : clock.instant();
    Made made = bills.make(handle, new Wanted(span, cut, isComplete, settled, now));
    return issue(handle, made, now, due.isTest());
  }

  private IssueOutcome issue(Handle handle, Made made, Instant now, boolean isTest) {
    Span span = made.pinned().span();
    Bill bill = span.isClosing() ? Closing.of(handle, span, made.bill(), actor) : made.bill();
    bill.uninvoiced().forEach(each -> keep(handle, made, each));
    String apps = EarlierSpans.digest(made.pinned().apps(), span.to());
    SpanRows.done(handle, span, made.pinned().cut(), apps, bill.isEmpty());
    if (bill.isEmpty()) {
      credits(handle).reset(made.customer().id(), made.pinned().credits());
      return new IssueOutcome.Billed(0, 0);
    }
    List<Unnumbered> wanted = new ArrayList<>();
    for (int i = 0; i < bill.invoices().size(); i++) {
      wanted.add(unnumbered(handle, made, bill.invoices().get(i), i + 1, now, isTest));
    }
    for (int i = 0; i < bill.creditNotes().size(); i++) {
      wanted.add(unnumbered(handle, made, bill.creditNotes().get(i), i + 1, now, isTest));
    }
    List<Numbered> numbered = number(handle, wanted);
    List<PinnedName> names = numbered.stream().map(Numbered::name).toList();
    // All others of the series wait from here on until the end.
    Together changes = new Together();
    InvoiceRows.pin(changes, span, PinJson.write(made.pinned(), names));
    numbered.forEach(each -> add(changes, made, each));
    changes.execute(handle);
    numbered.forEach(each -> settle(handle, made, each));
    credits(handle).reset(made.customer().id(), made.pinned().credits());
    numbered.forEach(each -> settleAfterReset(handle, made, each));
    return new IssueOutcome.Billed(bill.invoices().size(), bill.creditNotes().size());
  }

  /** A document with the series that it gets a place in. */
  private record Unnumbered(Paper paper, int revision, String series, LocalDate today) {}

  /** A document with its place in a series. */
  private record Numbered(Paper paper, int revision, SeriesPlace place) {
    PinnedName name() {
      return new PinnedName(paper.kind(), revision, place.text(), place.date());
    }
  }

  private Unnumbered unnumbered(
      Handle handle, Made made, Paper paper, int revision, Instant now, boolean isTest) {
    Seller seller = bills.seller(handle, made, paper);
    String series = SeriesRows.of(made.pinned(), seller.id(), made.customer().id(), isTest);
    return new Unnumbered(paper, revision, series, now.atZone(seller.zone()).toLocalDate());
  }

  /**
   * In the order that was asked for. The places are taken in the order of the series: two bills
   * that need the same two series never wait for each other.
   */
  private static List<Numbered> number(Handle handle, List<Unnumbered> wanted) {
    Numbered[] numbered = new Numbered[wanted.size()];
    IntStream.range(0, wanted.size())
        .boxed()
        .sorted(Comparator.comparing(i -> wanted.get(i).series()))
        .forEachOrdered(i -> numbered[i] = number(handle, wanted.get(i)));
    return List.of(numbered);
  }

  private static Numbered number(Handle handle, Unnumbered wanted) {
    // Refused also on a path to here that asked for no obstacle: a number that exists would be
    // given again.
    SeriesPlace place =
        SeriesRows.next(handle, wanted.series(), wanted.today())
            .orElseThrow(InvoiceNumbering::suspended);
    return new Numbered(wanted.paper(), wanted.revision(), place);
  }

  private void add(Together changes, Made made, Numbered numbered) {
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
    InvoiceRows.add(changes, stamp, paper, document);
    if (paper.original() == null) {
      InvoiceStates.begin(changes, stamp, paper.sums());
    }
    IssueNotice.tell(changes, actor, stamp, paper);
  }

  /** What a document does to the money of its customer. */
  private void settle(Handle handle, Made made, Numbered numbered) {
    Paper paper = numbered.paper();
    String number = numbered.place().text();
    CreditUse use = paper.deductions().use();
    if (paper.original() != null) {
      new InvoiceStates(database.within(handle), actor)
          .credit(paper.original().number(), paper.sums().total(), number);
    } else if (!use.isEmpty()) {
      credits(handle).use(made.customer().id(), number, use);
    }
  }

  private void settleAfterReset(Handle handle, Made made, Numbered numbered) {
    CreditUse use = numbered.paper().deductions().use();
    if (!use.afterReset().isEmpty()) {
      credits(handle).useAfterReset(made.customer().id(), numbered.place().text(), use);
    }
  }

  private Credits credits(Handle handle) {
    return new Credits(database.within(handle), actor);
  }

  /** A credit that no invoice can take is no failure: the customer has it as account credit. */
  private void keep(Handle handle, Made made, Uninvoiced rest) {
    var unused =
        new Credits(database.within(handle), actor)
            .add(
                new NewCredit(
                    made.customer().id(),
                    CreditKind.ACCOUNT,
                    CreditSource.UNINVOICED,
                    rest.gross(),
                    Credits.PRIORITY,
                    null,
                    made.subscription().id() + "/" + made.pinned().span().number(),
                    "the unused rest of a fee that no invoice can take: " + rest.key().text()));
  }
}
