package io.billingsdk.internal.quotas;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What calls know of the way to the billing system, and how they wake the thread that asks it.
 * Thread-safe.
 */
final class LeaseLink {
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean ticking = new AtomicBoolean();
  private volatile boolean up;
  private volatile boolean answered;
  private volatile Runnable onWake = () -> {};
  private volatile Runnable onBegin = () -> {};

  /**
   * Who asks.
   *
   * @param wake run when something is wanted at once
   * @param begin run when there is something to look after now and again
   */
  void connect(Runnable wake, Runnable begin) {
    onWake = wake;
    onBegin = begin;
  }

  /** Whether the billing system is there. */
  boolean isUp() {
    return up;
  }

  void up(boolean isUp) {
    up = isUp;
  }

  /** Whether it is there, and answers questions about leases and shares. */
  boolean answers() {
    return up && answered;
  }

  void answered() {
    answered = true;
  }

  /** It does not answer: a key without a share would be shut out for ever. */
  void silent() {
    answered = false;
  }

  /** Something is wanted at once; cheap when repeated. Nobody is asked while nobody is there. */
  void wake() {
    if (up && !woken.get() && woken.compareAndSet(false, true)) {
      onWake.run();
    }
    wakeLater();
  }

  /** Before looking: a wish after the look wakes again. */
  void awake() {
    woken.set(false);
  }

  /** There is something to look after. */
  void wakeLater() {
    if (!ticking.get() && ticking.compareAndSet(false, true)) {
      onBegin.run();
    }
  }

  /** Nothing is left to look after. */
  void rest() {
    ticking.set(false);
  }
}
