package io.billingsdk.broker;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A publish that was handed over, and is not acknowledged yet.
 *
 * <p>To acknowledge it takes two steps, so that many leave in one write: {@link #settle()} says
 * that it is done with, {@link #answer()} lets what is settled on its connection leave. PUBACKs
 * leave in the order in which their publishes came: one that is never settled holds back all later
 * ones of its connection.
 *
 * <p>Thread-safe.
 */
public final class HandedPublish {
  private final HandoverHandler connection;
  private final PUBLISH publish;
  private final int cost;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  private enum State {
    HELD,
    SETTLED,
    REFUSED
  }

  HandedPublish(HandoverHandler connection, PUBLISH publish, int cost) {
    this.connection = connection;
    this.publish = publish;
    this.cost = cost;
  }

  /** The topic that it came on. */
  public String topic() {
    return publish.getTopic();
  }

  /** What it holds; the array itself, which is not to be changed. */
  public byte[] payload() {
    byte[] payload = publish.getPayload();
    return payload == null ? new byte[0] : payload;
  }

  /** Whether it has a user property with this name and value. */
  public boolean hasProperty(String name, String value) {
    return publish.getUserProperties().asList().stream()
        .anyMatch(each -> each.getName().equals(name) && each.getValue().equals(value));
  }

  /** Whether its sender waits for a PUBACK, and sends it again when none comes: QoS 1. */
  public boolean isAwaited() {
    return publish.getQoS() == QoS.AT_LEAST_ONCE;
  }

  /** The user whose connection it came on; its client id where users have no names. */
  public String login() {
    return connection.login();
  }

  /** A number of its connection: connections of one broker are counted. */
  public int connection() {
    return connection.number();
  }

  /** Whether its connection has ended: then no answer can reach the sender any more. */
  public boolean isGone() {
    return connection.isGone();
  }

  /** Says that it is done with: its PUBACK may leave. Later calls do nothing. */
  public void settle() {
    end(State.SETTLED);
  }

  /**
   * Says that it is not taken in for now: its PUBACK may leave, with the code {@code 0x83}, and its
   * connection goes on. Does nothing once it is settled.
   *
   * @return false when a client of MQTT 3, which knows no such answer, is to be abandoned instead
   */
  public boolean refuse() {
    return connection.knowsRefusals() && end(State.REFUSED);
  }

  /** Lets all PUBACKs of its connection leave that may, in one write; returns at once. */
  public void answer() {
    connection.answerSoon();
  }

  /**
   * Gives it up: there is no PUBACK, and the connection is ended, so that the sender sends it again
   * elsewhere or later. Does nothing once it is settled.
   */
  public void abandon() {
    if (end(State.REFUSED)) {
      connection.end();
    }
  }

  /** Reads nothing more from its connection for so long, and from no other connection less. */
  public void slowDown(Duration pause) {
    connection.slowDown(pause);
  }

  int packetId() {
    return publish.getPacketIdentifier();
  }

  boolean isAnswered() {
    return state.get() != State.HELD;
  }

  boolean isRefused() {
    return state.get() == State.REFUSED;
  }

  /** False when something was decided before. */
  private boolean end(State next) {
    boolean first = state.compareAndSet(State.HELD, next);
    if (first) {
      connection.released(cost);
    }
    return first;
  }

  /**
   * Takes publishes out of an {@link EmbeddedBroker}'s hands: it answers for them, and no
   * subscriber gets them.
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
}
