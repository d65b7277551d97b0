package io.billingsdk.server.outbox;

import java.util.Set;

/**
 * Reacts to events, whose kinds it names. From the first start of a server with it on it is given
 * each of them at least once, by one server at a time, those of one subject one after the other in
 * their order.
 *
 * <p>It may be given one again, when a server was killed after it and before it was noted: {@link
 * DomainEvent#id()} shows that. An event that fails is tried again, and holds back the later ones
 * of its subject meanwhile; after its last attempt it is parked, and they go on without it. So one
 * that an operator puts back later comes after them: {@link DeliveredEvent#position()} shows that.
 */
public interface OutboxSubscriber {
  /** Its name in the tables, the metrics and the log: the same for ever. */
  String name();

  /** The kinds that it is given. */
  Set<String> kinds();

  /** How a failure is tried again. */
  default RetryPlan retries() {
    return RetryPlan.USUAL;
  }

  /**
   * Reacts, on a thread that is for this subscriber alone.
   *
   * @throws Exception when it is to be given it again; the message is stored and shown to operators
   */
  void receive(DeliveredEvent event) throws Exception;
}
