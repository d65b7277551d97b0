package io.billingsdk.broker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of publishes all connections together may have handed over and not settled. What
 * is beyond it is taken all the same, since it was read already; its connection then reads no more
 * until a quarter of the budget is free. Thread-safe.
 */
final class ByteBudget {
  private final long limit;
  private final long resumedBelow;
  private final AtomicLong held = new AtomicLong();
  private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

  ByteBudget(long limit) {
    this.limit = limit;
    this.resumedBelow = limit - limit / 4;
  }

  void take(int bytes) {
    held.addAndGet(bytes);
  }

  /** Runs what waits for room on the thread that made it. */
  void release(int bytes) {
    if (held.addAndGet(-bytes) <= resumedBelow && !waiting.isEmpty()) {
      resumeAll();
    }
  }

  boolean isFull() {
    return held.get() >= limit;
  }

  /** Bytes that are held now. */
  long held() {
    return held.get();
  }

  /** Connections that read nothing until there is room. */
  int waiting() {
    return waiting.size();
  }

  /** Has this run when there is room: at once when there is room already. */
  void await(Runnable resume) {
    waiting.add(resume);
    // All may have been released since the look at it: nobody would come by again.
    if (held.get() <= resumedBelow) {
      resumeAll();
    }
  }

  /** The connection has ended. */
  void forget(Runnable resume) {
    waiting.remove(resume);
  }

  private void resumeAll() {
    for (Runnable each : List.copyOf(waiting)) {
      // Once: another thread may be at the same.
      if (waiting.remove(each)) {
        each.run();
      }
    }
  }
}
