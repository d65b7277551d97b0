package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Issuer.IssueOutcome;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bills the usage of running periods that has reached a threshold of its plan, each in a
 * transaction of its own. A fault of one stops that one alone, and is listed with its reason. For
 * one thread.
 */
final class ProgressRun {
  private static final int PAGE = 200;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;
  private final TaxCalculator taxes;
  private final Actor actor;
  private final Completeness completeness;
  private final boolean eager;

  /**
   * A run.
   *
   * @param eager also what failed a short time ago
   */
  ProgressRun(
      Database database,
      TaxCalculator taxes,
      Actor actor,
      Completeness completeness,
      boolean eager) {
    this.database = database;
    this.taxes = taxes;
    this.actor = actor;
    this.completeness = completeness;
    this.eager = eager;
  }

  /**
   * Runs.
   *
   * @param customer of this customer alone; null for all
   * @param before what the run has done so far
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
    return progress;
  }

  private Progress bill(List<Subscription> page, @Nullable String customer, Progress before)
      throws InterruptedException {
    // What the bills of a page share is read for each page.
    Issuer issuer = new Issuer(database, taxes, actor);
    List<Subscription> passed = new ArrayList<>();
    Progress progress = before;
    for (Subscription each : page) {
      boolean isWanted = customer == null || customer.equals(each.customer());
      if (isWanted && each.plan().progressive() != null && !rests(each)) {
        progress = look(issuer, each, passed, progress);
      }
    }
    if (passed.isEmpty()) {
      // A cut that nobody needs would be one every five seconds.
      return progress;
    }
    try {
      new InvoiceNumbering(database).require();
    } catch (RequestRefusedException suspended) {
      return progress;
    }
    long cut = new Cuts(database).make();
    for (Subscription each : passed) {
      progress = progress.with(bill(issuer, each, cut));
    }
    return progress;
  }

  private boolean rests(Subscription subscription) {
    return !eager && database.read(handle -> ProgressFailures.rests(handle, subscription.id()));
  }

  /** Adds one that has reached a threshold to those that have. */
  private Progress look(
      Issuer issuer, Subscription subscription, List<Subscription> passed, Progress before) {
    try {
      if (isPassed(issuer, subscription)) {
        passed.add(subscription);
      }
      return before;
    } catch (RuntimeException fault) {
      return before.with(failed(subscription, fault));
    }
  }

  private boolean isPassed(Issuer issuer, Subscription subscription) {
    return database.read(
        handle ->
            RunningPeriods.of(database.within(handle), handle, subscription)
                .filter(span -> issuer.isPassed(handle, subscription, span, MeterQuery.NOW))
                .isPresent());
  }

  private IssueOutcome bill(Issuer issuer, Subscription subscription, long cut) {
    try {
      boolean isComplete =
          completeness.of(() -> new Customers(database, actor).spans(subscription.customer()));
      return issuer.progress(subscription, cut, isComplete);
    } catch (RuntimeException fault) {
      return failed(subscription, fault);
    }
  }

  private IssueOutcome failed(Subscription subscription, RuntimeException fault) {
    String reason = Issuer.reason(fault);
    boolean isNoted;
    try {
      isNoted =
          database.inTransaction(handle -> ProgressFailures.note(handle, subscription, reason));
    } catch (DatabaseException away) {
      // Nothing can be written at all: that is no fault of this customer.
      fault.addSuppressed(away);
      throw fault;
    }
    if (!isNoted) {
      throw fault;
    }
    return new IssueOutcome.Failed(reason);
  }
}
