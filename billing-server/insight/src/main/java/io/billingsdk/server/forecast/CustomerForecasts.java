package io.billingsdk.server.forecast;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts money of customers: the usage of a calendar month, rated by the plan that the customer
 * has now, as a full period. It changes nothing. Thread-safe.
 */
final class CustomerForecasts {
  private static final Actor READER = new Actor("forecast");

  private final Database database;
  private final Customers customers;
  private final CustomerClocks clocks;

  CustomerForecasts(Database database) {
    this.database = database;
    this.customers = new Customers(database, READER);
    this.clocks = new CustomerClocks(database);
  }

  /** The days of a customer: by its zone, and by its clock. */
  DailySeries days(String customer) {
    Customer known = customers.require(customer);
    return new DailySeries(known.zone(), clocks.now(known.id()));
  }

  /**
   * The forecast of the month.
   *
   * @throws RequestRefusedException when there is no subscription, or its interval is not a month
   */
  CustomerForecast of(String customer) {
    DailySeries days = days(customer);
    PlanVersion plan =
        new Subscriptions(database, READER, List.of())
            .of(customer, days.now())
            .map(Subscription::plan)
            .orElseThrow(
                () -> RequestRefusedException.conflict("name", "the customer has no subscription"));
    if (!plan.interval().equals(BillingInterval.MONTH)) {
      throw RequestRefusedException.conflict(
          "name", "the plan of the customer is not of one month; forecast its meters instead");
    }
    Money fees = Money.zero(plan.currency());
    List<ChargeForecast> charges = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    List<List<AppRange>> places = places(customer, days);
    MeterReader reader = new MeterReader(database);
    for (PlanCharge each : plan.charges()) {
      if (each.kind() != PlanCharge.Kind.METERED) {
        fees = fees.plus(each.charge().rate(Usage.none()).amount());
      } else if (addsUp(each)) {
        charges.add(ChargeForecast.of(each, days, reader.usages(each, Map.of(), places)));
      } else {
        leftOut.add(each.id());
      }
    }
    return new CustomerForecast(YearMonth.from(days.today()), plan, fees, charges, leftOut);
  }

  private boolean addsUp(PlanCharge charge) {
    @Nullable String meter = charge.meter();
    return meter != null
        && charge.form() == PlanCharge.UsageForm.TOTAL
        && UsageForecasts.addsUp(new Meters(database, READER).require(meter));
  }

  /** The apps of the customer on each day. */
  List<List<AppRange>> places(String customer, DailySeries days) {
    List<AppSpan> spans = customers.spans(customer);
    List<List<AppRange>> places = new ArrayList<>();
    for (LocalDate day : days.days()) {
      List<AppRange> ranges = new ArrayList<>();
      for (AppSpan span : spans) {
        Instant from = later(span.from(), days.start(day));
        Instant end = days.end(day);
        Instant to = span.to() != null && span.to().isBefore(end) ? span.to() : end;
        if (to.isAfter(from)) {
          ranges.add(new AppRange(span.app(), from, to));
        }
      }
      places.add(ranges);
    }
    return places;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
