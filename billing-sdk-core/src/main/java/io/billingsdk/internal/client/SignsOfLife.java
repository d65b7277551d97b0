package io.billingsdk.internal.client;

import io.billingsdk.Protocol;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.V1Codec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what says that this instance is there and what it needs. Lost, such a message is repeated:
 * a request until it is answered, a sign of life at its interval.
 *
 * <p>Confined to the scheduler's thread.
 */
final class SignsOfLife {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final ClientTopics topics;
  private final Negotiation negotiation;
  private final HelloFactory hellos;
  private final BrokerLink link;
  private final Clock clock;

  SignsOfLife(
      ClientTopics topics,
      Negotiation negotiation,
      HelloFactory hellos,
      BrokerLink link,
      Clock clock) {
    this.topics = topics;
    this.negotiation = negotiation;
    this.hellos = hellos;
    this.link = link;
    this.clock = clock;
  }

  /** A sign of life, in the protocol that is spoken; that of v2 says whether keys are wanted. */
  void beat(boolean keysWanted) {
    if (negotiation.spoken() == Protocol.V2) {
      send(topics.v2().hello(topics.instance()), hellos.make(keysWanted).encode());
    } else {
      send(topics.v1().heartbeat(), V1Codec.heartbeat(clock.wallMillis()));
    }
  }

  /** The request for the key table of v1. */
  void askForKeys() {
    send(topics.v1().keysRequest(), V1Codec.keysRequest(clock.wallMillis()));
  }

  private void send(String topic, byte[] payload) {
    link.publish(topic, payload, result -> log.trace("{}: {}", topic, result.outcome()));
  }
}
