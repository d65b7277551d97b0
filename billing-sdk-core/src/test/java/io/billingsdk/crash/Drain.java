package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Opens a journal in this process, delivers all that is in it, and closes it in order. */
final class Drain {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(10);

  private Drain() {}

  /** What is in a journal when it is opened, and how often it had to set bytes aside. */
  record Drained(long events, long quarantined) {}

  static Drained all(Path directory, Ledger ledger) throws IOException {
    DurableJournal journal = SmallJournal.usual().in(directory);
    journal.start();
    ledger.opened();
    long events = deliverAll(journal, ledger);
    long quarantined = journal.figures().quarantined();
    assertThat(journal.release(PATIENCE)).isZero();
    ledger.closedInOrder();
    return new Drained(events, quarantined);
  }

  /** Delivers until everything up to now is settled. */
  static long deliverAll(DurableJournal journal, Ledger ledger) {
    AtomicLong events = new AtomicLong();
    Await.until(
        DELIVERED_WITHIN,
        () -> {
          for (JournalRecord event = journal.next(); event != null; event = journal.next()) {
            ledger.got(event);
            journal.acknowledge(event);
            events.incrementAndGet();
          }
          return journal.settledUpTo(journal.mark());
        });
    return events.get();
  }
}
