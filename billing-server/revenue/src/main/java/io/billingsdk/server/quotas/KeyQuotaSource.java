package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerQuotaId;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
  public TermsVersion version(Handle handle) {
    return TermsVersion.current(handle);
  }

  @Override
  public Changes changes(Handle handle, TermsVersion since) {
    return since.since(handle);
  }

  @Override
  public Map<String, KeyTerms> ofKeys(Handle handle, Collection<String> keyIds) {
    return terms(handle, KeyVersions.named(handle, keyIds));
  }

  private Map<String, KeyTerms> terms(Handle handle, List<StoredKey> keys) {
    Map<String, String> owners = owners(handle, keys);
    Map<String, Optional<CustomerPlan>> known = plans.of(handle, owners.values());
    Map<String, KeyTerms> terms = new HashMap<>();
    for (StoredKey each : keys) {
      String customer = owners.get(each.appId());
      Optional<CustomerPlan> plan =
          customer == null ? Optional.empty() : known.getOrDefault(customer, Optional.empty());
      terms.put(
          each.keyId(),
          new KeyTerms(each.status(), each.expiresAtMillis(), customer, rules(each, plan)));
    }
    return terms;
  }

  /** The customers of the apps of keys, by app. */
  private Map<String, String> owners(Handle handle, List<StoredKey> keys) {
    return keys.isEmpty()
        ? Map.of()
        : new Customers(database.within(handle), READER)
            .ofApps(keys.stream().map(StoredKey::appId).distinct().toList(), Instant.now());
  }

  @Override
  public Map<String, QuotaRule> byIds(Handle handle, Collection<String> ids) {
    List<String> customers =
        ids.stream().filter(CustomerQuotaId::isOne).map(CustomerQuotaId::customer).toList();
    List<StoredKey> keys = present(handle, ids.stream().flatMap(KeyQuotaSource::keyId).toList());
    Stream<QuotaRule> shared =
        plans.of(handle, customers).values().stream()
            .flatMap(Optional::stream)
            .flatMap(plan -> plan.shared().stream());
    Stream<QuotaRule> ofKeys =
        terms(handle, keys).values().stream().flatMap(each -> each.rules().stream());
    Set<String> wanted = new HashSet<>(ids);
    return Stream.concat(shared, ofKeys)
        .filter(rule -> wanted.contains(rule.id()))
        .collect(Collectors.toMap(QuotaRule::id, rule -> rule, (one, same) -> one));
  }

  @Override
  public Map<String, List<String>> keysOf(Handle handle, Collection<String> ids) {
    Set<String> found = byIds(handle, ids).keySet();
    List<String> customers =
        found.stream().filter(CustomerQuotaId::isOne).map(CustomerQuotaId::customer).toList();
    Map<String, List<String>> ofCustomers = new HashMap<>();
    keysOfCustomers(handle, customers)
        .forEach((customer, keys) -> ofCustomers.put(customer, ids(keys)));
    Map<String, List<String>> keys = new HashMap<>();
    for (String each : found) {
      keys.put(
          each,
          CustomerQuotaId.isOne(each)
              ? ofCustomers.getOrDefault(CustomerQuotaId.customer(each), List.of())
              : keyId(each).toList());
    }
    return keys;
  }

  private static List<String> ids(List<StoredKey> keys) {
    return keys.stream().map(StoredKey::keyId).toList();
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
  public Map<String, ViolationPolicy> violations(Handle handle, Collection<String> keyIds) {
    List<StoredKey> keys = present(handle, keyIds);
    Map<String, String> owners = owners(handle, keys);
    Map<String, Optional<CustomerPlan>> known = plans.of(handle, owners.values());
    Map<String, ViolationPolicy> policies = new HashMap<>();
    for (StoredKey each : keys) {
      Optional.ofNullable(owners.get(each.appId()))
          .flatMap(customer -> known.getOrDefault(customer, Optional.empty()))
          .ifPresent(plan -> policies.put(each.keyId(), plan.violations(each.appId())));
    }
    return policies;
  }

  @Override
  public List<QuotaRule> ofCustomer(Handle handle, String customer) {
    Optional<CustomerPlan> plan = plans.of(handle, customer);
    Stream<QuotaRule> shared = plan.stream().flatMap(each -> each.shared().stream());
    Stream<QuotaRule> ofKeys =
        keysOfCustomers(handle, List.of(customer)).getOrDefault(customer, List.of()).stream()
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

  /** The keys of the apps that customers have now, without removed ones. */
  private Map<String, List<StoredKey>> keysOfCustomers(Handle handle, List<String> customers) {
    Map<String, String> owners =
        new Customers(database.within(handle), READER).appsOf(customers, Instant.now());
    return KeyVersions.ofApps(handle, owners.keySet()).stream()
        .filter(key -> key.status() != KeyStatus.REMOVED)
        .collect(Collectors.groupingBy(key -> owners.getOrDefault(key.appId(), "")));
  }

  /** The id of the key of a quota that one key has for itself; empty for another name. */
  private static Stream<String> keyId(String id) {
    String prefix = id.startsWith(OWN) ? OWN : BY_PLAN;
    int end = id.lastIndexOf('/');
    return id.startsWith(prefix) && end > prefix.length()
        ? Stream.of(id.substring(prefix.length(), end))
        : Stream.empty();
  }

  private static List<StoredKey> present(Handle handle, Collection<String> keyIds) {
    return keyIds.isEmpty()
        ? List.of()
        : KeyVersions.named(handle, keyIds).stream()
            .filter(key -> key.status() != KeyStatus.REMOVED)
            .toList();
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
