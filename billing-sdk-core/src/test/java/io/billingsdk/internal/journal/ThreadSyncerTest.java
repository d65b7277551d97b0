package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ThreadSyncerTest {
  private final Semaphore woken = new Semaphore(0);
  private final ThreadSyncer syncer = new ThreadSyncer(woken::release);

  @AfterEach
  void close() {
    syncer.close();
  }

  /** A force lasts until it is let go. */
  private static final class SlowOutput implements JournalFiles.Output {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final @Nullable Throwable failure;

    SlowOutput(@Nullable Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void force() throws IOException {
      begun.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException interrupted) {
        throw new IOException("an interrupt closes the file", interrupted);
      }
      if (failure instanceof IOException failed) {
        throw failed;
      } else if (failure instanceof Error error) {
        throw error;
      }
    }

    @Override
    public void write(ByteBuffer bytes) {}

    @Override
    public void truncate(long bytes) {}

    @Override
    public void close() {}
  }

  @Test
  void poll_forceUnderWay_isNullUntilItHasReturned() throws InterruptedException {
    SlowOutput output = new SlowOutput(null);
    syncer.begin(output);
    output.begun.await();
    assertThat(syncer.poll()).isNull();
    assertThat(woken.availablePermits()).isZero();
    output.mayEnd.countDown();
    assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).as("woken at the end").isTrue();
    assertThat(syncer.poll()).isEqualTo(Syncer.SyncOutcome.DONE);
    assertThat(syncer.poll()).as("given once").isNull();
  }

  @Test
  void await_manyInARow_losesNoOutcome() {
    SlowOutput quick = new SlowOutput(null);
    quick.mayEnd.countDown();
    for (int i = 0; i < 20_000; i++) {
      syncer.begin(quick);
      Syncer.SyncOutcome outcome = i % 2 == 0 ? syncer.poll() : null;
      assertThat(outcome == null ? syncer.await() : outcome).isEqualTo(Syncer.SyncOutcome.DONE);
    }
  }

  @Test
  void await_interrupted_waitsAndKeepsTheInterrupt() {
    SlowOutput output = new SlowOutput(null);
    syncer.begin(output);
    Thread.currentThread().interrupt();
    output.mayEnd.countDown();
    assertThat(syncer.await()).isEqualTo(Syncer.SyncOutcome.DONE);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void await_forceThrows_givesTheFailureAndGoesOn() {
    IOException failed = new IOException("Input/output error");
    assertThat(outcomeOf(failed).failure()).isSameAs(failed);
    assertThat(outcomeOf(new OutOfMemoryError("none")).failure())
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(outcomeOf(null)).isEqualTo(Syncer.SyncOutcome.DONE);
  }

  private Syncer.SyncOutcome outcomeOf(@Nullable Throwable failure) {
    SlowOutput output = new SlowOutput(failure);
    output.mayEnd.countDown();
    syncer.begin(output);
    return syncer.await();
  }
}
