package io.billingsdk.crash;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted callers are their own affair: an interrupt closes no file of the journal. */
@Tag("crash")
final class InterruptStormTest {
  private static final int EVENTS = Integer.getInteger("journal.interrupts.events", 1_000);
  private static final int THREADS = 4;

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
  private final AtomicLong interrupted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  @Test
  void appendingThreads_inAnInterruptStorm_loseNothing() throws Exception {
    DurableJournal journal = SmallJournal.usual().segments(64 << 10).in(directory);
    journal.start();
    storm(journal, List.of());
    finish(journal);

    proof("journal-interrupts").print();
    assertThat(refused).hasValue(0);
    assertThat(ledger.durableLost() + ledger.plainLost()).isZero();
    assertThat(ledger.repeats()).isZero();
  }

  @Test
  void journalThread_interruptedByAStranger_goesOn() throws Exception {
    DurableJournal journal = SmallJournal.usual().segments(64 << 10).in(directory);
    journal.start();
    List<Thread> own =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("billing-journal"))
            .toList();
    assertThat(own).hasSize(1);
    storm(journal, own);
    finish(journal);
    Drain.all(directory, ledger);

    proof("journal-interrupts-of-its-own-thread").print();
    assertThat(ledger.durableLost() + ledger.plainLost()).isZero();
  }

  private void storm(DurableJournal journal, List<Thread> alsoInterrupted) throws Exception {
    List<Thread> appending = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int seed = i;
      appending.add(new Thread(() -> append(journal, seed), "appends-" + i));
    }
    AtomicBoolean over = new AtomicBoolean();
    Thread interrupts =
        new Thread(
            () -> {
              for (int i = 0; !over.get(); i++) {
                appending.forEach(Thread::interrupt);
                // Now and then: each costs the journal a file, and a second until it tries again.
                if (i % 200_000 == 0 && i <= 800_000) {
                  alsoInterrupted.forEach(Thread::interrupt);
                }
                interrupted.addAndGet(THREADS);
              }
            },
            "interrupts");
    appending.forEach(Thread::start);
    interrupts.start();
    for (Thread thread : appending) {
      thread.join(SECONDS.toMillis(30));
      assertThat(thread.isAlive()).as("%s still waits", thread.getName()).isFalse();
    }
    over.set(true);
    interrupts.join();
  }

  private void append(DurableJournal journal, int seed) {
    for (int index = 0; index < EVENTS; index++) {
      byte[] body = new Event(seed, index).body();
      CompletableFuture<Void> durable = index % 8 == 0 ? new CompletableFuture<>() : null;
      Append outcome = journal.append(body, durable);
      if (outcome instanceof Appended appended) {
        String kind = durable == null ? "PLAIN" : "ACC";
        if (durable == null || completes(durable)) {
          accepted.add(Ledger.lineOf(kind, journal.stream() + " " + appended.seq(), body));
        }
      } else {
        refused.incrementAndGet();
      }
    }
  }

  private static boolean completes(CompletableFuture<Void> durable) {
    while (true) {
      try {
        durable.get(60, SECONDS);
        return true;
      } catch (InterruptedException storm) {
        // That is what this is about.
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.TimeoutException failed) {
        return false;
      }
    }
  }

  private void finish(DurableJournal journal) {
    accepted.forEach(ledger::line);
    Drain.deliverAll(journal, ledger);
    assertThat(journal.figures().pending()).isZero();
    assertThat(journal.release(Duration.ofMinutes(1))).isZero();
  }

  private Proof proof(String name) {
    return Proof.sized(name, EVENTS, 50_000)
        .with("threads", THREADS)
        .with("interrupts", interrupted)
        .with("durable", ledger.durable())
        .with("plain", ledger.plain())
        .with("refused", refused)
        .with("lost", ledger.durableLost() + ledger.plainLost())
        .with("repeats", ledger.repeats());
  }
}
