package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.Issuer.IssueOutcome;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import io.billingsdk.server.ledger.Cuts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bills all spans that are due, each in a transaction of its own: a run that is cut off goes on
 * where it was, and several servers may run at once. For one thread, which has some of its own.
 */
final class InvoiceRun {
  private static final int PAGE = 200;

  /** Few: they share the connections with those that take usage in. */
  static final int THREADS = 4;

  /** The longest wait for usage that is known to be missing, after the end of a span. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  private final Database database;
  private final TaxCalculator taxes;
  private final Actor actor;
  private final Completeness completeness;
  private final CustomerClocks clocks;
  private final InstantSource clock = InstantSource.system();
  private final Customers customers;

  InvoiceRun(Database database, TaxCalculator taxes, Actor actor) {
    this(database, taxes, actor, new Completeness(database));
  }

  InvoiceRun(Database database, TaxCalculator taxes, Actor actor, Completeness completeness) {
    this.database = database;
    this.taxes = taxes;
    this.actor = actor;
    this.completeness = completeness;
    this.clocks = new CustomerClocks(database);
    this.customers = new Customers(database, actor);
  }

  /**
   * What a run has done so far.
   *
   * @param empty spans that had nothing to bill
   * @param waiting spans that wait for missing usage or for the clock of their customer
   */
  record Progress(long invoices, long creditNotes, long empty, long failed, long waiting) {
    static final Progress NONE = new Progress(0, 0, 0, 0, 0);

    Progress with(IssueOutcome outcome) {
      if (outcome instanceof IssueOutcome.Billed billed) {
        boolean isEmpty = billed.invoices() + billed.creditNotes() == 0;
        return new Progress(
            invoices + billed.invoices(),
            creditNotes + billed.creditNotes(),
            empty + (isEmpty ? 1 : 0),
            failed,
            waiting);
      }
      return new Progress(
          invoices,
          creditNotes,
          empty,
          failed + (outcome instanceof IssueOutcome.Failed ? 1 : 0),
          waiting);
    }

    /** With what earlier attempts billed; what failed or waits is that of the last one. */
    Progress after(Progress earlier) {
      return new Progress(
          earlier.invoices + invoices,
          earlier.creditNotes + creditNotes,
          earlier.empty + empty,
          failed,
          waiting);
    }

    Progress plus(Progress other) {
      return new Progress(
          invoices + other.invoices,
          creditNotes + other.creditNotes,
          empty + other.empty,
          failed + other.failed,
          waiting + other.waiting);
    }

    Progress waited() {
      return new Progress(invoices, creditNotes, empty, failed, waiting + 1);
    }
  }

  /**
   * Runs.
   *
   * @param customer of this customer alone; null for all
   * @param eager also spans that failed a short time ago
   * @param watcher learns of the progress after each page
   */
  Progress run(@Nullable String customer, boolean eager, Consumer<Progress> watcher)
      throws InterruptedException {
    Progress progress;
    try (InvoiceThreads threads = new InvoiceThreads(THREADS)) {
      progress = run(customer, eager, watcher, threads);
    }
    return new ProgressRun(database, taxes, actor, completeness, eager).run(customer, progress);
  }

  private Progress run(
      @Nullable String customer, boolean eager, Consumer<Progress> watcher, InvoiceThreads threads)
      throws InterruptedException {
    Progress progress = Progress.NONE;
    DueSpan last = DueSpan.NONE;
    while (!Thread.currentThread().isInterrupted()) {
      DueSpan after = last;
      List<DueSpan> page =
          database.read(handle -> SpanRows.due(handle, customer, eager, after, PAGE));
      if (page.isEmpty()) {
        break;
      }
      progress = bill(page, progress, threads);
      last = page.get(page.size() - 1);
      watcher.accept(progress);
    }
    return progress;
  }

  /** A fee in advance is due whatever usage is missing. */
  private static boolean isPatient(DueSpan due, Instant now) {
    return due.hasLength() && now.isBefore(due.end().plus(PATIENCE));
  }

  private Progress bill(List<DueSpan> page, Progress before, InvoiceThreads threads)
      throws InterruptedException {
    Progress progress = before;
    // What the bills of a page share is read for each page.
    Issuer issuer = new Issuer(database, taxes, actor);
    List<DueSpan> ready = new ArrayList<>();
    Set<DueSpan> complete = new HashSet<>();
    for (DueSpan each : page) {
      Instant now = each.isTest() ? clocks.now(each.customer()) : clock.instant();
      if (each.isClosing() && now.isBefore(each.at())) {
        // It is nothing that somebody waits for.
        continue;
      }
      boolean isComplete = each.isTest() || completeness.of(() -> customers.spans(each.customer()));
      if (now.isBefore(each.at()) || (!isComplete && isPatient(each, now))) {
        progress = progress.waited();
        continue;
      }
      Optional<IssueOutcome> obstacle = ready.isEmpty() ? issuer.obstacle(each) : Optional.empty();
      if (obstacle.isPresent()) {
        progress = progress.with(obstacle.get());
        continue;
      }
      ready.add(each);
      if (isComplete) {
        complete.add(each);
      }
    }
    if (ready.isEmpty()) {
      // A cut that nobody needs would be one every five seconds.
      return progress;
    }
    long cut = new Cuts(database).make();
    return threads.bill(ready, each -> issuer.bill(each, cut, complete.contains(each)), progress);
  }
}
