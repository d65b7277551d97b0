package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.CrashOracle.Identity;
import io.billingsdk.internal.journal.SimulatedDisk.Fault;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each of the first calls to the disk fails once, in each way. */
@Tag("simulation")
@ExtendWith(QuietJournal.class)
final class JournalFaultSweepTest {
  private static final int POSITIONS = 200;
  private static final JournalOptions OPTIONS =
      new JournalOptions(1 << 20, 700, 1 << 20, 1 << 20, Duration.ofMillis(200), 0);

  private long refused;
  private long failedOpenings;

  @Test
  void anyCall_failsOnce_losesNothingAndResumesByItself() throws IOException {
    for (int position = 1; position <= POSITIONS; position++) {
      for (Fault fault : Fault.values()) {
        try {
          run(position, fault);
        } catch (AssertionError violation) {
          throw new AssertionError(fault + " at call " + position, violation);
        }
      }
    }
    assertThat(refused).isPositive();
    Proof.sized("journal-simulated-faults")
        .with("positions", POSITIONS)
        .with("kinds", Fault.values().length)
        .with("violations", 0)
        .with("refusals", refused)
        .with("failed_openings", failedOpenings)
        .print();
  }

  private void run(int position, Fault fault) throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(position));
    disk.failAt(position, fault);
    CrashOracle oracle = new CrashOracle();
    long left = session(disk, oracle, 0);
    session(disk, oracle, left);
    assertThat(disk.calls()).as("calls").isGreaterThan(POSITIONS);
    oracle.check(disk.afterPowerCut(), OPTIONS, Set.of());
  }

  /** Thirty records; every third is left, some are dead letters. */
  private long session(SimulatedDisk disk, CrashOracle oracle, long before) throws IOException {
    ManualClock clock = new ManualClock();
    long faultsBefore = disk.faultsHit();
    SimulatedProcess process = opened(disk, clock);
    long faultsWhenOpened = disk.faultsHit() - faultsBefore;
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    long settled = 0;
    int taken = 0;
    for (int i = 0; i < 200 && taken < 30; i++) {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      byte[] body = {(byte) i, (byte) position(disk), 1, 2, 3};
      EventJournal.Append append = process.append(body, durable);
      if (append instanceof EventJournal.Appended appended) {
        taken++;
        Identity id = new Identity(process.stream(), appended.seq());
        oracle.accepted(id, body);
        // Promised at the end, when it must have been kept.
        oracle.durable(id);
        waiters.add(durable);
      } else {
        assertThat(append).isInstanceOf(EventJournal.Unavailable.class);
        refused++;
      }
      process.settleDown();
      JournalRecord next = process.next();
      if (next != null && i % 3 != 0) {
        oracle.checkHandedOut(next);
        settled++;
        settle(process, oracle, next, i);
      }
      process.step();
      clock.advance(Duration.ofMillis(300));
    }
    for (int i = 0; i < 15; i++) {
      clock.advance(Duration.ofSeconds(3));
      process.settleDown();
    }
    assertThat(waiters).as("it has resumed").hasSize(30).allMatch(CompletableFuture::isDone);
    assertThat(waiters).noneMatch(CompletableFuture::isCompletedExceptionally);
    long expected = before + 30 - settled;
    JournalFigures figures = process.figures();
    assertThat(figures.acknowledged() + figures.deadLettered()).isEqualTo(settled);
    assertThat(figures.appended()).as("the loss equation").isEqualTo(settled + figures.pending());
    if (faultsWhenOpened == 0) {
      assertThat(figures.pending()).as("pending").isEqualTo(expected);
    } else {
      // Acknowledgements that could not be read are as if there were none.
      assertThat(figures.pending()).as("pending").isGreaterThanOrEqualTo(expected);
    }
    process.close();
    return expected;
  }

  private static void settle(
      SimulatedProcess process, CrashOracle oracle, JournalRecord next, int i) {
    if (i % 7 == 0) {
      oracle.dead(Identity.of(next));
      oracle.setAside(Identity.of(next));
      process.deadLetter(next, CrashOracle.REASON);
    } else {
      oracle.acknowledged(Identity.of(next));
      process.acknowledge(next);
    }
  }

  private SimulatedProcess opened(SimulatedDisk disk, ManualClock clock) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, OPTIONS, clock);
    try {
      process.open();
      return process;
    } catch (IOException explicit) {
      failedOpenings++;
      SimulatedProcess again = new SimulatedProcess(disk, OPTIONS, clock);
      again.open();
      return again;
    }
  }

  private static long position(SimulatedDisk disk) {
    return disk.calls();
  }
}
