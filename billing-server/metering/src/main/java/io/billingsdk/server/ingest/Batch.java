package io.billingsdk.server.ingest;

import java.util.ArrayList;
import java.util.List;

/** What a lane stores in one transaction, while it is gathered. For the lane's thread. */
final class Batch {
  private static final int MOST_EVENTS = 5_000;
  private static final int MOST_MESSAGES = 5_000;

  /** Read and expanded; in memory several times as much. */
  private static final long MOST_BYTES = 2 << 20;

  /** More events than the SDK puts into a message: they join nobody else's transaction. */
  private static final int LARGE_EVENTS = 1_000;

  private final List<IncomingMessage> arrivals = new ArrayList<>();
  private int events;
  private long bytes;
  private boolean awaited;

  /** Whether one more belongs into it; if not, it begins the next one. */
  boolean takes(IncomingMessage incomingMessage) {
    return arrivals.isEmpty()
        || (incomingMessage.entries().size() <= LARGE_EVENTS
            && bytes + incomingMessage.readBytes() <= MOST_BYTES);
  }

  void add(IncomingMessage incomingMessage) {
    arrivals.add(incomingMessage);
    events += incomingMessage.entries().size();
    bytes += incomingMessage.readBytes();
    awaited |= incomingMessage.isAwaited();
  }

  boolean isEmpty() {
    return arrivals.isEmpty();
  }

  boolean isFull() {
    return events >= MOST_EVENTS || bytes >= MOST_BYTES || arrivals.size() >= MOST_MESSAGES;
  }

  /** Whether somebody waits for its end, so that it is not to wait for more. */
  boolean isAwaited() {
    return awaited;
  }

  List<IncomingMessage> arrivals() {
    return arrivals;
  }
}
