package io.billingsdk.server.quotas;

import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import io.billingsdk.server.quotas.TermsCache.Remembered;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The terms of keys, remembered until they change. Thread-safe. */
final class RuleCache {
  /** Keys that are remembered; then it begins again. */
  private static final int MOST = 200_000;

  private final TermsCache<String, KeyTerms> cache;

  RuleCache(QuotaSource source) {
    this.cache = new TermsCache<>(new OfKeys(source), MOST);
  }

  private record OfKeys(QuotaSource source) implements TermsCache.Source<String, KeyTerms> {
    @Override
    public TermsVersion version(Handle handle) {
      return source.version(handle);
    }

    @Override
    public Changes changes(Handle handle, TermsVersion since) {
      return source.changes(handle, since);
    }

    @Override
    public boolean concerns(Changes changes, String key, KeyTerms terms) {
      String customer = terms.customer();
      if (changes.isOfAll() || changes.keys().contains(key)) {
        return true;
      }
      // The app of a key that is nobody's may have come to one of these customers.
      return customer == null
          ? !changes.customers().isEmpty()
          : changes.customers().contains(customer);
    }

    @Override
    public Map<String, KeyTerms> load(Handle handle, Collection<String> keys) {
      Map<String, KeyTerms> found = source.ofKeys(handle, keys);
      Map<String, KeyTerms> all = new HashMap<>();
      keys.forEach(each -> all.put(each, found.getOrDefault(each, KeyTerms.NONE)));
      return all;
    }
  }

  /** The terms of each of these keys, as they are in the transaction of the handle. */
  Map<String, KeyTerms> terms(Handle handle, Collection<String> keys) {
    return cache.of(handle, keys);
  }

  /** The remembered terms of all of these keys. Compare the version before you go by them. */
  Optional<Remembered<String, KeyTerms>> remembered(Collection<String> keys) {
    return cache.remembered(keys);
  }

  /** The same of one key. */
  KeyTerms terms(Handle handle, String key) {
    return terms(handle, List.of(key)).getOrDefault(key, KeyTerms.NONE);
  }
}
