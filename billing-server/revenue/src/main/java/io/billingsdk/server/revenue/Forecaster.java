package io.billingsdk.server.revenue;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Foretells the revenue of a month: usage of the rest of the month by the same weekdays before, and
 * its price through the tiers of each subscription. It reads the usage of four months. It changes
 * nothing. Thread-safe.
 */
final class Forecaster {
  private static final Actor READER = new Actor("revenue");
  private static final int PAGE = 100;

  private final Customers customers;
  private final CustomerClocks clocks;
  private final Subscriptions subscriptions;
  private final ChargeHistory history;

  /** In a database. */
  Forecaster(Database database) {
    this.customers = new Customers(database, READER);
    this.clocks = new CustomerClocks(database);
    this.subscriptions = new Subscriptions(database, READER, List.of());
    this.history = new ChargeHistory(database);
  }

  /** A subscription that is foretold. */
  private record Foretold(Segment segment, LocalDate since, List<AppSpan> apps) {}

  /**
   * The forecast of the month of a day.
   *
   * @param ofTestClocks of customers with test clocks alone; otherwise of all the others
   */
  RevenueForecast of(ForecastDays days, boolean ofTestClocks) {
    Set<String> tests = clocks.customersWithTestClocks();
    Instant moment = days.start(days.day());
    Map<String, ForecastSums> sums = new TreeMap<>();
    long leftOut = 0;
    UUID last = new UUID(0, 0);
    List<Subscription> page;
    do {
      page = subscriptions.after(last, PAGE);
      Map<PlanVersion, List<Foretold>> groups = new LinkedHashMap<>();
      for (Subscription each : page) {
        last = each.id();
        boolean isMeant = tests.contains(each.customer()) == ofTestClocks;
        Segment segment = isMeant ? each.segmentAt(moment).orElse(null) : null;
        if (segment == null || segment.isTrial()) {
          continue;
        }
        if (segment.plan().interval().equals(BillingInterval.MONTH)) {
          groups
              .computeIfAbsent(segment.plan(), none -> new ArrayList<>())
              .add(foretold(each, segment, days));
        } else {
          leftOut++;
        }
      }
      groups.forEach((plan, group) -> add(plan, group, days, sums));
    } while (page.size() == PAGE);
    return new RevenueForecast(
        days.target().month().toString(),
        days.zone().getId(),
        days.day().toString(),
        sums.values().stream().map(ForecastSums::forecast).toList(),
        leftOut);
  }

  private Foretold foretold(Subscription of, Segment segment, ForecastDays days) {
    Instant begun = of.segments().get(0).from();
    return new Foretold(
        segment, begun.atZone(days.zone()).toLocalDate(), customers.spans(of.customer()));
  }

  private void add(
      PlanVersion plan, List<Foretold> group, ForecastDays days, Map<String, ForecastSums> sums) {
    ForecastSums sum =
        sums.computeIfAbsent(plan.currency(), currency -> new ForecastSums(currency, days));
    List<List<AppSpan>> apps = group.stream().map(Foretold::apps).toList();
    List<List<ForetoldCharge>> charges = history.of(plan, apps, days);
    for (int i = 0; i < group.size(); i++) {
      sum.add(plan, group.get(i).since(), charges.get(i));
    }
  }
}
