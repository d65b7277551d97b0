package io.billingsdk.server.quotas;

import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Values that follow from keys and plans, read once and remembered until it changes: a change
 * forgets what it concerns, and nothing beside it. The version is read in each transaction, so that
 * a change counts from the next one on. Thread-safe.
 *
 * <p>Terms read under a version are remembered only while that version is the one of the cache:
 * otherwise somebody has forgotten what has changed since, and did not find this.
 */
final class TermsCache<K, V> {
  private final Source<K, V> source;
  private final int most;

  private final Map<K, V> known = new HashMap<>();
  private @Nullable TermsVersion version;

  /**
   * Over what is remembered.
   *
   * @param most so many at most; then it begins again
   */
  TermsCache(Source<K, V> source, int most) {
    this.source = source;
    this.most = most;
  }

  /** Where it comes from. Implementations are thread-safe. */
  interface Source<K, V> {
    /** As of now, in one statement. */
    TermsVersion version(Handle handle);

    /** All that has changed since. */
    Changes changes(Handle handle, TermsVersion since);

    /** Whether changes may concern a remembered value. */
    boolean concerns(Changes changes, K key, V value);

    /** Reads it, with a value for each key. */
    Map<K, V> load(Handle handle, Collection<K> keys);
  }

  /** The values of these keys, as they are in the transaction of the handle. */
  Map<K, V> of(Handle handle, Collection<K> keys) {
    TermsVersion now = source.version(handle);
    if (now.isOwn()) {
      return source.load(handle, keys);
    }
    catchUp(handle, now);
    Map<K, V> found = new HashMap<>();
    List<K> missing = missing(keys, found);
    if (!missing.isEmpty()) {
      Map<K, V> loaded = source.load(handle, missing);
      remember(now, loaded);
      found.putAll(loaded);
    }
    return found;
  }

  /** Values that are remembered, and the version up to which they are true. */
  record Remembered<K, V>(TermsVersion version, Map<K, V> values) {}

  /** The remembered values of all of these keys, without a look at the database, or nothing. */
  synchronized Optional<Remembered<K, V>> remembered(Collection<K> keys) {
    TermsVersion begun = version;
    Map<K, V> found = new HashMap<>();
    return begun != null && missing(keys, found).isEmpty()
        ? Optional.of(new Remembered<>(begun, found))
        : Optional.empty();
  }

  private void catchUp(Handle handle, TermsVersion now) {
    TermsVersion before = begun(now);
    while (now.isAfter(before)) {
      forget(before, now, source.changes(handle, before));
      before = begun(now);
    }
  }

  private synchronized TermsVersion begun(TermsVersion now) {
    TermsVersion begun = version;
    if (begun == null || known.size() > most) {
      known.clear();
      begun = now;
      version = begun;
    }
    return begun;
  }

  /** Does nothing when another thread was faster: the caller then looks again. */
  private synchronized void forget(TermsVersion before, TermsVersion now, Changes changes) {
    if (before.equals(version)) {
      known.entrySet().removeIf(each -> source.concerns(changes, each.getKey(), each.getValue()));
      version = before.max(now);
    }
  }

  private synchronized List<K> missing(Collection<K> keys, Map<K, V> found) {
    List<K> missing = new ArrayList<>();
    for (K each : keys) {
      V value = known.get(each);
      if (value == null) {
        missing.add(each);
      } else {
        found.put(each, value);
      }
    }
    return missing;
  }

  private synchronized void remember(TermsVersion now, Map<K, V> loaded) {
    if (now.equals(version)) {
      known.putAll(loaded);
    }
  }
}
