package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody else fills the file system to the last byte while events are under way and others are
 * being delivered. The journal is closed, opened and delivered from while it is still full.
 */
@Tag("crash")
final class FullDiskReserveTest {
  private static final String PROOF = "journal-disk-full-reserve";
  private static final String DISK = "32M";
  private static final int RESERVE_BYTES = 1 << 20;
  private static final int EVENTS = 500;
  private static final int DELIVERED = 200;
  private static final int LATE = 100;
  private static final int BODY_BYTES = 4_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private long index;

  /** What one run came to. */
  private record DiskFigures(
      long late, long unwritten, long pendingWhenFull, long repeats, long lost) {}

  @AfterEach
  void unmount() throws Exception {
    Kernel.succeeds("umount", "-l", directory.resolve("mount").toString());
  }

  @Test
  void tmpfs_fullToTheLastByte_losesAndRepeatsNothing() throws Exception {
    Kernel.require(PROOF, "mount", "-t", "tmpfs", "-o", "size=" + DISK, "none", mount().toString());
    assertHolds("tmpfs", run(RESERVE_BYTES));
  }

  @Test
  void ext4_fullToTheLastByte_losesAndRepeatsNothing() throws Exception {
    Path image = directory.resolve("image");
    Kernel.require(PROOF, "truncate", "-s", DISK, image.toString());
    Kernel.require(PROOF, "mkfs.ext4", "-q", "-m", "0", image.toString());
    Kernel.require(PROOF, "mount", "-o", "loop", image.toString(), mount().toString());
    assertHolds("ext4", run(RESERVE_BYTES));
  }

  /** That the runs above depend on the reserve: without it the same run loses and repeats. */
  @Test
  void tmpfs_fullToTheLastByteWithoutReserve_losesAndRepeats() throws Exception {
    Kernel.require(PROOF, "mount", "-t", "tmpfs", "-o", "size=" + DISK, "none", mount().toString());
    DiskFigures result = run(/* reserveBytes= */ 0);
    prove("tmpfs", 0, result);
    assertThat(result.unwritten).isPositive();
    assertThat(result.repeats).as("of both processes").isEqualTo(2 * DELIVERED);
  }

  private Path mount() throws IOException {
    return Files.createDirectories(directory.resolve("mount"));
  }

  private static void assertHolds(String fileSystem, DiskFigures result) {
    prove(fileSystem, RESERVE_BYTES, result);
    assertThat(result.late).as("accepted before it was known that the disk is full").isPositive();
    assertThat(result.unwritten).isZero();
    assertThat(result.pendingWhenFull).isEqualTo(EVENTS - DELIVERED + result.late);
    assertThat(result.repeats).isZero();
    assertThat(result.lost).isZero();
  }

  private static void prove(String fileSystem, long reserveBytes, DiskFigures result) {
    Proof.sized(PROOF)
        .with("fs", fileSystem)
        .with("reserve", reserveBytes)
        .with("accepted", EVENTS + result.late)
        .with("under_way_when_full", result.late)
        .with("acknowledged_when_full", DELIVERED)
        .with("unwritten_at_close", result.unwritten)
        .with("pending_at_reopening", result.pendingWhenFull)
        .with("repeats", result.repeats)
        .with("lost", result.lost)
        .print();
  }

  private DiskFigures run(long reserveBytes) throws Exception {
    DurableJournal journal = opened(reserveBytes);
    List<CompletableFuture<Void>> durable = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      CompletableFuture<Void> future = new CompletableFuture<>();
      assertThat(append(journal, future)).isTrue();
      durable.add(future);
    }
    for (CompletableFuture<Void> future : durable) {
      future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    List<JournalRecord> out = handOut(journal, DELIVERED);
    fill();
    long late = 0;
    for (int i = 0; i < LATE; i++) {
      late += append(journal, null) ? 1 : 0;
    }
    acknowledge(journal, out);
    long unwritten = journal.release(PATIENCE);

    DurableJournal next = opened(reserveBytes);
    long pending = next.figures().pending();
    acknowledge(next, handOut(next, DELIVERED));
    assertThat(next.release(PATIENCE)).isZero();
    Files.delete(mount().resolve("filler"));
    Drain.all(mount().resolve("journal"), ledger);
    long lost = ledger.durableLost() + ledger.plainLost();
    return new DiskFigures(late, unwritten, pending, ledger.repeats(), lost);
  }

  private DurableJournal opened(long reserveBytes) throws IOException {
    DurableJournal journal =
        SmallJournal.usual().reserve(reserveBytes).in(mount().resolve("journal"));
    journal.start();
    return journal;
  }

  private boolean append(DurableJournal journal, @Nullable CompletableFuture<Void> durable) {
    byte[] body = new Event(11, index++).body(BODY_BYTES);
    if (journal.append(body, durable) instanceof Appended appended) {
      String identity = journal.stream() + " " + appended.seq();
      ledger.line(Ledger.lineOf(durable == null ? "PLAIN" : "ACC", identity, body));
      return true;
    }
    return false;
  }

  private static List<JournalRecord> handOut(DurableJournal journal, int events) {
    List<JournalRecord> out = new ArrayList<>();
    Await.until(
        PATIENCE,
        () -> {
          JournalRecord next = journal.next();
          while (next != null) {
            out.add(next);
            next = out.size() < events ? journal.next() : null;
          }
          return out.size() >= events;
        });
    return out;
  }

  private void acknowledge(DurableJournal journal, List<JournalRecord> out) {
    for (JournalRecord delivered : out) {
      ledger.got(delivered);
      journal.acknowledge(delivered);
    }
  }

  private void fill() throws IOException {
    try (FileChannel filler =
        FileChannel.open(
            mount().resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int piece = 1 << 16; piece > 0; piece /= 16) {
        writeUntilFull(filler, piece);
      }
    }
  }

  private static void writeUntilFull(FileChannel filler, int piece) {
    try {
      while (filler.write(ByteBuffer.allocate(piece)) > 0) {
        // Until there is no room for another.
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }
}
