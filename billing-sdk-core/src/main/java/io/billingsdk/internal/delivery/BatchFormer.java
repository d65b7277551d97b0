package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes events from the journal, in its order, and puts them into batches: of one stream each, and
 * within the bounds. For one thread.
 */
final class BatchFormer {
  /** {@code {"stream":"…","stream_secret":"…","sent_at":…,"events":[]}}. */
  private static final int BATCH_OVERHEAD_BYTES = 192;

  /** {@code "seq":…,} and a comma. */
  private static final int EVENT_OVERHEAD_BYTES = 32;

  private final EventJournal journal;
  private final UnackedEvents unackedEvents;
  private final Clock clock;
  private final Duration linger;
  private final BiConsumer<JournalRecord, String> onTooLarge;

  private @Nullable Batch open;
  private int openBytes;
  private long openedAtNanos;

  /** Handed out by the journal, and not for the batch that was open then. */
  private @Nullable JournalRecord ahead;

  private long numbers;

  /**
   * How large a batch may be.
   *
   * @param most bytes that a message may have; an event that exceeds it alone is too large for good
   */
  record Limits(int events, int bytes, int most) {}

  BatchFormer(
      EventJournal journal,
      UnackedEvents unackedEvents,
      Clock clock,
      Duration linger,
      BiConsumer<JournalRecord, String> onTooLarge) {
    this.journal = journal;
    this.unackedEvents = unackedEvents;
    this.clock = clock;
    this.linger = linger;
    this.onTooLarge = onTooLarge;
  }

  /** An empty batch, the next in the order of sending. */
  Batch create(UUID stream) {
    return new Batch(stream, numbers++);
  }

  /**
   * The next batch that is full or has waited long enough; null when there is none.
   *
   * @param mayTake whether more events may be taken from the journal
   */
  @Nullable Batch next(Limits limits, boolean mayTake) {
    boolean full = mayTake && fill(limits);
    Batch batch = open;
    if (batch == null || batch.isEmpty() || !(full || leftNanos() <= 0)) {
      return null;
    }
    open = null;
    return batch;
  }

  /** How long the open batch still waits for more; null when there is none. */
  @Nullable Duration untilDue() {
    return open == null || open.isEmpty() ? null : Duration.ofNanos(Math.max(0, leftNanos()));
  }

  /** The events taken go back to the journal. */
  void clear() {
    open = null;
    ahead = null;
  }

  private long leftNanos() {
    return linger.toNanos() - (clock.monotonicNanos() - openedAtNanos);
  }

  /** Takes what there is; tells whether the open batch can take no more. */
  private boolean fill(Limits limits) {
    JournalRecord event = take();
    while (event != null) {
      int bytes = event.body().length + EVENT_OVERHEAD_BYTES;
      if (bytes + BATCH_OVERHEAD_BYTES > limits.most()) {
        onTooLarge.accept(
            event, "larger than a message may be: " + bytes + " of " + limits.most() + " bytes");
      } else if (!fits(event, bytes, limits)) {
        ahead = event;
        return true;
      } else {
        add(event, bytes);
      }
      event = take();
    }
    return open != null && open.size() >= limits.events();
  }

  private @Nullable JournalRecord take() {
    JournalRecord event = ahead == null ? journal.next() : ahead;
    ahead = null;
    return event;
  }

  private boolean fits(JournalRecord event, int bytes, Limits limits) {
    if (unackedEvents.contains(event)) {
      // A copied directory holds an event twice. Its receipt must not settle the one that was not
      // sent: this one waits until the other is settled.
      return false;
    }
    Batch batch = open;
    return batch == null
        || batch.isEmpty()
        || (batch.stream().equals(event.stream())
            && batch.size() < limits.events()
            && openBytes + bytes <= limits.bytes());
  }

  private void add(JournalRecord event, int bytes) {
    Batch batch = open;
    if (batch == null || batch.isEmpty()) {
      batch = create(event.stream());
      open = batch;
      openBytes = BATCH_OVERHEAD_BYTES;
      openedAtNanos = clock.monotonicNanos();
    }
    batch.add(event);
    openBytes += bytes;
    unackedEvents.put(event, batch);
  }
}
