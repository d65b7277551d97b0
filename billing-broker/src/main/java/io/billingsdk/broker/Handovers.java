package io.billingsdk.broker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that one run of a broker hands over: what its connections share. Thread-safe. */
final class Handovers {
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
