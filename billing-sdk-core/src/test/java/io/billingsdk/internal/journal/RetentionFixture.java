package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;

/** A journal on a simulated disk that retains delivered events. */
@ExtendWith(QuietJournal.class)
abstract class RetentionFixture {
  static final UUID FIRST = new UUID(1, 1);
  static final UUID SECOND = new UUID(1, 2);
  static final Duration TIME = Duration.ofHours(1);
  static final int SEGMENT_BYTES = 500;
  static final JournalOptions OPTIONS = retaining(TIME, 1 << 20);

  SimulatedDisk disk = new SimulatedDisk(new Random(1));
  final ManualClock clock = new ManualClock();

  static JournalOptions retaining(Duration time, long bytes) {
    return new JournalOptions(64_000, SEGMENT_BYTES, 1 << 20, 1 << 20, Duration.ZERO, 0)
        .retaining(new Retention(time, bytes));
  }

  SimulatedProcess open(JournalOptions options, UUID ledger) throws IOException {
    SimulatedProcess process = new SimulatedProcess(disk, options, clock);
    process.open();
    process.deliveringTo(ledger);
    process.settleDown();
    return process;
  }

  SimulatedProcess open(UUID ledger) throws IOException {
    return open(OPTIONS, ledger);
  }

  static void report(SimulatedProcess process, int records) {
    for (int i = 0; i < records; i++) {
      assertThat(process.append(new byte[64], null)).isInstanceOf(Appended.class);
      process.settleDown();
    }
  }

  /** Delivers all that is handed out. */
  static List<Long> deliver(SimulatedProcess process) {
    List<Long> seqs = new ArrayList<>();
    process.settleDown();
    for (JournalRecord next = process.next(); next != null; next = process.next()) {
      seqs.add(next.seq());
      process.acknowledge(next);
      process.settleDown();
    }
    return seqs;
  }

  static List<Long> seqs(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  List<String> retained() {
    return disk.paths(".wal").stream().filter(path -> path.contains("/retained/")).toList();
  }

  String ledger(String slot) {
    return new String(
            disk.content(SimulatedProcess.ROOT + "/" + slot + "/ledger"), StandardCharsets.US_ASCII)
        .strip();
  }
}
