package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * New events while a backlog is drained. A new one waits for what was read ahead before it came,
 * and from then on for one turn of the backlog, however long that is; counted in records.
 */
final class JournalStarvationTest {
  private static final int BACKLOG = 20_000;
  private static final int NEW = 100;
  private static final int BODY = 100;

  /** Bytes of each record on its way to who delivers. */
  private static final int RECORD = BODY + 64;

  private static final int TURN = 32;
  private static final int AHEAD = 100 * RECORD;
  private static final JournalOptions OPTIONS =
      new JournalOptions(1 << 30, 64 << 10, 8 << 20, AHEAD, Duration.ofMillis(200), 0);

  @Test
  void drain_newEventsDuringABacklog_areHandedOutWithinABoundedNumberOfTurns() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    leaveBacklog(disk);
    SimulatedProcess process = new SimulatedProcess(disk, OPTIONS, new ManualClock());
    process.open();
    assertThat(process.recovered()).isEqualTo(BACKLOG);
    process.settleDown();
    int worst = 0;
    for (int i = 1; i <= NEW; i++) {
      append(process);
      process.settleDown();
      worst = Math.max(worst, handOutsUntilNew(process, i));
    }
    int bound = AHEAD / RECORD + TURN + 1;
    Proof.sized("journal-starvation")
        .with("backlog", BACKLOG)
        .with("new_events", NEW)
        .with("read_ahead", AHEAD / RECORD)
        .with("worst_handouts", worst)
        .with("bound", bound)
        .with("backlog_left", process.pending())
        .print();
    assertThat(worst).isLessThanOrEqualTo(bound);
    assertThat(process.pending()).as("the backlog is not drained yet").isPositive();
    process.close();
  }

  /** Settles one record after the other until a new one comes; the number of that one. */
  private static int handOutsUntilNew(SimulatedProcess process, long seq) {
    for (int handOuts = 1; ; handOuts++) {
      JournalRecord record = requireNonNull(process.next(), "a record was expected");
      process.acknowledge(record);
      process.settleDown();
      if (record.stream().equals(process.stream())) {
        assertThat(record.seq()).as("in order").isEqualTo(seq);
        return handOuts;
      }
    }
  }

  private static void leaveBacklog(SimulatedDisk disk) throws IOException {
    SimulatedProcess earlier = new SimulatedProcess(disk, OPTIONS, new ManualClock());
    earlier.open();
    for (int i = 0; i < BACKLOG; i++) {
      append(earlier);
      if (i % 1_000 == 0) {
        earlier.settleDown();
      }
    }
    earlier.settleDown();
    earlier.close();
  }

  private static void append(SimulatedProcess process) {
    assertThat(process.append(new byte[BODY], null)).isInstanceOf(EventJournal.Appended.class);
  }
}
