package io.billingsdk.server.control;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait in a place, in bytes over all: what instances say is bounded for each of them,
 * and there may be many. Thread-safe.
 */
final class Room {
  private final long bytes;
  private final AtomicLong held = new AtomicLong();

  /** An empty one of so many bytes. */
  Room(long bytes) {
    this.bytes = bytes;
  }

  /** Takes room for something; false, and takes none, when there is not enough. */
  boolean enter(long size) {
    if (held.addAndGet(size) > bytes) {
      held.addAndGet(-size);
      return false;
    }
    return true;
  }

  /** Gives back what something took. */
  void leave(long size) {
    held.addAndGet(-size);
  }

  /** Bytes that are taken. */
  long held() {
    return held.get();
  }
}
