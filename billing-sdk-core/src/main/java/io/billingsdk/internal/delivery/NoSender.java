package io.billingsdk.internal.delivery;

import io.billingsdk.internal.link.LinkLimits;

/** Leaves the events where they are: it is not known yet which protocol is spoken. */
record NoSender() implements Sender {
  @Override
  public void up(LinkLimits limits) {}

  @Override
  public void down() {}

  @Override
  public void pump() {}

  @Override
  public void stop() {}
}
