package io.billingsdk.server.credits;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.credits.CreditRows.ExpiringCredit;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Writes off the rest of credits that have expired. It waits: an invoice for a time before the
 * expiry may still need them.
 */
final class CreditExpiry implements Job {
  /** Longer than an invoice waits for missing usage. */
  static final Duration WAIT = Duration.ofDays(3);

  private static final int PAGE = 200;

  private final Database database;
  private final CustomerClocks clocks;
  private final Credits credits;

  CreditExpiry(Database database) {
    this.database = database;
    this.clocks = new CustomerClocks(database);
    this.credits = new Credits(database, new Actor("time"));
  }

  @Override
  public String name() {
    return "credit-expiry";
  }

  @Override
  public Duration every() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    Instant after = Instant.EPOCH;
    long position = 0;
    while (!Thread.currentThread().isInterrupted()) {
      Instant from = after;
      long place = position;
      List<ExpiringCredit> page =
          database.read(handle -> CreditRows.expiring(handle, from, place, PAGE));
      page.forEach(this::expire);
      if (page.size() < PAGE) {
        return;
      }
      after = page.get(PAGE - 1).expiresAt();
      position = page.get(PAGE - 1).position();
    }
  }

  private void expire(ExpiringCredit credit) {
    if (!clocks.now(credit.customer()).isBefore(credit.expiresAt().plus(WAIT))) {
      var unused = credits.expire(credit.id());
    }
  }
}
