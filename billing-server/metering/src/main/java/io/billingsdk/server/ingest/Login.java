package io.billingsdk.server.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A login that has its share of the lanes, and what waits of its connections. Guarded by the lock
 * of its {@link FairQueue}.
 */
final class Login {
  /** So many times as long as it has cost time for nothing, it has no turn. */
  private static final int PAUSE_OF_LOST = 4;

  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000L;

  /** What it may take each time its turn comes. */
  private static final long QUANTUM = 64 << 10;

  /** More debt than this is forgiven: a few large messages are no reason to wait for minutes. */
  private static final long MOST_DEBT = 4 << 20;

  final String name;
  final Map<Long, ConnectionQueue> lines = new HashMap<>();

  /** Of each lane: the lines that are at home there and may be taken. */
  private final List<Deque<ConnectionQueue>> ready = new ArrayList<>();

  /** Of each lane: how many of its lines that has in hand. */
  private final int[] held;

  private long credit = QUANTUM;
  private long pausedUntil = System.nanoTime();

  /** Messages that wait and that nobody sends again. */
  int unrepeated;

  /** Whether it stands in the ring. */
  boolean inRing;

  long usedAtNanos;

  Login(String name, int lanes) {
    this.name = name;
    this.held = new int[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      ready.add(new ArrayDeque<>());
    }
  }

  void held(int lane, int more) {
    held[lane] += more;
  }

  void makeReady(ConnectionQueue connectionQueue) {
    ready.get(connectionQueue.home).add(connectionQueue);
  }

  void makeUnready(ConnectionQueue connectionQueue) {
    var unused = ready.get(connectionQueue.home).remove(connectionQueue);
  }

  boolean hasReady() {
    return ready.stream().anyMatch(lane -> !lane.isEmpty());
  }

  /** Whether one more lane may work for it. */
  boolean mayUse(int lane, int most) {
    if (held[lane] > 0) {
      return true;
    }
    int used = 0;
    for (int each : held) {
      used += each > 0 ? 1 : 0;
    }
    return used < most;
  }

  /** Whether something of it is at home in a lane and may be taken. */
  boolean isReadyIn(int lane) {
    return !ready.get(lane).isEmpty();
  }

  /** The line whose turn it is in a lane. */
  ConnectionQueue next(int lane) {
    return ready.get(lane).remove();
  }

  /** A line at home in another lane that has nothing of it in hand; null when there is none. */
  @Nullable ConnectionQueue rob(int lane) {
    for (int other = 0; other < held.length; other++) {
      if (other != lane) {
        for (Iterator<ConnectionQueue> each = ready.get(other).iterator(); each.hasNext(); ) {
          ConnectionQueue connectionQueue = each.next();
          if (connectionQueue.holder() < 0) {
            each.remove();
            return connectionQueue;
          }
        }
      }
    }
    return null;
  }

  /** Whether its turn lasts; if not, the next one comes when all others have had theirs. */
  boolean hasCredit() {
    return credit > 0;
  }

  void pause(long lostNanos) {
    long now = System.nanoTime();
    long begin = Math.max(0, pausedUntil - now);
    pausedUntil = now + Math.min(LONGEST_PAUSE_NANOS, begin + PAUSE_OF_LOST * lostNanos);
  }

  boolean isPaused(long now) {
    return pausedUntil - now > 0;
  }

  /** How long it has no turn although something waits; 0 when that is not so. */
  long pauseLeft(long now) {
    return hasReady() ? Math.max(0, pausedUntil - now) : 0;
  }

  void earn() {
    credit = Math.min(QUANTUM, credit + QUANTUM);
  }

  void spend(long cost) {
    credit = Math.max(-MOST_DEBT, credit - cost);
  }
}
