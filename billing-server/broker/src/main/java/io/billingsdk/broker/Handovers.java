package io.billingsdk.broker;

import io.billingsdk.broker.HandedPublish.Handover;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that one run of a broker hands over: what its connections share. Thread-safe. */
final class Handovers {
  private static final Logger log = LoggerFactory.getLogger(Handovers.class);

  private final AtomicLong defects = new AtomicLong();
  private final AtomicLong nextTold = new AtomicLong(1);
  private final Handover to;
  private final ByteBudget budget;
  private final int window;
  private final Set<HandoverHandler> connections = ConcurrentHashMap.newKeySet();

  /**
   * Nothing is handed over yet.
   *
   * @param window publishes without an answer at which nothing more is read from a client that has
   *     no limit of its own
   */
  Handovers(Handover to, ByteBudget budget, int window) {
    this.to = to;
    this.budget = budget;
    this.window = window;
  }

  Handover to() {
    return to;
  }

  ByteBudget budget() {
    return budget;
  }

  int window() {
    return window;
  }

  /** One line for the first, the tenth, the hundredth: each publish may bring the same. */
  void defect(RuntimeException defect) {
    long count = defects.incrementAndGet();
    if (count >= nextTold.get()) {
      nextTold.set(count * 10);
      // Without the text of it, which may quote what the publish holds.
      log.error(
          "a publish could not be handed over: {} ({} in all; logged again at {})",
          defect.getClass().getName(),
          count,
          count * 10);
    }
  }

  void add(HandoverHandler connection) {
    connections.add(connection);
  }

  void remove(HandoverHandler connection) {
    connections.remove(connection);
  }

  /** Ends the connections whose clients wait for a PUBACK. */
  void endUnanswered() {
    connections.forEach(HandoverHandler::endIfUnanswered);
  }
}
