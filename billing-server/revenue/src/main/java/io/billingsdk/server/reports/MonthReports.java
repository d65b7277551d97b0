package io.billingsdk.server.reports;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.Meter.MeterValue;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.MeterReader.MeterRange;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.quotas.RefusedCalls;
import io.billingsdk.server.quotas.RefusedCalls.AppTime;
import io.billingsdk.server.reports.MonthReport.ModelUse;
import io.billingsdk.server.reports.MonthReport.RefusedCount;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the reports, from the rollups of the ledger and the prices of plans. Thread-safe. */
final class MonthReports {
  private static final Actor READER = new Actor("reports");
  private static final int PAGE = 1_000;
  private static final Meter CALLS = meter(MeterValue.ONE, Aggregation.COUNT);
  private static final Meter USAGE = meter(MeterValue.USAGE, Aggregation.SUM);

  private final Customers customers;
  private final CustomerClocks clocks;
  private final Subscriptions subscriptions;
  private final MeterReader meters;
  private final RefusedCalls refused;

  /** In a database. */
  MonthReports(Database database) {
    this.customers = new Customers(database, READER);
    this.clocks = new CustomerClocks(database);
    this.subscriptions = new Subscriptions(database, READER, List.of());
    this.meters = new MeterReader(database);
    this.refused = new RefusedCalls(database);
  }

  private static Meter meter(MeterValue value, Aggregation how) {
    return new Meter("report", "call", null, List.of(), Map.of(), value, how);
  }

  /**
   * The report of a month, or of its part until now.
   *
   * @param month as 2026-11, in the zone of the customer
   */
  MonthReport of(String customerId, String month) {
    Customer customer = customers.require(customerId);
    ReportMonth of = ReportMonth.of(month, customer.zone());
    Instant now = clocks.now(customer.id());
    MonthCosts costs = costs(customer, of, now);
    Money total = Objects.requireNonNullElse(costs.total(), Money.zero(customer.currency()));
    List<ModelUse> models = models(customer, of);
    return new MonthReport(
        customer.id(),
        of.month().toString(),
        customer.zone().getId(),
        of.from(),
        of.to(),
        !of.to().isAfter(now),
        customer.currency(),
        models.stream().map(ModelUse::calls).reduce(BigDecimal.ZERO, BigDecimal::add),
        models,
        refusals(customer, of),
        costs.costs(),
        total.amount());
  }

  private MonthCosts costs(Customer customer, ReportMonth month, Instant now) {
    MonthCosts costs = new MonthCosts(meters, month, now);
    List<Subscription> all = subscriptions.ofCustomer(customer.id());
    all.forEach(each -> costs.addFees(events(each)));
    all.forEach(costs::addUsage);
    return costs;
  }

  private List<SubscriptionEvent> events(Subscription subscription) {
    List<SubscriptionEvent> all = new ArrayList<>();
    List<SubscriptionEvent> page;
    do {
      long last = all.isEmpty() ? 0 : all.get(all.size() - 1).number();
      page = subscriptions.events(subscription.id(), last, PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  private List<ModelUse> models(Customer customer, ReportMonth month) {
    MeterRange range = new MeterRange(customer.id(), month.from(), month.to(), MeterQuery.NOW);
    Map<String, BigDecimal> usage = meters.byDimension(USAGE, range, "model");
    List<ModelUse> models = new ArrayList<>();
    meters
        .byDimension(CALLS, range, "model")
        .forEach(
            (model, calls) ->
                models.add(
                    new ModelUse(
                        model, plain(calls), plain(usage.getOrDefault(model, BigDecimal.ZERO)))));
    return models;
  }

  private List<RefusedCount> refusals(Customer customer, ReportMonth month) {
    List<AppTime> times =
        customers.spans(customer.id()).stream()
            .map(
                span ->
                    new AppTime(
                        span.app(),
                        span.from().isAfter(month.from()) ? span.from() : month.from(),
                        span.to() != null && span.to().isBefore(month.to())
                            ? span.to()
                            : month.to()))
            .toList();
    return refused.byReason(times).entrySet().stream()
        .map(each -> new RefusedCount(each.getKey(), each.getValue()))
        .toList();
  }

  private static BigDecimal plain(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
