package io.billingsdk.server.outbox;

import io.billingsdk.server.jobs.Job;
import java.time.Duration;

/** Looks for events that no notification will tell of: a server that had taken them was killed. */
final class OutboxWake implements Job {
  private final OutboxDelivery delivery;

  OutboxWake(OutboxDelivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public String name() {
    return "outbox-delivery";
  }

  @Override
  public Duration every() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void run() {
    delivery.wake();
  }
}
