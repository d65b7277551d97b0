package io.billingsdk.server.quotas;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.server.quotas.PlanCalendar.Stretch;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/** Quotas that a test gives to keys. */
final class FixedQuotas implements QuotaSource {
  /** Months of the calendar, as a plan has them for a customer in this zone. */
  static final QuotaCalendar MONTHS =
      new PlanCalendar(
          List.of(new Stretch(Instant.MIN, BillingCalendar.months(ZoneId.of("UTC"))::periodAt)));

  private final Map<String, List<QuotaRule>> byKey = new ConcurrentHashMap<>();
  private final Map<String, RateTerms> rates = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  /** The quotas that keys have by a source, read once: for a test in which nobody changes them. */
  static FixedQuotas as(Database database, QuotaSource source, Collection<String> keys) {
    FixedQuotas fixed = new FixedQuotas();
    database
        .read(handle -> source.ofKeys(handle, keys))
        .forEach((key, terms) -> fixed.with(key, terms.rules().toArray(new QuotaRule[0])));
    return fixed;
  }

  static QuotaRule rule(
      String id, String meter, String limit, QuotaTerms.Mode mode, QuotaCalendar calendar) {
    return new QuotaRule(
        id,
        new QuotaTerms(
            meter,
            new BigDecimal(limit),
            mode,
            null,
            QuotaTerms.Period.CALENDAR_MONTH,
            QuotaTerms.Scope.CUSTOMER,
            List.of(50, 80, 100)),
        calendar);
  }

  FixedQuotas with(String key, QuotaRule... rules) {
    byKey.put(key, List.of(rules));
    version.incrementAndGet();
    return this;
  }

  FixedQuotas withRate(String key, String perSecond, long burst) {
    rates.put(key, new RateTerms(new BigDecimal(perSecond), burst));
    return this;
  }

  @Override
  public TermsVersion version(Handle handle) {
    return new TermsVersion(version.get(), 0, false, false);
  }

  @Override
  public Changes changes(Handle handle, TermsVersion since) {
    return new Changes(true, Set.of(), Set.of());
  }

  @Override
  public Map<String, KeyTerms> ofKeys(Handle handle, Collection<String> keys) {
    Map<String, KeyTerms> found = new HashMap<>();
    keys.forEach(
        each ->
            found.put(
                each, new KeyTerms(KeyStatus.OK, null, null, byKey.getOrDefault(each, List.of()))));
    return found;
  }

  @Override
  public Map<String, QuotaRule> byIds(Handle handle, Collection<String> ids) {
    Map<String, QuotaRule> found = new HashMap<>();
    byKey.values().stream()
        .flatMap(List::stream)
        .filter(rule -> ids.contains(rule.id()))
        .forEach(rule -> found.putIfAbsent(rule.id(), rule));
    return found;
  }

  @Override
  public Map<String, List<String>> keysOf(Handle handle, Collection<String> ids) {
    Map<String, List<String>> found = new HashMap<>();
    ids.forEach(each -> found.put(each, keysOf(each)));
    return found;
  }

  private List<String> keysOf(String id) {
    return byKey.entrySet().stream()
        .filter(each -> each.getValue().stream().anyMatch(rule -> rule.id().equals(id)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public Optional<RateTerms> rate(Handle handle, String keyId) {
    return Optional.ofNullable(rates.get(keyId));
  }

  @Override
  public List<QuotaRule> ofCustomer(Handle handle, String customer) {
    List<QuotaRule> rules = new ArrayList<>();
    byKey.values().forEach(rules::addAll);
    return rules.stream().distinct().toList();
  }
}
