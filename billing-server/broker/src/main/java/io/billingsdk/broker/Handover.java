package io.billingsdk.broker;

/**
 * Takes publishes out of an {@link EmbeddedBroker}'s hands: it answers for them, and no subscriber
 * gets them.
 *
 * <p>The broker has looked at the rights of the sender first: a publish that is not allowed does
 * not come here. Neither does one of QoS 2; a Will, which is published by no connection, does not
 * either.
 *
 * <p>Both methods run on the event loop of the sender's connection, one at a time for each
 * connection and many at a time for all: they must not block.
 */
public interface Handover {
  /** Whether publishes to a topic are handed over. */
  boolean takes(String topic);

  /**
   * Takes a publish, which is to be settled or abandoned in the end. If this throws, it is
   * abandoned.
   */
  void received(HandedPublish publish);
}
