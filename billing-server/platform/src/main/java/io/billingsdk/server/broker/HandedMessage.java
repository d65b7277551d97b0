package io.billingsdk.server.broker;

import io.billingsdk.broker.HandedPublish;
import java.time.Duration;

/** A publish of a client of our own broker, which is acknowledged to that client. */
record HandedMessage(HandedPublish publish) implements HeldMessage {
  @Override
  public String topic() {
    return publish.topic();
  }

  @Override
  public byte[] payload() {
    return publish.payload();
  }

  @Override
  public int bytes() {
    return publish.payload().length;
  }

  @Override
  public boolean hasProperty(String name, String value) {
    return publish.hasProperty(name, value);
  }

  @Override
  public boolean isRepeated() {
    return publish.isAwaited();
  }

  @Override
  public boolean isAwaited() {
    return publish.isAwaited();
  }

  /** One of QoS 0 is not sent again: it is stored although its sender has left. */
  @Override
  public boolean isGone() {
    return publish.isAwaited() && publish.isGone();
  }

  @Override
  public String login() {
    return publish.login();
  }

  @Override
  public int sender() {
    return publish.connection();
  }

  @Override
  public void settle() {
    publish.settle();
  }

  @Override
  public boolean refuse() {
    return publish.isAwaited() && publish.refuse();
  }

  @Override
  public void answer() {
    publish.answer();
  }

  @Override
  public void slowDown(Duration pause) {
    publish.slowDown(pause);
  }

  @Override
  public String toString() {
    return "HandedMessage[" + topic() + ", " + bytes() + " bytes]";
  }
}
