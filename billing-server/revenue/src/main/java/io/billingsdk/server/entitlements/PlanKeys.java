package io.billingsdk.server.entitlements;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Entitlements;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PastDueTerms;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.PlanTerms;
import io.billingsdk.server.keys.PlanTerms.PlanQuota;
import io.billingsdk.server.subscriptions.CustomerAccess;
import io.billingsdk.server.subscriptions.CustomerAccess.Barred;
import io.billingsdk.server.subscriptions.CustomerAccess.Granted;
import io.billingsdk.server.subscriptions.EntitlementsListener;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a customer may use to the keys of the customer's apps, in the transaction of the
 * change. Doing it again changes nothing. Thread-safe.
 *
 * <p>All who do it come one after the other ({@link EntitlementRows#lock}), and read what they
 * decide by after that: so the last one decides by what is true in the end.
 */
final class PlanKeys implements EntitlementsListener {
  private static final Actor PLAN = new Actor("plan");

  private final Database database;

  PlanKeys(Database database) {
    this.database = database;
  }

  @Override
  public void changed(Handle handle, String customer, CustomerAccess access, Instant at) {
    EntitlementRows.lock(handle);
    EntitlementRows.raise(handle, customer);
    give(handle, customer, access);
  }

  /** For a change beside the subscription; the caller has the lock. */
  void applyToCustomer(Handle handle, String customer) {
    EntitlementRows.raise(handle, customer);
    give(handle, customer, access(database.within(handle), customer));
  }

  /** Whose the app is now decides what its keys may do. */
  boolean applyToApp(Handle handle, String app) {
    EntitlementRows.lock(handle);
    Database within = database.within(handle);
    Optional<Customer> owner = new Customers(within, PLAN).ofApp(app, Instant.now());
    PlanTerms terms =
        owner.map(each -> terms(handle, each.id(), access(within, each.id()))).orElse(null);
    boolean changed = new KeyAdmin(within, null, PLAN).planOfApp(app, terms);
    if (changed) {
      EntitlementRows.raiseAll(handle);
    }
    return changed;
  }

  private void give(Handle handle, String customer, CustomerAccess access) {
    Database within = database.within(handle);
    PlanTerms terms = terms(handle, customer, access);
    KeyAdmin keys = new KeyAdmin(within, null, PLAN);
    for (String app : new Customers(within, PLAN).apps(customer, Instant.now())) {
      var unused = keys.planOfApp(app, terms);
    }
  }

  private static CustomerAccess access(Database within, String customer) {
    Instant now = new CustomerClocks(within).now(customer);
    return new Subscriptions(within, PLAN, List.of()).accessOf(customer, now);
  }

  /** Null for a customer whom no plan and no block concerns. */
  private @Nullable PlanTerms terms(Handle handle, String customer, CustomerAccess access) {
    Map<BlockCause, String> bars = new TreeMap<>();
    PastDueTerms overdue =
        access instanceof Granted granted ? granted.entitlements().pastDue() : PastDueTerms.USUAL;
    boolean isLimited = false;
    for (CustomerBlock each : EntitlementRows.of(handle, customer)) {
      if (each.cause() != BlockCause.PAST_DUE || overdue.then() == PastDueTerms.Action.BLOCK) {
        bars.putIfAbsent(each.cause(), each.reason());
      } else {
        isLimited = overdue.then() == PastDueTerms.Action.LIMIT;
      }
    }
    if (access instanceof Barred barred) {
      bars.put(BlockCause.PLAN, "the subscription is " + barred.reason());
    }
    if (access instanceof Granted granted) {
      RateTerms lower = isLimited ? overdue.rate() : null;
      return terms(handle, customer, granted.entitlements(), lower).withBars(bars);
    }
    return bars.isEmpty() ? null : PlanTerms.barred(bars);
  }

  private PlanTerms terms(
      Handle handle, String customer, Entitlements plan, @Nullable RateTerms lower) {
    Map<String, Meter> meters =
        new Meters(database.within(handle), PLAN)
            .named(plan.quotas().stream().map(QuotaTerms::meter).toList());
    RateTerms rate = lower(plan.rate(), lower);
    return new PlanTerms(
        plan.models(),
        rate == null ? null : new Rate(rate.perSecond(), rate.burst()),
        plan.quotas().stream().map(each -> quota(customer, each, meters)).toList());
  }

  private static @Nullable RateTerms lower(@Nullable RateTerms one, @Nullable RateTerms other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.perSecond().compareTo(other.perSecond()) <= 0 ? one : other;
  }

  private static PlanQuota quota(String customer, QuotaTerms terms, Map<String, Meter> meters) {
    Meter meter = meters.get(terms.meter());
    boolean isShared = terms.scope() == QuotaTerms.Scope.CUSTOMER;
    return new PlanQuota(
        terms.meter(),
        meter == null ? terms.meter() : meter.countedAs(),
        terms.limit(),
        terms.mode() != QuotaTerms.Mode.HARD,
        isShared ? CustomerQuotaId.of(customer, terms.meter()) : null);
  }
}
