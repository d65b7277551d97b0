package io.billingsdk.server.revenue;

import io.billingsdk.rating.Fraction;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.PaidMonths;
import io.billingsdk.server.payments.PaidMonths.PaidCounts;
import io.billingsdk.server.payments.PaidMonths.PaidSelection;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.Optional;

/** What figures of the business divide, as other features of this server know it. Thread-safe. */
final class Ratios {
  private final Database database;

  Ratios(Database database) {
    this.database = database;
  }

  /** Payments of a month that nobody took back, of all that came; empty without payments. */
  Optional<Ratio> paymentsMade(YearMonth month, boolean ofTestClocks) {
    PaidCounts counts =
        new PaidMonths(database)
            .counts(
                new PaidSelection(
                    month.atDay(1),
                    month.plusMonths(1).atDay(1),
                    new CustomerClocks(database).customersWithTestClocks(),
                    ofTestClocks));
    return counts.payments() == 0
        ? Optional.empty()
        : Optional.of(Ratio.of(counts.payments() - counts.failed(), counts.payments()));
  }

  /** Figures of a month that were reconciled, of all; empty if nobody has looked yet. */
  Optional<Ratio> reconciled(YearMonth month) {
    return database.read(
        handle ->
            FigureRows.find(handle, month.toString(), BusinessFigure.Kind.BILLING_ACCURACY.text()));
  }

  /**
   * A part of a whole, which is not 0.
   *
   * @param part may be below 0
   */
  record Ratio(BigDecimal part, BigDecimal whole) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static Ratio of(long part, long whole) {
      return new Ratio(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    /** The rest of the whole. */
    Ratio rest() {
      return new Ratio(whole.subtract(part), whole);
    }

    /** In per cent, exactly. */
    Fraction percent() {
      return Fraction.of(part.multiply(HUNDRED)).dividedBy(Fraction.of(whole));
    }

    /** In per cent, to be shown. */
    BigDecimal shown() {
      return part.multiply(HUNDRED).divide(whole, 2, RoundingMode.HALF_UP);
    }
  }
}
