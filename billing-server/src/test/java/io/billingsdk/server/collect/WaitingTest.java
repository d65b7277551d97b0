package io.billingsdk.server.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private long nanos = Long.MAX_VALUE - 1_500_000_000L;
  private final Waiting waiting = new Waiting(() -> nanos);

  private Arrival arrives() {
    return waiting.enter(
        new Arrival("t", 1, null, List.of(), null, /* repeated= */ true, () -> {}));
  }

  private void pass(long seconds) {
    nanos += seconds * 1_000_000_000L;
  }

  @Test
  void oldest_isOfTheMessageThatStillWaits_whateverTheirOrder() {
    assertThat(waiting.oldestSeconds()).isZero();
    Arrival first = arrives();
    Arrival beside = arrives();
    pass(1);
    Arrival second = arrives();
    assertThat(waiting.oldestSeconds()).isOne();
    first.confirmation().run();
    assertThat(waiting.oldestSeconds()).as("another of its second waits").isOne();
    beside.confirmation().run();
    assertThat(waiting.oldestSeconds()).isZero();
    second.confirmation().run();
    pass(100);
    assertThat(waiting.oldestSeconds()).isZero();
  }
}
