package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a process finds in a directory; it delivers everything and closes. */
final class Recovery {
  static final JournalOptions OPTIONS =
      new JournalOptions(1 << 30, 8 << 20, 1 << 20, 1 << 20, Duration.ofMillis(200), 0);
  static final String SLOT = SimulatedProcess.ROOT + "/slot-00/";

  private final SimulatedDisk disk;
  private final List<JournalRecord> records = new ArrayList<>();
  private final SimulatedProcess process;

  private Recovery(SimulatedDisk disk, ManualClock clock) {
    this.disk = disk;
    this.process = new SimulatedProcess(disk, OPTIONS, clock);
  }

  static Recovery of(SimulatedDisk disk) {
    Recovery recovery = new Recovery(disk, new ManualClock());
    try {
      recovery.process.open();
    } catch (IOException failed) {
      throw new UncheckedIOException("opening failed", failed);
    }
    recovery.drain();
    recovery.process.close();
    return recovery;
  }

  private void drain() {
    deliver();
    // The backlog waits some seconds for a segment that cannot be opened.
    for (int second = 0; second < 30 && process.view().unreadable() > 0; second++) {
      process.advance(Duration.ofSeconds(1));
      deliver();
    }
  }

  private void deliver() {
    process.settleDown();
    for (JournalRecord next = process.next(); next != null; next = process.next()) {
      records.add(next);
      process.acknowledge(next);
      process.settleDown();
    }
  }

  List<JournalRecord> records() {
    return records;
  }

  List<Long> seqs() {
    return records.stream().map(JournalRecord::seq).toList();
  }

  JournalEngine.View view() {
    return process.view();
  }

  /** Contents of the quarantine, by the place that the bytes were at. */
  List<byte[]> quarantine() {
    return disk.paths(".bin").stream().map(disk::content).toList();
  }

  List<String> segmentsLeft() {
    return disk.paths(".wal");
  }

  /** A segment with records of these bodies, closed in order, as a disk with nothing else. */
  static SimulatedDisk segment(int records, java.util.function.IntFunction<byte[]> body) {
    SimulatedDisk disk = new SimulatedDisk(new Random(42));
    SimulatedProcess writer = new SimulatedProcess(disk, OPTIONS, new ManualClock());
    try {
      writer.open();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    for (int i = 0; i < records; i++) {
      if (!(writer.append(body.apply(i), null) instanceof EventJournal.Appended)) {
        throw new IllegalStateException("not taken: " + i);
      }
    }
    writer.close();
    return disk;
  }

  /** A disk with one file. */
  static SimulatedDisk with(String path, byte[] content) {
    SimulatedDisk disk = new SimulatedDisk(new Random(7));
    disk.put(path, content);
    return disk;
  }
}
