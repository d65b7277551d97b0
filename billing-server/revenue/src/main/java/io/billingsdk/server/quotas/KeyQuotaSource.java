package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerQuotaId;
import io.billingsdk.server.entitlements.EntitlementVersion;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The quotas that keys have by themselves, and by the plan of their customer. */
final class KeyQuotaSource implements QuotaSource {
  private static final String OWN = "key/";
  private static final String BY_PLAN = "plan/";
  private static final List<Integer> THRESHOLDS = List.of(50, 80, 100);
  private static final Actor READER = new Actor("quotas");

  private final Database database;
  private final PlanCache plans;

  /**
   * In a database.
   *
   * @param database that the handles are of
   */
  KeyQuotaSource(Database database) {
    this.database = database;
    this.plans = new PlanCache(database);
  }

  @Override
  public long version(Handle handle) {
    // Both only grow, so their sum is another one after each change of either.
    return KeyVersions.current(handle) + EntitlementVersion.current(handle);
  }

  @Override
  public Map<KeyName, List<QuotaRule>> ofKeys(Handle handle, Collection<KeyName> keys) {
    Map<String, List<QuotaRule>> byId = new HashMap<>();
    for (StoredKey each :
        KeyVersions.named(handle, keys.stream().map(KeyName::key).distinct().toList())) {
      byId.put(each.keyId(), rules(each, planOfApp(handle, each.appId())));
    }
    Map<KeyName, List<QuotaRule>> found = new HashMap<>();
    keys.forEach(each -> found.put(each, byId.getOrDefault(each.key(), List.of())));
    return found;
  }

  @Override
  public Optional<QuotaRule> byId(Handle handle, String id) {
    Stream<QuotaRule> candidates =
        CustomerQuotaId.isOne(id)
            ? plans.of(handle, CustomerQuotaId.customer(id)).stream()
                .flatMap(plan -> plan.shared().stream())
            : ofItsKey(handle, id)
                .flatMap(key -> rules(key, planOfApp(handle, key.appId())).stream());
    return candidates.filter(rule -> rule.id().equals(id)).findFirst();
  }

  @Override
  public List<String> keysOf(Handle handle, String id) {
    if (byId(handle, id).isEmpty()) {
      return List.of();
    }
    Stream<StoredKey> keys =
        CustomerQuotaId.isOne(id)
            ? keysOfCustomer(handle, CustomerQuotaId.customer(id))
            : ofItsKey(handle, id);
    return keys.map(StoredKey::keyId).toList();
  }

  @Override
  public Optional<RateTerms> rate(Handle handle, String keyId) {
    return KeyVersions.named(handle, List.of(keyId)).stream()
        .map(StoredKey::allowedRate)
        .filter(Objects::nonNull)
        .findFirst()
        .map(rate -> new RateTerms(rate.perSecond(), rate.burst()));
  }

  @Override
  public Optional<ViolationPolicy> violations(Handle handle, String keyId) {
    return KeyVersions.named(handle, List.of(keyId)).stream()
        .filter(key -> key.status() != KeyStatus.REMOVED)
        .findFirst()
        .flatMap(key -> planOfApp(handle, key.appId()).map(plan -> plan.violations(key.appId())));
  }

  @Override
  public List<QuotaRule> ofCustomer(Handle handle, String customer) {
    Optional<CustomerPlan> plan = plans.of(handle, customer);
    Stream<QuotaRule> shared = plan.stream().flatMap(each -> each.shared().stream());
    Stream<QuotaRule> ofKeys =
        keysOfCustomer(handle, customer)
            .flatMap(
                key ->
                    Stream.concat(
                        own(key).stream(),
                        plan.stream().flatMap(each -> each.ofKey(key.keyId()).stream())));
    return Stream.concat(shared, ofKeys).sorted(Comparator.comparing(QuotaRule::id)).toList();
  }

  private static List<QuotaRule> rules(StoredKey key, Optional<CustomerPlan> plan) {
    List<QuotaRule> rules = new ArrayList<>(own(key));
    plan.ifPresent(
        each -> {
          rules.addAll(each.ofKey(key.keyId()));
          rules.addAll(each.shared());
        });
    return List.copyOf(rules);
  }

  private Optional<CustomerPlan> planOfApp(Handle handle, String app) {
    return new Customers(database.within(handle), READER)
        .ofApp(app, Instant.now())
        .map(Customer::id)
        .flatMap(customer -> plans.of(handle, customer));
  }

  private Stream<StoredKey> keysOfCustomer(Handle handle, String customer) {
    Database within = database.within(handle);
    KeyAdmin keys = new KeyAdmin(within, null, READER);
    return new Customers(within, READER)
        .apps(customer, Instant.now()).stream()
            .flatMap(app -> keys.ofApp(app, "", Integer.MAX_VALUE).stream())
            .filter(key -> key.status() != KeyStatus.REMOVED);
  }

  /** The key of a quota that one key has for itself; empty for another name. */
  private static Stream<StoredKey> ofItsKey(Handle handle, String id) {
    String prefix = id.startsWith(OWN) ? OWN : BY_PLAN;
    int end = id.lastIndexOf('/');
    if (!id.startsWith(prefix) || end <= prefix.length()) {
      return Stream.empty();
    }
    return KeyVersions.named(handle, List.of(id.substring(prefix.length(), end))).stream()
        .filter(key -> key.status() != KeyStatus.REMOVED);
  }

  private static List<QuotaRule> own(StoredKey key) {
    return key.quotas().stream().map(each -> rule(key.keyId(), each)).toList();
  }

  private static QuotaRule rule(String keyId, KeyEntitlements.Quota quota) {
    return new QuotaRule(
        KeyEntitlements.quotaId(keyId, quota.meter()),
        new QuotaTerms(
            quota.meter(),
            quota.limit(),
            quota.overage() ? QuotaTerms.Mode.OVERAGE : QuotaTerms.Mode.HARD,
            null,
            QuotaTerms.Period.CALENDAR_MONTH,
            QuotaTerms.Scope.KEY,
            THRESHOLDS),
        QuotaCalendar.until(moment(quota.sinceMillis()), moment(quota.resetsAtMillis())));
  }

  private static @Nullable Instant moment(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
