package io.billingsdk.server.common;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait in a place, in bytes over all: what instances say is bounded for each of them,
 * and there may be many. Thread-safe.
 */
public final class Room {
  private final long bytes;
  private final AtomicLong held = new AtomicLong();

  /** An empty one of so many bytes. */
  public Room(long bytes) {
    this.bytes = bytes;
  }

  /** Takes room for something; false, and takes none, when there is not enough. */
  public boolean enter(long size) {
    if (held.addAndGet(size) > bytes) {
      held.addAndGet(-size);
      return false;
    }
    return true;
  }

  /** Gives back what something took. */
  public void leave(long size) {
    held.addAndGet(-size);
  }

  /** Bytes that are taken. */
  public long held() {
    return held.get();
  }
}
