package io.billingsdk.server.whatif;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanFile;
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
import io.billingsdk.server.whatif.WhatIfReport.WhatIfCustomer;
import io.billingsdk.server.whatif.WhatIfReport.WhatIfSum;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices real usage of complete calendar months by another price list, and by the plans that the
 * customers have. Each month is a full period, without prorating. It changes nothing. Thread-safe.
 */
final class WhatIf {
  static final int MOST_MONTHS = 36;

  private static final Actor READER = new Actor("what-if");
  private static final int PAGE = 500;

  private final Customers customers;
  private final CustomerClocks clocks;
  private final Subscriptions subscriptions;
  private final MeterReader reader;

  /** In a database. */
  WhatIf(Database database) {
    this.customers = new Customers(database, READER);
    this.clocks = new CustomerClocks(database);
    this.subscriptions = new Subscriptions(database, READER, List.of());
    this.reader = new MeterReader(database);
  }

  /** A customer with the two plans and the months that are priced. */
  private record Candidate(
      Customer customer, PlanVersion now, PlanVersion then, List<List<AppRange>> months) {}

  private record Amounts(Money now, Money then) {
    Amounts plus(Amounts other) {
      return new Amounts(now.plus(other.now), then.plus(other.then));
    }
  }

  /**
   * Prices.
   *
   * @param file with a plan of the id of each plan that customers have, or with one plan for all
   * @param months 1 to {@value #MOST_MONTHS}
   * @param only this customer; null for all
   */
  WhatIfReport price(PlanFile file, int months, @Nullable String only) {
    if (months < 1 || months > MOST_MONTHS) {
      throw RequestRefusedException.invalid("months", "1 to " + MOST_MONTHS);
    }
    Map<String, WhatIfCustomer> shown = new TreeMap<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Customer each : only == null ? all() : List.of(customers.require(only))) {
      try {
        candidates.add(candidate(file, each, months));
      } catch (RequestRefusedException refused) {
        shown.put(each.id(), unpriced(each.id(), null, refused));
      }
    }
    Map<String, Amounts> sums = new TreeMap<>();
    long priced = 0;
    for (List<Candidate> group : groups(candidates)) {
      priced += price(file, group, shown, sums);
    }
    return new WhatIfReport(months, priced, sums(sums), List.copyOf(shown.values()));
  }

  private List<Customer> all() {
    List<Customer> all = new ArrayList<>();
    List<Customer> page;
    do {
      page = customers.after(all.isEmpty() ? "" : all.get(all.size() - 1).id(), PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  private Candidate candidate(PlanFile file, Customer customer, int months) {
    Instant moment = clocks.now(customer.id());
    PlanVersion now =
        subscriptions
            .of(customer.id(), moment)
            .map(Subscription::plan)
            .orElseThrow(
                () -> RequestRefusedException.conflict("customer", "it has no subscription"));
    List<String> ids = file.planIds();
    PlanVersion then =
        file.plan(now.plan())
            .or(() -> ids.size() == 1 ? file.plan(ids.get(0)) : Optional.empty())
            .orElseThrow(
                () ->
                    RequestRefusedException.conflict(
                        "plan", "the file has no plan " + now.plan() + "; add it"));
    if (!then.currency().equals(now.currency())) {
      throw RequestRefusedException.conflict(
          "currency", "the plan of the file is in " + then.currency() + ", not " + now.currency());
    }
    if (!now.interval().equals(BillingInterval.MONTH)
        || !then.interval().equals(BillingInterval.MONTH)) {
      throw RequestRefusedException.conflict("interval", "only plans of one month are compared");
    }
    return new Candidate(customer, now, then, months(customer, moment, months));
  }

  /** The last complete months in which the customer had an app. */
  private List<List<AppRange>> months(Customer customer, Instant moment, int count) {
    List<AppSpan> spans = customers.spans(customer.id());
    YearMonth running = YearMonth.from(moment.atZone(customer.zone()));
    List<List<AppRange>> months = new ArrayList<>();
    for (int back = count; back > 0; back--) {
      YearMonth month = running.minusMonths(back);
      Instant from = month.atDay(1).atStartOfDay(customer.zone()).toInstant();
      Instant to = month.plusMonths(1).atDay(1).atStartOfDay(customer.zone()).toInstant();
      List<AppRange> ranges = new ArrayList<>();
      for (AppSpan span : spans) {
        Instant begin = span.from().isAfter(from) ? span.from() : from;
        Instant end = span.to() != null && span.to().isBefore(to) ? span.to() : to;
        if (end.isAfter(begin)) {
          ranges.add(new AppRange(span.app(), begin, end));
        }
      }
      if (!ranges.isEmpty()) {
        months.add(ranges);
      }
    }
    return months;
  }

  private static List<List<Candidate>> groups(List<Candidate> candidates) {
    Map<List<PlanVersion>, List<Candidate>> groups = new LinkedHashMap<>();
    candidates.forEach(
        each ->
            groups
                .computeIfAbsent(List.of(each.now(), each.then()), none -> new ArrayList<>())
                .add(each));
    return List.copyOf(groups.values());
  }

  private long price(
      PlanFile file,
      List<Candidate> group,
      Map<String, WhatIfCustomer> shown,
      Map<String, Amounts> sums) {
    List<List<AppRange>> months = group.stream().flatMap(each -> each.months().stream()).toList();
    Map<String, Meter> ofFile = new LinkedHashMap<>();
    file.meters().forEach(each -> ofFile.put(each.slug(), each));
    PlanVersion plan = group.get(0).now();
    try {
      List<Money> now = PricedMonths.of(reader, plan, Map.of(), months);
      List<Money> then = PricedMonths.of(reader, group.get(0).then(), ofFile, months);
      int place = 0;
      for (Candidate each : group) {
        Money zero = Money.zero(plan.currency());
        Amounts amounts = new Amounts(zero, zero);
        for (int i = 0; i < each.months().size(); i++) {
          amounts = amounts.plus(new Amounts(now.get(place), then.get(place)));
          place++;
        }
        sums.merge(plan.currency(), amounts, Amounts::plus);
        shown.put(each.customer().id(), priced(each, amounts));
      }
      return months.size();
    } catch (RatingInputException | RequestRefusedException refused) {
      group.forEach(
          each ->
              shown.put(
                  each.customer().id(), unpriced(each.customer().id(), plan.plan(), refused)));
      return 0;
    }
  }

  private static WhatIfCustomer priced(Candidate each, Amounts amounts) {
    return new WhatIfCustomer(
        each.customer().id(),
        each.now().plan(),
        each.now().currency(),
        each.months().size(),
        amounts.now().amount(),
        amounts.then().amount(),
        amounts.then().minus(amounts.now()).amount(),
        null);
  }

  private static WhatIfCustomer unpriced(
      String customer, @Nullable String plan, RuntimeException refused) {
    return new WhatIfCustomer(
        customer, plan, null, 0, null, null, null, String.valueOf(refused.getMessage()));
  }

  private static List<WhatIfSum> sums(Map<String, Amounts> sums) {
    return sums.entrySet().stream()
        .map(
            each ->
                new WhatIfSum(
                    each.getKey(),
                    each.getValue().now().amount(),
                    each.getValue().then().amount(),
                    each.getValue().then().minus(each.getValue().now()).amount()))
        .toList();
  }
}
