package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerQuotaId;
import io.billingsdk.server.keys.PlanTerms;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The quotas that a customer and its keys have by the customer's plan. One that is paused or has
 * ended counts on: usage may still come, and one that is taken up again goes on with the counters.
 * Immutable.
 */
final class CustomerPlan {
  private static final Actor READER = new Actor("quotas");

  private final String customer;
  private final Subscription subscription;
  private final Map<String, Meter> meters;
  private final List<QuotaRule> shared;

  private CustomerPlan(String customer, Subscription subscription, Map<String, Meter> meters) {
    this.customer = customer;
    this.subscription = subscription;
    this.meters = meters;
    this.shared =
        terms(QuotaTerms.Scope.CUSTOMER).stream()
            .map(each -> rule(CustomerQuotaId.of(customer, each.meter()), each))
            .toList();
  }

  /** By the subscription that the customer has, or had last; empty if there was none. */
  static Optional<CustomerPlan> of(Database within, String customer) {
    Instant now = new CustomerClocks(within).now(customer);
    return new Subscriptions(within, READER, List.of())
        .of(customer, now)
        .map(each -> new CustomerPlan(customer, each, meters(within, each)));
  }

  private static Map<String, Meter> meters(Database within, Subscription subscription) {
    Set<String> slugs = new HashSet<>();
    subscription.plan().entitlements().quotas().forEach(each -> slugs.add(each.meter()));
    for (Segment segment : subscription.segments()) {
      for (PlanCharge charge : segment.plan().charges()) {
        String slug = charge.meter();
        if (slug != null) {
          slugs.add(slug);
        }
      }
    }
    return new Meters(within, READER).named(slugs);
  }

  /** What many refused calls of a key of an app lead to. */
  ViolationPolicy violations(String app) {
    return new ViolationPolicy(
        app,
        customer,
        subscription.plan().plan() + "/" + subscription.plan().version(),
        subscription.zone(),
        subscription.plan().entitlements().violations());
  }

  /** Those that all keys share. */
  List<QuotaRule> shared() {
    return shared;
  }

  /** Those that a key has for itself. */
  List<QuotaRule> ofKey(String keyId) {
    return terms(QuotaTerms.Scope.KEY).stream()
        .map(each -> rule(PlanTerms.quotaId(keyId, each.meter()), each))
        .toList();
  }

  private List<QuotaTerms> terms(QuotaTerms.Scope scope) {
    return subscription.plan().entitlements().quotas().stream()
        .filter(each -> each.scope() == scope)
        .toList();
  }

  private QuotaRule rule(String id, QuotaTerms terms) {
    PlanCalendar periods =
        terms.period() == QuotaTerms.Period.BILLING_PERIOD
            ? PlanCalendar.billingPeriods(subscription)
            : PlanCalendar.months(subscription);
    return new QuotaRule(id, terms, periods, measure(terms.meter()));
  }

  private QuotaMeasure measure(String slug) {
    Meter meter = meters.get(slug);
    if (meter != null) {
      return new QuotaMeasure.ByMeter(meter);
    }
    return slug.equals(QuotaMeters.AMOUNT)
        ? new QuotaMeasure.BySpending(subscription, meters)
        : new QuotaMeasure.ByField(slug);
  }
}
