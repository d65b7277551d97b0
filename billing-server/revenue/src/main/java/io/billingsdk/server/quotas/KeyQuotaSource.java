package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.keys.KeyAdmin.StoredKey;
import io.billingsdk.server.keys.KeyAdmin.StoredKey.KeyStatus;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyVersions;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The quotas that keys have by themselves. */
final class KeyQuotaSource implements QuotaSource {
  private static final String PREFIX = "key/";
  private static final List<Integer> THRESHOLDS = List.of(50, 80, 100);

  /** One for all databases. */
  public KeyQuotaSource() {}

  @Override
  public long version(Handle handle) {
    return KeyVersions.current(handle);
  }

  @Override
  public Map<KeyName, List<QuotaRule>> ofKeys(Handle handle, Collection<KeyName> keys) {
    Map<String, List<QuotaRule>> byId = new TreeMap<>();
    for (StoredKey each :
        KeyVersions.named(handle, keys.stream().map(KeyName::key).distinct().toList())) {
      byId.put(each.keyId(), rules(each));
    }
    Map<KeyName, List<QuotaRule>> found = new java.util.HashMap<>();
    keys.forEach(each -> found.put(each, byId.getOrDefault(each.key(), List.of())));
    return found;
  }

  @Override
  public Optional<QuotaRule> byId(Handle handle, String id) {
    int end = id.lastIndexOf('/');
    if (!id.startsWith(PREFIX) || end <= PREFIX.length()) {
      return Optional.empty();
    }
    return KeyVersions.named(handle, List.of(id.substring(PREFIX.length(), end))).stream()
        .filter(key -> key.status() != KeyStatus.REMOVED)
        .flatMap(key -> rules(key).stream())
        .filter(rule -> rule.id().equals(id))
        .findFirst();
  }

  @Override
  public List<String> keysOf(Handle handle, String id) {
    return byId(handle, id)
        .map(rule -> List.of(id.substring(PREFIX.length(), id.lastIndexOf('/'))))
        .orElse(List.of());
  }

  @Override
  public Optional<RateTerms> rate(Handle handle, String keyId) {
    return KeyVersions.named(handle, List.of(keyId)).stream()
        .map(StoredKey::allowedRate)
        .filter(Objects::nonNull)
        .findFirst()
        .map(rate -> new RateTerms(rate.perSecond(), rate.burst()));
  }

  /** Keys belong to apps; which of them are a customer's is not known here. */
  @Override
  public List<QuotaRule> ofCustomer(Handle handle, String customer) {
    return List.of();
  }

  static List<QuotaRule> rules(StoredKey key) {
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
