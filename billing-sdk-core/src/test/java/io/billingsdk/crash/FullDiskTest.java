package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.EventJournal.Unavailable;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 16 MiB that somebody else fills, too. */
@Tag("crash")
final class FullDiskTest {
  private static final String PROOF = "journal-disk-full";
  private static final int DISK_BYTES = 16 << 20;
  private static final int FILLER_BYTES = 6 << 20;
  private static final int BODY_BYTES = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Between two tries the thread of the journal has this time to look at the disk. */
  private static final Duration PAUSE = Duration.ofNanos(20_000);

  @TempDir Path mountPoint;

  private final Ledger ledger = new Ledger();
  private final Map<String, Long> refusals = new HashMap<>();
  private final List<String> waiting = new ArrayList<>();
  private final List<CompletableFuture<Void>> futures = new ArrayList<>();
  private long index;
  private boolean oneByOne;

  @AfterEach
  void unmount() throws Exception {
    Kernel.succeeds("umount", "-l", mountPoint.toString());
  }

  @Test
  void smallDisk_withFreeSpaceWanted_isNotFilledAndResumes() throws Exception {
    fillAndResume("in batches", 3 << 20);
  }

  @Test
  void smallDisk_filledOneByOne_isNotFilledAndResumes() throws Exception {
    oneByOne = true;
    fillAndResume("one by one", 3 << 20);
  }

  @Test
  void smallDisk_filledToTheLastByte_losesNothingAndResumes() throws Exception {
    fillAndResume("to the last byte", 0);
  }

  private void fillAndResume(String way, long minFree) throws Exception {
    Kernel.require(
        PROOF, "mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "none", mountPoint.toString());
    Path filler = mountPoint.resolve("filler");
    Files.write(filler, new byte[FILLER_BYTES]);
    Path journalDirectory = mountPoint.resolve("journal");
    DurableJournal journal =
        SmallJournal.usual().segments(1 << 20).minFree(minFree).in(journalDirectory);
    journal.start();

    fill(journal);
    appendTries(journal, 3_000);
    long freeWhenFull = Files.getFileStore(mountPoint).getUsableSpace();
    String trouble = String.valueOf(journal.figures().trouble());
    Files.delete(filler);
    long freed = System.nanoTime();
    Await.until(() -> append(journal) instanceof Appended);
    long resumedMillis = (System.nanoTime() - freed) / 1_000_000;
    appendTries(journal, 50);
    long failed = settleFutures();
    Drain.deliverAll(journal, ledger);
    assertThat(journal.figures().pending()).isZero();
    assertThat(journal.release(PATIENCE)).isZero();
    long left = Drain.all(journalDirectory, ledger).events();

    Proof.sized(PROOF)
        .with("way", way)
        .with("disk_bytes", DISK_BYTES)
        .with("min_free", minFree)
        .with("free_when_full", freeWhenFull)
        .with("durable", ledger.durable())
        .with("plain", ledger.plain())
        .with("refused", refusals)
        .with("durable_failed", failed)
        .with("lost", ledger.durableLost() + ledger.plainLost())
        .with("repeats", ledger.repeats())
        .with("left", left)
        .with("resumed_ms", resumedMillis)
        .with("trouble", trouble)
        .print();
    assertThat(ledger.durableLost() + ledger.plainLost()).isZero();
    assertThat(ledger.repeats()).isZero();
    assertThat(left).isZero();
    // It looks at the disk once a MiB, and what was on its way then is still written.
    assertThat(freeWhenFull).isGreaterThanOrEqualTo(minFree - (2L << 20));
  }

  /** A load at a rate, and no wait: each try writes. */
  private void fill(DurableJournal journal) {
    long began = System.nanoTime();
    while (!(append(journal) instanceof Unavailable)) {
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofMinutes(1).toNanos());
      Pace.pause(PAUSE);
    }
  }

  private void appendTries(DurableJournal journal, int tries) {
    for (int i = 0; i < tries; i++) {
      append(journal);
      Pace.pause(PAUSE);
    }
  }

  /** Every fourth is durable; nobody waits for it yet, since on a full disk it may take long. */
  private Append append(DurableJournal journal) {
    byte[] body = new Event(7, index++).body(BODY_BYTES);
    CompletableFuture<Void> durable = oneByOne || index % 4 == 0 ? new CompletableFuture<>() : null;
    Append outcome = journal.append(body, durable);
    if (outcome instanceof Appended appended) {
      String identity = journal.stream() + " " + appended.seq();
      if (durable == null) {
        ledger.line(Ledger.lineOf("PLAIN", identity, body));
      } else {
        futures.add(durable);
        waiting.add(Ledger.lineOf("ACC", identity, body));
      }
      if (oneByOne && durable != null) {
        Await.until(PATIENCE, () -> durable.isDone() || isInTrouble(journal));
      }
    } else {
      refusals.merge(outcome.getClass().getSimpleName(), 1L, Long::sum);
    }
    return outcome;
  }

  private static boolean isInTrouble(DurableJournal journal) {
    return journal.figures().trouble() != null;
  }

  /** How many of the futures failed; those that did not are durable. */
  private long settleFutures() throws Exception {
    long failed = 0;
    for (int i = 0; i < futures.size(); i++) {
      try {
        futures.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        ledger.line(waiting.get(i));
      } catch (ExecutionException told) {
        failed++;
      }
    }
    return failed;
  }
}
