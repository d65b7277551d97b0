package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.EmbeddedTestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Half of all receipts are lost, late or double: journals drain all the same, nothing is double.
 */
final class ReceiptsFaultyTest {
  private static final String PROOF = "receipts-faulty";
  private static final int EVENTS = Integer.getInteger("system.receipts.events", 200);

  /** Slow, so that there are many receipts. */
  private static final int RATE = 60;

  /**
   * A batch whose receipt is lost five times in a row waits 10, 20, 40, 80 and 160 s, and half as
   * much again at most: nearly 8 minutes.
   */
  private static final Duration LONGEST =
      Child.PATIENCE.compareTo(Duration.ofMinutes(8)) > 0 ? Child.PATIENCE : Duration.ofMinutes(8);

  private static final long SEED = Size.seed();

  @TempDir Path directory;

  @Test
  void receipts_halfLostLateOrDouble_journalDrainsAndNothingIsDouble() throws Exception {
    World.require(PROOF);
    ReceiptFaults faults = new ReceiptFaults(SEED);
    EmbeddedTestBroker broker =
        EmbeddedTestBroker.in(
            directory.resolve("broker"), builder -> builder.clientInitializer(faults));
    try (World world = World.withServer(directory, broker, RATE)) {
      world.awaitAttempted(EVENTS);
      // A busy machine makes few batches of many events, with a receipt each.
      Awaitility.await().atMost(Child.PATIENCE).until(faults::eachHappened);
      long finishing = System.nanoTime();
      var unused = world.services().drain(LONGEST);
      Duration drained = Duration.ofNanos(System.nanoTime() - finishing);
      Verdict verdict = world.verdictOfDrained();

      verdict
          .to(Size.proof(PROOF).with("collector", world.backend().text()))
          .with("receipts", faults.all())
          .with("receipts_lost", faults.lost())
          .with("receipts_delayed", faults.delayed())
          .with("receipts_duplicated", faults.duplicated())
          .with("journal_left", world.services().left())
          .with("drained_s", TimeUnit.SECONDS.convert(drained))
          .with("seed", SEED)
          .print();
      assertThat(verdict.holds()).isTrue();
      assertThat(faults.lost()).isPositive();
      assertThat(faults.delayed()).isPositive();
      assertThat(faults.duplicated()).isPositive();
      assertThat(world.services().left()).isZero();
    }
  }
}
