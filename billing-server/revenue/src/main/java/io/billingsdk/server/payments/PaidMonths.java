package io.billingsdk.server.payments;

import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** Amounts paid and given back, by month: for figures. Thread-safe. */
public final class PaidMonths {
  private final Database database;

  /** In a database. */
  public PaidMonths(Database database) {
    this.database = database;
  }

  /**
   * Which payments are meant.
   *
   * @param from the first day
   * @param to the day after the last
   * @param tests the customers with test clocks
   * @param ofTestClocks theirs alone; otherwise those of all the others
   */
  public record PaidSelection(
      LocalDate from, LocalDate to, Set<String> tests, boolean ofTestClocks) {
    /** Copies the set. */
    public PaidSelection {
      tests = Set.copyOf(tests);
    }
  }

  /**
   * Money of a month.
   *
   * @param month as 2026-11: of a payment the month in which it came, of money that was given back
   *     the one of the posting, by UTC
   * @param seller of the paid invoice; of money that paid none, the seller of the customer's last
   *     invoice; empty if there is none
   * @param paid with top-ups, and what paid a claim
   * @param refunded the amounts given back or taken back
   */
  public record PaidSums(
      String month, String seller, String currency, BigDecimal paid, BigDecimal refunded) {}

  /**
   * How payments went.
   *
   * @param failed of them, those that the bank or the payer took back
   */
  public record PaidCounts(long payments, long failed) {}

  /** The sums of each month, seller and currency, in their order. */
  public List<PaidSums> sums(PaidSelection selection) {
    return database.read(handle -> PaidRows.sums(handle, selection));
  }

  /** The payments that came in the time. */
  public PaidCounts counts(PaidSelection selection) {
    return database.read(handle -> PaidRows.counts(handle, selection));
  }
}
