package io.billingsdk.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies are kept at once, of all requests: who sends many that are slow or wait
 * must not fill the memory. Thread-safe.
 */
final class BodyBytes {
  private static final int PART = 8;

  private final long most;
  private final AtomicLong kept = new AtomicLong();

  BodyBytes(long most) {
    this.most = most;
  }

  /** An eighth of the memory of this process. */
  static BodyBytes ofMemory() {
    return new BodyBytes(Runtime.getRuntime().maxMemory() / PART);
  }

  /** Takes room for some; false when there is none. */
  boolean take(long bytes) {
    if (kept.addAndGet(bytes) > most) {
      kept.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    kept.addAndGet(-bytes);
  }
}
