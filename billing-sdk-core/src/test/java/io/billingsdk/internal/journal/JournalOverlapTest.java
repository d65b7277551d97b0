package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writing goes on while the disk forces, and nobody is told too early. */
@ExtendWith(QuietJournal.class)
final class JournalOverlapTest {
  private final SimulatedDisk disk = new SimulatedDisk(new Random(5));
  private final HandSyncer syncer = new HandSyncer();

  /** A force ends when the test says so. */
  private static final class HandSyncer implements Syncer {
    private final SimulatedSyncer syncer = new SimulatedSyncer();
    private boolean mayEnd;

    @Override
    public boolean isWorthwhile(long bytes) {
      return bytes > 0;
    }

    @Override
    public void begin(JournalFiles.Output output) {
      mayEnd = false;
      syncer.begin(output);
    }

    @Override
    public @Nullable SyncOutcome poll() {
      return mayEnd ? syncer.await() : null;
    }

    @Override
    public SyncOutcome await() {
      return syncer.await();
    }

    @Override
    public void close() {
      syncer.close();
    }
  }

  private SimulatedProcess open(@Nullable Duration forceInterval) throws IOException {
    JournalOptions options =
        new JournalOptions(1 << 30, 8 << 20, 1 << 20, 1 << 20, forceInterval, 0);
    SimulatedProcess process =
        new SimulatedProcess(disk, options, new ManualClock(), PlantedBug.NONE, syncer);
    process.open();
    return process;
  }

  private static CompletableFuture<Void> appendDurably(SimulatedProcess process) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    assertThat(process.append(new byte[10], durable)).isInstanceOf(EventJournal.Appended.class);
    process.step();
    return durable;
  }

  @Test
  void step_forceUnderWay_completesOnlyWhatItCovers() throws IOException {
    SimulatedProcess process = open(Duration.ofMillis(200));
    CompletableFuture<Void> first = appendDurably(process);
    CompletableFuture<Void> second = appendDurably(process);
    assertThat(first).as("the force has not ended").isNotDone();
    syncer.mayEnd = true;
    process.step();
    assertThat(first).isCompleted();
    assertThat(second).as("written after that force was begun").isNotDone();
    assertThat(process.next()).as("handed out, forced or not").isNotNull();
    syncer.mayEnd = true;
    process.step();
    assertThat(second).isCompleted();
  }

  @Test
  void step_forceUnderWayFails_writesAgainWhatCameLaterToo() throws IOException {
    SimulatedProcess process = open(Duration.ofMillis(200));
    CompletableFuture<Void> first = appendDurably(process);
    CompletableFuture<Void> second = appendDurably(process);
    disk.failForces(1);
    for (int i = 0; i < 4; i++) {
      syncer.mayEnd = true;
      process.step();
    }
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(disk.paths(".wal")).hasSize(2);
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).contains(1L, 2L);
  }

  /** Nobody waits for the second; behind what a failed force cuts off it would not be found. */
  @Test
  void step_forceFailsWithoutInterval_keepsWhatCameLater() throws IOException {
    SimulatedProcess process = open(/* forceInterval= */ null);
    CompletableFuture<Void> first = appendDurably(process);
    process.append(new byte[10], null);
    process.step();
    disk.failForces(1);
    for (int i = 0; i < 4; i++) {
      syncer.mayEnd = true;
      process.step();
    }
    assertThat(first).isCompleted();
    assertThat(Recovery.of(disk.afterKill()).seqs()).contains(1L, 2L);
  }

  @Test
  void close_forceUnderWay_waitsForIt() throws IOException {
    SimulatedProcess process = open(Duration.ofMillis(200));
    CompletableFuture<Void> first = appendDurably(process);
    CompletableFuture<Void> second = appendDurably(process);
    process.close();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(Recovery.of(disk.afterPowerCut()).seqs()).containsExactly(1L, 2L);
  }
}
