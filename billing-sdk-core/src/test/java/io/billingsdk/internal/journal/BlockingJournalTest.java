package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.EventJournal.Closed;
import io.billingsdk.internal.journal.EventJournal.Full;
import io.billingsdk.internal.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers that wait for room. */
@Tag("crash")
@Timeout(60)
final class BlockingJournalTest {
  private static final int BODY = 100;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final MemoryJournal memory = new MemoryJournal(BODY + 64);

  /** An append on a thread of its own. */
  private static final class WaitingCaller {
    private final FutureTask<Append> append;
    private final Thread thread;

    private WaitingCaller(EventJournal journal) {
      append = new FutureTask<>(() -> journal.append(new byte[BODY]));
      thread = new Thread(append, "caller");
      thread.start();
    }

    private WaitingCaller waiting() {
      Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
      return this;
    }

    private Append outcome() throws Exception {
      return append.get(30, TimeUnit.SECONDS);
    }
  }

  private EventJournal full(Duration atMost) {
    EventJournal journal = new BlockingJournal(memory, atMost);
    assertThat(journal.append(new byte[BODY])).isEqualTo(new Appended(1));
    return journal;
  }

  @Test
  void append_whileFullAndThenAcknowledged_isTaken() throws Exception {
    EventJournal journal = full(LONG);
    WaitingCaller caller = new WaitingCaller(journal).waiting();
    journal.acknowledge(requireNonNull(journal.next()));
    assertThat(caller.outcome()).isEqualTo(new Appended(2));
  }

  @Test
  void append_fullBeyondTheTimeout_saysFull() {
    EventJournal journal = full(Duration.ofMillis(20));
    assertThat(journal.append(new byte[BODY])).isEqualTo(new Full(BODY + 64, true));
    assertThat(journal.figures().appended()).isEqualTo(1);
  }

  @Test
  void append_thatCouldNeverFit_doesNotWait() {
    EventJournal journal = new BlockingJournal(memory, LONG);
    assertThat(journal.append(new byte[BODY + 1])).isEqualTo(new Full(BODY + 64, false));
  }

  @Test
  void append_interruptedWhileItWaits_saysFullAndKeepsTheInterrupt() throws Exception {
    EventJournal journal = full(LONG);
    FutureTask<Boolean> interrupted =
        new FutureTask<>(
            () ->
                journal.append(new byte[BODY]) instanceof Full
                    && Thread.currentThread().isInterrupted());
    Thread thread = new Thread(interrupted, "interrupted");
    thread.start();
    thread.interrupt();
    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_whileCallersWait_tellsThemAtOnce() throws Exception {
    EventJournal journal = full(LONG);
    WaitingCaller caller = new WaitingCaller(journal).waiting();
    journal.close();
    assertThat(caller.outcome()).isEqualTo(new Closed());
  }

  /** Who delivers must never be held up by those who wait for what it delivers. */
  @Test
  void append_manyCallersOnOnePlace_areTakenOneAfterTheOther() throws Exception {
    EventJournal journal = full(LONG);
    WaitingCaller[] callers = new WaitingCaller[8];
    for (int i = 0; i < callers.length; i++) {
      callers[i] = new WaitingCaller(journal).waiting();
    }
    for (int i = 0; i < callers.length; i++) {
      Awaitility.await().until(() -> memory.figures().pending() == 1);
      journal.acknowledge(requireNonNull(journal.next()));
    }
    for (WaitingCaller caller : callers) {
      assertThat(caller.outcome()).isInstanceOf(Appended.class);
    }
    assertThat(memory.figures().appended()).isEqualTo(9);
  }

  /** On disk there is room only when a whole segment was deleted, by the journal's own thread. */
  @Test
  void append_onDiskWhileFull_waitsUntilASegmentIsDeleted(@TempDir Path home) throws Exception {
    JournalOptions options =
        new JournalOptions(8_000, 1_000, 8_000, 8_000, Duration.ofMillis(1), 0);
    DurableJournal durable =
        DurableJournal.with(JournalFiles.real(), home, options, Clock.system());
    durable.start();
    try {
      int taken = 0;
      CompletableFuture<Void> forced = new CompletableFuture<>();
      while (durable.append(new byte[BODY], forced) instanceof Appended) {
        // What is on its way counts for more than what is written: it would be full too soon.
        forced.get(30, TimeUnit.SECONDS);
        forced = new CompletableFuture<>();
        taken++;
      }
      EventJournal journal = new BlockingJournal(durable, LONG);
      WaitingCaller caller = new WaitingCaller(journal).waiting();
      for (int i = 0; i < taken; i++) {
        Awaitility.await().pollInSameThread().until(() -> acknowledgedNext(journal));
      }
      assertThat(caller.outcome()).isEqualTo(new Appended(taken + 1L));
    } finally {
      durable.release(Duration.ofSeconds(30));
    }
  }

  private static boolean acknowledgedNext(EventJournal journal) {
    JournalRecord next = journal.next();
    if (next != null) {
      journal.acknowledge(next);
    }
    return next != null;
  }
}
