package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.SimulatedFiles.SimulatedOutput;
import java.io.IOException;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Forces beside the writer without a thread: a force that was begun ends at some later look, and
 * covers then only what was written before it was begun. Between the two the machine may crash.
 */
final class SimulatedSyncer implements Syncer {
  private final @Nullable Random random;
  private JournalFiles.@Nullable Output begun;
  private long changes;

  /** One that the journal leaves alone: it forces in place. */
  SimulatedSyncer() {
    this.random = null;
  }

  /** One whose forces take as long as the random numbers say. */
  SimulatedSyncer(Random random) {
    this.random = random;
  }

  @Override
  public boolean isWorthwhile(long bytes) {
    return random != null && bytes > 0 && random.nextInt(4) > 0;
  }

  @Override
  public void begin(JournalFiles.Output output) {
    if (begun != null) {
      throw new AssertionError("two forces at once");
    }
    begun = output;
    changes = output instanceof SimulatedOutput simulated ? simulated.changes() : 0;
  }

  @Override
  public @Nullable SyncOutcome poll() {
    return random != null && random.nextInt(3) == 0 ? await() : null;
  }

  @Override
  public SyncOutcome await() {
    JournalFiles.Output ending = Objects.requireNonNull(begun, "no force was begun");
    begun = null;
    try {
      if (ending instanceof SimulatedOutput simulated) {
        simulated.force(changes);
      } else {
        ending.force();
      }
      return SyncOutcome.DONE;
    } catch (IOException failed) {
      return new SyncOutcome(failed);
    }
  }

  @Override
  public void close() {
    if (begun != null) {
      throw new AssertionError("closed while a force is under way");
    }
  }
}
