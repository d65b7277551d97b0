package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bills the usage of running periods that has reached a threshold of its plan, each in a
 * transaction of its own. For one thread.
 */
final class ProgressRun {
  private static final int PAGE = 200;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;
  private final TaxCalculator taxes;
  private final Actor actor;
  private final Completeness completeness;
  private @Nullable RuntimeException failed;

  ProgressRun(Database database, TaxCalculator taxes, Actor actor, Completeness completeness) {
    this.database = database;
    this.taxes = taxes;
    this.actor = actor;
    this.completeness = completeness;
  }

  /**
   * Runs.
   *
   * @param customer of this customer alone; null for all
   * @param before what the run has done so far
   * @throws RuntimeException the first fault, after all others are billed
   */
  Progress run(@Nullable String customer, Progress before) throws InterruptedException {
    Progress progress = before;
    for (String plan : new Plans(database, actor).progressive()) {
      UUID after = FIRST;
      List<Subscription> page;
      do {
        page = Bills.subscriptions(database).ofPlan(plan, after, PAGE);
        progress = bill(page, customer, progress);
        after = page.isEmpty() ? after : page.get(page.size() - 1).id();
      } while (page.size() == PAGE && !Thread.currentThread().isInterrupted());
    }
    if (failed != null) {
      throw failed;
    }
    return progress;
  }

  private Progress bill(List<Subscription> page, @Nullable String customer, Progress before)
      throws InterruptedException {
    // What the bills of a page share is read for each page.
    Issuer issuer = new Issuer(database, taxes, actor);
    List<Subscription> passed = new ArrayList<>();
    for (Subscription each : page) {
      boolean isWanted = customer == null || customer.equals(each.customer());
      if (isWanted && each.plan().progressive() != null && isPassed(issuer, each)) {
        passed.add(each);
      }
    }
    if (passed.isEmpty()) {
      // A cut that nobody needs would be one every five seconds.
      return before;
    }
    try {
      new InvoiceNumbering(database).require();
    } catch (RequestRefusedException suspended) {
      return before;
    }
    long cut = new Cuts(database).make();
    Progress progress = before;
    for (Subscription each : passed) {
      progress = progress.with(bill(issuer, each, cut));
    }
    return progress;
  }

  private boolean isPassed(Issuer issuer, Subscription subscription) {
    try {
      return database.read(
          handle ->
              RunningPeriods.of(database.within(handle), handle, subscription)
                  .filter(span -> issuer.isPassed(handle, subscription, span, MeterQuery.NOW))
                  .isPresent());
    } catch (RuntimeException fault) {
      note(fault);
      return false;
    }
  }

  private Issuer.IssueOutcome bill(Issuer issuer, Subscription subscription, long cut) {
    try {
      boolean isComplete =
          completeness.of(() -> new Customers(database, actor).spans(subscription.customer()));
      return issuer.progress(subscription, cut, isComplete);
    } catch (RuntimeException fault) {
      note(fault);
      return new Issuer.IssueOutcome.Failed(Issuer.reason(fault));
    }
  }

  /** One that cannot be billed holds up none of the others. */
  private void note(RuntimeException fault) {
    // What an operator has to set, as a seller, is listed with the invoice of the period.
    boolean isRefused = fault instanceof RequestRefusedException;
    failed = failed == null && !isRefused ? fault : failed;
  }
}
