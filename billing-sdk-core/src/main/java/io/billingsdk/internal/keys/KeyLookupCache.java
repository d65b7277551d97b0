package io.billingsdk.internal.keys;

import org.jspecify.annotations.Nullable;

/**
 * Known keys by the {@link KeyHash} under which they were presented: an open-addressing table,
 * since a look-up in it is due on every call and makes no object. The hash is keyed, so nobody can
 * choose texts that fall into one place.
 *
 * <p>{@link #get} by any thread, without a lock; at worst it misses what another thread is just
 * adding. It has as many entries as there are known keys that were presented, and shrinks by being
 * replaced.
 */
final class KeyLookupCache {
  private static final int FIRST_PLACES = 64;

  /** At most half full, so that a look-up ends after a place or two. A power of two long. */
  private volatile @Nullable CachedKey[] places = new @Nullable CachedKey[FIRST_PLACES];

  private int entries;

  /** Its fields are final: a thread that sees it, however it was handed over, sees all of it. */
  private record CachedKey(KeyHash hash, KnownKey key) {}

  /** The key that was presented with this hash before; null when there is none. */
  @Nullable KnownKey get(long high, long low) {
    @Nullable CachedKey[] table = places;
    int last = table.length - 1;
    for (int at = (int) low & last; ; at = (at + 1) & last) {
      CachedKey entry = table[at];
      if (entry == null) {
        return null;
      }
      if (entry.hash.low() == low && entry.hash.high() == high) {
        return entry.key;
      }
    }
  }

  synchronized void put(KeyHash hash, KnownKey key) {
    if (get(hash.high(), hash.low()) != null) {
      return;
    }
    if (2 * (entries + 1) > places.length) {
      grow();
    }
    place(places, new CachedKey(hash, key));
    entries++;
  }

  synchronized int size() {
    return entries;
  }

  private void grow() {
    @Nullable CachedKey[] more = new @Nullable CachedKey[2 * places.length];
    for (CachedKey entry : places) {
      if (entry != null) {
        place(more, entry);
      }
    }
    places = more;
  }

  private static void place(@Nullable CachedKey[] table, CachedKey entry) {
    int last = table.length - 1;
    int at = (int) entry.hash.low() & last;
    while (table[at] != null) {
      at = (at + 1) & last;
    }
    table[at] = entry;
  }
}
