package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void isStoring_isFalse_onceSomethingWaitsAndNothingWasStoredForSoLong() {
    CollectorCounts counts = new CollectorCounts(() -> nanos);
    pass(100);
    assertThat(counts.isStoring(10)).as("nothing waits").isTrue();
    Waiting waits =
        counts.waits(
            new IncomingMessage("t", 1, null, List.of(), null, /* repeated= */ true, () -> {}));
    pass(10);
    assertThat(counts.isStoring(10)).isTrue();
    pass(1);
    assertThat(counts.isStoring(10)).isFalse();
    assertThat(counts.notStoredSeconds()).isEqualTo(11);
    counts.stored(List.of());
    assertThat(counts.isStoring(10)).as("it is slow, and stores").isTrue();
    pass(11);
    assertThat(counts.isStoring(10)).isFalse();
    waits.confirmation().run();
    assertThat(counts.isStoring(10)).isTrue();
    assertThat(counts.notStoredSeconds()).isZero();
  }
}
