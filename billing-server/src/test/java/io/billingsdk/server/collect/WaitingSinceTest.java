package io.billingsdk.server.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitingSinceTest {
  private long nanos = Long.MAX_VALUE - 1_500_000_000L;
  private final WaitingSince waiting = new WaitingSince(() -> nanos);

  private void pass(long seconds) {
    nanos += seconds * 1_000_000_000L;
  }

  @Test
  void oldest_isOfTheMessageThatStillWaits_whateverTheirOrder() {
    assertThat(waiting.oldestSeconds()).isZero();
    Runnable first = waiting.enter();
    Runnable beside = waiting.enter();
    pass(1);
    Runnable second = waiting.enter();
    assertThat(waiting.oldestSeconds()).isOne();
    first.run();
    assertThat(waiting.oldestSeconds()).as("another of its second waits").isOne();
    beside.run();
    assertThat(waiting.oldestSeconds()).isZero();
    second.run();
    pass(100);
    assertThat(waiting.oldestSeconds()).isZero();
  }
}
