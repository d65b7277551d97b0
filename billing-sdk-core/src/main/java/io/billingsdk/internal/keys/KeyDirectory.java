package io.billingsdk.internal.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys, by their SHA-256; no key itself is kept.
 *
 * <p>A key that was presented before is found by a {@link KeyHash}, which costs a fraction of a
 * SHA-256. Two memories of that kind are held: one of keys that are known, which therefore has at
 * most as many places as there are keys; and one of a fixed number of places for texts that are
 * not. So a flood of made-up keys displaces made-up keys only.
 *
 * <p>{@link #find} by any thread; the others by one at a time.
 */
final class KeyDirectory {
  private static final int UNKNOWN_PLACES = 4_096;

  private final KeyHasher hasher = KeyHasher.random();
  private final Map<String, KnownKey> bySha256 = new ConcurrentHashMap<>();

  // Each is replaced by an empty one when it could be wrong. A search that began before writes its
  // result into the one that it began with, which nobody reads now.
  private volatile KeyLookupCache presented = new KeyLookupCache();
  private volatile @Nullable KeyHash[] unknown = new @Nullable KeyHash[UNKNOWN_PLACES];

  /** The key of this text; null when it is not known, or no key at all. */
  @Nullable KnownKey find(String apiKey) {
    if (apiKey.length() > Bounds.API_KEY_CHARS) {
      return null; // Before a megabyte is hashed that cannot be a key.
    }
    byte[] bytes = apiKey.getBytes(StandardCharsets.UTF_8);
    KeyHash hash = hasher.hash(bytes);
    KeyLookupCache ofKnown = presented;
    KnownKey known = ofKnown.get(hash.high(), hash.low());
    return known != null ? known : search(apiKey, bytes, hash, ofKnown);
  }

  private @Nullable KnownKey search(
      String apiKey, byte[] bytes, KeyHash hash, KeyLookupCache ofKnown) {
    if (!KeyBytes.areWellFormed(bytes)) {
      return null;
    }
    @Nullable KeyHash[] ofUnknown = unknown;
    int place = hash.hashCode() & (UNKNOWN_PLACES - 1);
    if (hash.equals(ofUnknown[place])) {
      return null;
    }
    KnownKey found = bySha256.get(KeyRef.sha256(apiKey));
    if (found == null) {
      ofUnknown[place] = hash;
    } else {
      ofKnown.put(hash, found);
    }
    return found;
  }

  /** The key with this SHA-256; null when it is not known. */
  @Nullable KnownKey get(String sha256) {
    return bySha256.get(sha256);
  }

  void add(KnownKey key) {
    bySha256.put(key.sha256(), key);
  }

  void remove(KnownKey key) {
    bySha256.remove(key.sha256());
  }

  /** To be called after keys were added. */
  void forgetUnknown() {
    unknown = new @Nullable KeyHash[UNKNOWN_PLACES];
  }

  /** To be called after keys were removed. */
  void forgetPresented() {
    presented = new KeyLookupCache();
  }

  Collection<KnownKey> all() {
    return bySha256.values();
  }

  /** How many presented keys are remembered, known or not. */
  int remembered() {
    int count = presented.size();
    for (KeyHash hash : unknown) {
      count += hash == null ? 0 : 1;
    }
    return count;
  }
}
