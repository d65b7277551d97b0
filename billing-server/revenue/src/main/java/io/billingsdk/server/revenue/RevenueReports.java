package io.billingsdk.server.revenue;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.revenue.BusinessFigure.Kind;
import io.billingsdk.server.revenue.Ratios.Ratio;
import io.billingsdk.server.revenue.RevenueReport.CustomerCounts;
import io.billingsdk.server.revenue.RevenueReport.RecurringRevenue;
import io.billingsdk.server.subscriptions.PlanTimes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the report of a month. Thread-safe. */
final class RevenueReports {
  private final Database database;
  private final InstantSource clock;

  RevenueReports(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The report of a month, or of its part until now.
   *
   * @param ofTestClocks of customers with test clocks alone, whose months lie where their clocks
   *     are; otherwise of all the others
   */
  RevenueReport of(BooksMonth month, boolean ofTestClocks) {
    Instant now = clock.instant();
    MrrWalk walk = walk(month, ofTestClocks);
    List<RecurringRevenue> recurring = new ArrayList<>();
    walk.sums().forEach((currency, sums) -> recurring.add(RecurringRevenue.of(currency, sums)));
    return new RevenueReport(
        month.month().toString(),
        month.zone().getId(),
        month.from(),
        month.to(),
        !month.to().isAfter(now),
        new InvoicedMonths(database).of(month.month(), month.month(), ofTestClocks),
        recurring,
        CustomerCounts.of(walk.counts()),
        figures(month, walk, ofTestClocks, now),
        null);
  }

  /**
   * The same with the forecast of the month, which has to be the running one.
   *
   * @throws RequestRefusedException for another month
   */
  RevenueReport withForecast(BooksMonth month, boolean ofTestClocks) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), month.zone());
    if (!YearMonth.from(today).equals(month.month())) {
      throw RequestRefusedException.invalid(
          "forecast", "left out, except for the running month, " + YearMonth.from(today));
    }
    return of(month, ofTestClocks)
        .with(new Forecaster(database).of(new ForecastDays(today, month.zone()), ofTestClocks));
  }

  private MrrWalk walk(BooksMonth month, boolean ofTestClocks) {
    Set<String> tests = new CustomerClocks(database).customersWithTestClocks();
    MrrWalk walk = new MrrWalk(month.from(), month.to());
    new PlanTimes(database)
        .forEachCustomer(
            month.to(),
            times -> {
              if (tests.contains(times.get(0).customer()) == ofTestClocks) {
                walk.add(times);
              }
            });
    return walk;
  }

  private List<BusinessFigure> figures(
      BooksMonth month, MrrWalk walk, boolean ofTestClocks, Instant now) {
    PayingCounts counts = walk.counts();
    Ratios ratios = new Ratios(database);
    Optional<Ratio> payments = ratios.paymentsMade(month.month(), ofTestClocks);
    List<BusinessFigure> figures = new ArrayList<>();
    figures.add(figure(Kind.CONVERSION, Ratio.of(counts.converted(), counts.free())));
    figures.add(figure(Kind.CHURN, Ratio.of(counts.lost(), counts.payingAtStart())));
    figures.add(figure(Kind.PAYMENT_SUCCESS, payments.orElse(null)));
    figures.add(figure(Kind.PAYMENT_FAILURE, payments.map(Ratio::rest).orElse(null)));
    walk.sums().forEach((currency, sums) -> figures.add(growth(currency, sums)));
    if (walk.sums().isEmpty()) {
      figures.add(figure(Kind.REVENUE_GROWTH, null));
    }
    Optional<Ratio> up = new Uptime(database).of(month.from(), month.to(), now);
    figures.add(figure(Kind.AVAILABILITY, up.orElse(null)));
    figures.add(figure(Kind.BILLING_ACCURACY, ratios.reconciled(month.month()).orElse(null)));
    return figures;
  }

  private static BusinessFigure growth(String currency, MrrSums sums) {
    Ratio ratio = new Ratio(sums.closing().minus(sums.opening()).amount(), sums.opening().amount());
    return BusinessFigure.of(Kind.REVENUE_GROWTH, currency, ratio);
  }

  private static BusinessFigure figure(Kind kind, @Nullable Ratio ratio) {
    return BusinessFigure.of(kind, null, ratio);
  }
}
