package io.billingsdk.server.ingest;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The place of one lane in a {@link FairQueue}: its sleep, and what it has in hand. Guarded by the
 * lock of the queue, except what {@link #chargeLater} says.
 */
final class LanePlace {
  /** Connections whose messages the lane has in hand. */
  final Set<ConnectionQueue> lines = new HashSet<>();

  /** Streams that the lane has in hand. */
  final Set<UUID> streams = new HashSet<>();

  private final Condition work;
  private boolean idle;

  /** Idle, and with nothing in hand: it takes what is at home elsewhere. */
  private boolean free;

  /** Lines that are at home here and not unused. */
  private int load;

  /** Who is to be charged, and with how much, when the lane comes by the lock again. */
  private @Nullable Login owing;

  private long owed;

  LanePlace(Condition work) {
    this.work = work;
  }

  int load() {
    return load;
  }

  void changeLoad(int more) {
    load += more;
  }

  /** Whether it waits for work, its own or with nothing in hand any. */
  boolean isIdle() {
    return idle;
  }

  boolean isFree() {
    return free;
  }

  void wake() {
    work.signal();
  }

  /** Waits for work, at most that time; the caller holds the lock and looks again afterwards. */
  @SuppressWarnings("WaitNotInLoop") // Those who call it look again.
  void sleep(boolean withNothingInHand, long nanos) throws InterruptedException {
    idle = true;
    free = withNothingInHand;
    try {
      var unused = work.awaitNanos(nanos);
    } finally {
      idle = false;
      free = false;
    }
  }

  /**
   * Lets a message go on without the lock, when no other charge is due and its stream is in hand
   * already. For the thread of the lane alone: nobody else changes what this reads while it has the
   * line.
   *
   * @return false when that needs the lock
   */
  boolean chargeLater(Login login, @Nullable UUID stream, long cost) {
    if (owing != null || (stream != null && !streams.contains(stream))) {
      return false;
    }
    owing = login;
    owed = cost;
    return true;
  }

  /** Charges what is due. */
  void settle() {
    Login login = owing;
    if (login != null) {
      login.spend(owed);
      owing = null;
    }
  }
}
