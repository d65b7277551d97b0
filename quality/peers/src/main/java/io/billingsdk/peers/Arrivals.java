package io.billingsdk.peers;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arrivals at a sink, by the number of each event. An event that comes again is repeated. It is
 * doubled when a billing system behind the sink could not know that: when its library gives it no
 * identity of its own, or another one the second time. Thread-safe.
 */
final class Arrivals {
  private final BitSet seen = new BitSet();
  private final Map<Integer, String> identities = new HashMap<>();
  private int repeated;
  private int doubled;
  private long lastNanos = System.nanoTime();

  /**
   * One has come.
   *
   * @param identity as the library tells it from others; null when it does not
   */
  synchronized void add(int number, @Nullable String identity) {
    lastNanos = System.nanoTime();
    if (!seen.get(number)) {
      seen.set(number);
      if (identity != null) {
        identities.put(number, identity);
      }
      return;
    }
    repeated++;
    if (identity == null || !identity.equals(identities.get(number))) {
      doubled++;
    }
  }

  synchronized int distinct() {
    return seen.cardinality();
  }

  /** Numbers that have come, as {@link BitSet#toLongArray}. */
  synchronized BitSet numbers() {
    return (BitSet) seen.clone();
  }

  synchronized int repeated() {
    return repeated;
  }

  synchronized int doubled() {
    return doubled;
  }

  /** When the last one came, by {@link System#nanoTime}. */
  synchronized long lastNanos() {
    return lastNanos;
  }
}
