package io.billingsdk.server.ingest;

import io.billingsdk.server.broker.HeldMessage;
import java.util.concurrent.atomic.AtomicInteger;

/** A message whose producer knows refusals, and that counts how often it was refused. */
record RefusableMessage(AtomicInteger refused, boolean isGone) implements HeldMessage {
  @Override
  public String topic() {
    return "billing/v2/instance-1/usage";
  }

  @Override
  public byte[] payload() {
    return new byte[0];
  }

  @Override
  public int bytes() {
    return 0;
  }

  @Override
  public boolean hasProperty(String name, String value) {
    return false;
  }

  @Override
  public boolean isRepeated() {
    return true;
  }

  @Override
  public boolean refuse() {
    refused.incrementAndGet();
    return true;
  }

  @Override
  public void settle() {}
}
