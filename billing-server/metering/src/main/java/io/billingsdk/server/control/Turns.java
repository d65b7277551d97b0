package io.billingsdk.server.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a turn: each name once, whatever it asks meanwhile, and in the order in which they
 * came. A name that takes turns faster than its pace comes later, and holds up nobody: so a flood
 * of one costs the others a turn and no more. Thread-safe.
 *
 * @param <V> what a name waits with
 */
final class Turns<V> {
  /** Names whose pace is remembered: who is forgotten begins with all of its turns. */
  static final int PACES = 20_000;

  /** Names that wait. Each is one instance or one connection, so an attacker does not fill it. */
  static final int WAITING = 100_000;

  private final BinaryOperator<V> merge;
  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier nanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Map<String, WaitingName<V>> waiting = new HashMap<>();
  private final PriorityQueue<WaitingName<V>> order =
      new PriorityQueue<>(
          Comparator.<WaitingName<V>>comparingLong(each -> each.dueNanos)
              .thenComparingLong(each -> each.number));
  private final LinkedHashMap<String, Long> full =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > PACES;
        }
      };
  private final long beganNanos;
  private long number;
  private boolean closed;

  /** Times are since the beginning, so that they can be compared. */
  private static final class WaitingName<V> {
    private final String name;
    private final long dueNanos;
    private final long number;
    private V value;

    WaitingName(String name, long dueNanos, long number, V value) {
      this.name = name;
      this.dueNanos = dueNanos;
      this.number = number;
      this.value = value;
    }
  }

  /**
   * A turn.
   *
   * @param name whose it is
   * @param value what it waited with
   */
  record Turn<V>(String name, V value) {}

  /**
   * With a pace for each name.
   *
   * @param burst turns that a name may take at once
   * @param interval one more for each; zero: as many as it likes, one after the other
   * @param merge makes one of what waits and what comes
   * @param nanos the time as {@link System#nanoTime} has it
   */
  Turns(int burst, Duration interval, BinaryOperator<V> merge, LongSupplier nanos) {
    this.merge = merge;
    this.intervalNanos = interval.toNanos();
    this.burstNanos = intervalNanos * (burst - 1);
    this.nanos = nanos;
    this.beganNanos = nanos.getAsLong();
  }

  /** Without a pace. */
  Turns(BinaryOperator<V> merge) {
    this(1, Duration.ZERO, merge, System::nanoTime);
  }

  /**
   * Lets a name wait, or adds to what it waits with.
   *
   * @return how long it waits at least: zero, unless it is too fast; less than zero when it cannot
   *     wait here, since too many do
   */
  Duration enter(String name, V value) {
    return enter(name, value, /* paced= */ true);
  }

  /** The same, whatever the pace of the name. */
  Duration enterUnpaced(String name, V value) {
    return enter(name, value, /* paced= */ false);
  }

  private Duration enter(String name, V value, boolean paced) {
    lock.lock();
    try {
      long now = now();
      WaitingName<V> present = waiting.get(name);
      if (present != null) {
        present.value = merge.apply(present.value, value);
        return Duration.ofNanos(Math.max(0, present.dueNanos - now));
      }
      if (waiting.size() >= WAITING) {
        return Duration.ofNanos(-1);
      }
      long due = paced ? due(name, now) : now;
      add(name, due, value);
      return Duration.ofNanos(due - now);
    } finally {
      lock.unlock();
    }
  }

  /** Lets a name wait again, whose turn came to nothing, for so long at least. */
  void again(Turn<V> turn, Duration atLeast) {
    lock.lock();
    try {
      WaitingName<V> present = waiting.get(turn.name());
      if (present == null) {
        add(turn.name(), now() + atLeast.toNanos(), turn.value());
      } else {
        present.value = merge.apply(turn.value(), present.value);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(String name, long due, V value) {
    WaitingName<V> added = new WaitingName<>(name, due, number++, value);
    waiting.put(name, added);
    order.add(added);
    changed.signalAll();
  }

  /** When a name may take its next turn, which is taken by that. */
  private long due(String name, long now) {
    if (intervalNanos == 0) {
      return now;
    }
    // The moment at which all of its turns are there again: the generic cell rate algorithm.
    long fullAt = Math.max(now, full.getOrDefault(name, now));
    full.put(name, fullAt + intervalNanos);
    return Math.max(now, fullAt - burstNanos);
  }

  /** Those whose turn it is, at most so many; waits for the first. Empty when it is closed. */
  List<Turn<V>> take(int most) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        List<Turn<V>> due = takeDue(most);
        if (!due.isEmpty()) {
          return due;
        }
        WaitingName<V> next = order.peek();
        if (next == null) {
          changed.await();
        } else {
          var unused = changed.await(next.dueNanos - now(), TimeUnit.NANOSECONDS);
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Those whose turn it is now, at most so many. */
  List<Turn<V>> takeDue(int most) {
    lock.lock();
    try {
      long now = now();
      List<Turn<V>> due = new ArrayList<>();
      for (WaitingName<V> next = next(now); next != null && due.size() < most; next = next(now)) {
        order.remove();
        waiting.remove(next.name);
        due.add(new Turn<>(next.name, next.value));
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable WaitingName<V> next(long now) {
    WaitingName<V> next = order.peek();
    return next == null || next.dueNanos > now ? null : next;
  }

  /** How many names wait. */
  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Who waits for turns gets none any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long now() {
    return nanos.getAsLong() - beganNanos;
  }
}
