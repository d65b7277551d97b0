package io.billingsdk.crash;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a backlog, or drains one and counts it; says at its end what memory that took. */
public final class BacklogChild {
  /** The journal makes room, and reads on, at this pace. */
  static final int BODY_BYTES = 1_000;

  private BacklogChild() {}

  /** Arguments: {@code write} or {@code drain}, the directory, the number of events. */
  public static void main(String[] args) throws Exception {
    long started = System.nanoTime();
    int events = Integer.parseInt(args[2]);
    DurableJournal journal = SmallJournal.usual().in(Path.of(args[1]));
    journal.start();
    long openMillis = (System.nanoTime() - started) / 1_000_000;
    String counted = args[0].equals("write") ? write(journal, events) : drain(journal, events);
    long left = journal.release(Duration.ofMinutes(1));
    System.out.println(
        "SUM "
            + counted
            + " left="
            + left
            + " open_ms="
            + openMillis
            + " heap_pool_peaks_mb="
            + peakHeapMegabytes()
            + " rss_mb="
            + peakRssMegabytes()
            + " ms="
            + (System.nanoTime() - started) / 1_000_000);
  }

  private static String write(DurableJournal journal, int events) {
    long waits = 0;
    for (int index = 0; index < events; index++) {
      byte[] body = new Event(9, index).body(BODY_BYTES);
      if (!(journal.append(body, null) instanceof Appended)) {
        waits++;
        Await.until(() -> journal.append(body, null) instanceof Appended);
      }
    }
    return "written=" + events + " waits=" + waits;
  }

  /** Null when all is settled, so that none comes. */
  private static @Nullable JournalRecord nextOrSettled(DurableJournal journal) {
    List<JournalRecord> found = new ArrayList<>();
    Await.until(
        () -> {
          JournalRecord record = journal.next();
          return record != null ? found.add(record) : journal.settledUpTo(journal.mark());
        });
    return found.isEmpty() ? null : found.get(0);
  }

  private static String drain(DurableJournal journal, int events) {
    BitSet seen = new BitSet(events);
    long twice = 0;
    long damaged = 0;
    while (!journal.settledUpTo(journal.mark())) {
      JournalRecord record = nextOrSettled(journal);
      if (record == null) {
        continue;
      }
      Event event = Event.of(record.body());
      if (!event.isOfLength(record.body(), BODY_BYTES) || event.seed() != 9) {
        damaged++;
      } else if (seen.get((int) event.index())) {
        twice++;
      } else {
        seen.set((int) event.index());
      }
      journal.acknowledge(record);
    }
    return "recovered=" + seen.cardinality() + " twice=" + twice + " damaged=" + damaged;
  }

  private static long peakHeapMegabytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(java.lang.management.MemoryUsage::getUsed)
            .sum()
        >> 20;
  }

  private static String peakRssMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .map(line -> "" + Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse("unknown");
  }
}
