package io.billingsdk.internal.delivery;

import io.billingsdk.internal.delivery.UnackedEvents.Member;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.Receipt.Rejection;
import io.billingsdk.protocol.SeqRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * What becomes of single events: a receipt settles them or asks for them later, and one that can
 * never be delivered is set aside. For one thread.
 */
final class ReceiptHandler {
  private final EventJournal journal;
  private final UnackedEvents unackedEvents;
  private final BatchTracker tracker;
  private final DeliveryObserver observer;
  private final Runnable onSettled;
  private String deferredCode = "";

  ReceiptHandler(
      EventJournal journal,
      UnackedEvents unackedEvents,
      BatchTracker tracker,
      DeliveryObserver observer,
      Runnable onSettled) {
    this.journal = journal;
    this.unackedEvents = unackedEvents;
    this.tracker = tracker;
    this.observer = observer;
    this.onSettled = onSettled;
  }

  /**
   * The billing system tells what became of events; whether it spoke of any that are here.
   *
   * @param create makes an empty batch
   */
  boolean take(Receipt receipt, Function<UUID, Batch> create) {
    int delivered = 0;
    for (List<SeqRange> ranges : List.of(receipt.committed(), receipt.duplicates())) {
      for (SeqRange range : ranges) {
        for (Member member : unackedEvents.within(receipt.stream(), range.first(), range.last())) {
          journal.acknowledge(member.event());
          leave(member);
          delivered++;
        }
      }
    }
    return rejections(receipt, create, delivered) || delivered > 0;
  }

  /** It can never be delivered. */
  void setAside(JournalRecord event, String why) {
    // First: who sees the count of what is set aside sees the trouble, too.
    observer.settled(/* delivered= */ 0, /* setAside= */ 1, why);
    refused(event, why);
    onSettled.run();
  }

  private void refused(JournalRecord event, String why) {
    journal.deadLetter(event, why);
    observer.deadLettered(event.stream(), event.seq(), why);
    Member member = unackedEvents.get(event.stream(), event.seq());
    if (member != null) {
      leave(member);
    }
  }

  /** From one batch into another. */
  void move(JournalRecord event, Batch from, Batch to) {
    from.remove(event);
    to.add(event);
    unackedEvents.put(event, to);
  }

  private boolean rejections(Receipt receipt, Function<UUID, Batch> create, int delivered) {
    boolean useful = false;
    Map<JournalRecord, String> refused = new LinkedHashMap<>();
    String why = "";
    Map<Batch, List<JournalRecord>> later = new HashMap<>();
    for (Rejection rejection : receipt.rejected()) {
      Member member = unackedEvents.get(receipt.stream(), rejection.seq());
      if (member != null && !rejection.retryable()) {
        why = "refused by the billing system: " + rejection.code();
        refused.put(member.event(), why);
        useful = true;
      } else if (member != null && member.batch().isOut()) {
        deferredCode = rejection.code();
        later.computeIfAbsent(member.batch(), batch -> new ArrayList<>()).add(member.event());
        useful = true;
      }
    }
    if (delivered > 0 || !refused.isEmpty()) {
      observer.settled(delivered, refused.size(), why);
    }
    refused.forEach(this::refused);
    deferred(later);
    later.forEach(
        (batch, events) -> {
          // Named twice in one receipt, once for good: it is not sent again.
          events.removeAll(refused.keySet());
          if (!events.isEmpty()) {
            defer(batch, events, create.apply(batch.stream()));
          }
        });
    return useful;
  }

  private void deferred(Map<Batch, List<JournalRecord>> later) {
    long events = later.values().stream().mapToLong(List::size).sum();
    if (events > 0) {
      observer.deferred(events, deferredCode);
    }
  }

  /** Into a batch of their own, which takes no room in the window: the others go on. */
  private void defer(Batch batch, List<JournalRecord> events, Batch deferred) {
    events.forEach(event -> move(event, batch, deferred));
    tracker.makeDeferred(deferred, batch);
    tracker.forgetIfEmpty(batch);
  }

  private void leave(Member member) {
    unackedEvents.remove(member.event());
    member.batch().remove(member.event());
    tracker.forgetIfEmpty(member.batch());
  }
}
