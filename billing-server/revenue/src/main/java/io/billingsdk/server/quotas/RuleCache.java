package io.billingsdk.server.quotas;

import io.billingsdk.server.quotas.QuotaSource.KeyName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The quotas of keys, read once for each version of the source. The version is read in each
 * transaction, so that a change counts from the next one on. Thread-safe.
 */
final class RuleCache {
  /** Keys that are remembered; then it begins again. */
  private static final int MOST = 200_000;

  private final QuotaSource source;
  private volatile Remembered remembered = new Remembered(Long.MIN_VALUE);

  RuleCache(QuotaSource source) {
    this.source = source;
  }

  private static final class Remembered {
    private final long version;
    private final Map<KeyName, List<QuotaRule>> rules = new ConcurrentHashMap<>();

    Remembered(long version) {
      this.version = version;
    }
  }

  /** The quotas of each of these keys, as they are in the transaction of the handle. */
  Map<KeyName, List<QuotaRule>> rules(Handle handle, Collection<KeyName> keys) {
    long version = source.version(handle);
    Remembered now = remembered;
    if (now.version != version || now.rules.size() > MOST) {
      now = new Remembered(version);
      remembered = now;
    }
    Map<KeyName, List<QuotaRule>> known = now.rules;
    List<KeyName> unknown = new ArrayList<>();
    for (KeyName each : keys) {
      if (!known.containsKey(each)) {
        unknown.add(each);
      }
    }
    if (!unknown.isEmpty()) {
      Map<KeyName, List<QuotaRule>> found = source.ofKeys(handle, unknown);
      unknown.forEach(each -> known.put(each, found.getOrDefault(each, List.of())));
    }
    return known;
  }
}
