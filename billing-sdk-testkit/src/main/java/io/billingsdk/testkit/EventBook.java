package io.billingsdk.testkit;

import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.ConnectionState;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The events of a {@link TestBilling}, and the outage that holds them up. Thread-safe. */
final class EventBook {
  private final UUID stream = UUID.randomUUID();
  private final List<UsageEvent> accepted = new ArrayList<>();
  private final List<UsageEvent> delivered = new ArrayList<>();
  private final Deque<Numbered> pending = new ArrayDeque<>();
  private final List<Rejected> rejections = new ArrayList<>();
  private long seq;
  private long deadLettered;
  private Link link = Link.now(ConnectionState.CONNECTED);
  private int capacity = Integer.MAX_VALUE;
  private @Nullable RejectionReason rejectWith;
  private Predicate<UsageEvent> refused = event -> false;
  private String refusedBecause = "";

  private record Numbered(long seq, UsageEvent event) {}

  /** The fate of an event: its outcome, and whether it was set aside. */
  record Taken(ReportOutcome outcome, @Nullable DeadLetter deadLetter) {}

  synchronized Taken report(@Nullable UsageEvent event) {
    Rejected refusal = refusalOf(event);
    if (refusal != null || event == null) {
      Rejected said = refusal == null ? EventCheck.missing() : refusal;
      rejections.add(said);
      return new Taken(said, null);
    }
    Numbered taken = new Numbered(++seq, kept(event));
    accepted.add(taken.event());
    DeadLetter letter = null;
    if (link.state() == ConnectionState.CONNECTED) {
      letter = deliver(taken);
    } else {
      pending.add(taken);
    }
    notifyAll();
    return new Taken(CoreTypes.accepted(stream, taken.seq()), letter);
  }

  private @Nullable Rejected refusalOf(@Nullable UsageEvent event) {
    if (link.state() == ConnectionState.CLOSED) {
      return CoreTypes.rejected(RejectionReason.CLOSED, "", "the billing client was closed");
    }
    Rejected fault = EventCheck.check(event);
    if (fault != null) {
      return fault;
    }
    if (rejectWith != null) {
      return CoreTypes.rejected(rejectWith, "", "the test rejects what is reported");
    }
    return pending.size() < capacity
        ? null
        : CoreTypes.rejected(
            RejectionReason.BUFFER_FULL,
            "",
            "the buffer has reached its bound of " + capacity + " events");
  }

  /** The metadata as they are now: the map is its owner's, who may use it again. */
  private static UsageEvent kept(UsageEvent event) {
    Map<String, ?> metadata = event.metadata();
    return metadata == null
        ? event
        : CoreTypes.with(event, Collections.unmodifiableMap(new LinkedHashMap<>(metadata)));
  }

  private @Nullable DeadLetter deliver(Numbered taken) {
    if (refused.test(taken.event())) {
      deadLettered++;
      return CoreTypes.deadLetter(stream, taken.seq(), refusedBecause);
    }
    delivered.add(taken.event());
    return null;
  }

  /** Changes the state; delivers what waits when it is connected again. */
  synchronized List<DeadLetter> become(ConnectionState state) {
    link = Link.now(state);
    List<DeadLetter> letters = new ArrayList<>();
    while (state == ConnectionState.CONNECTED && !pending.isEmpty()) {
      DeadLetter letter = deliver(pending.removeFirst());
      if (letter != null) {
        letters.add(letter);
      }
    }
    notifyAll();
    return letters;
  }

  synchronized Link link() {
    return link;
  }

  synchronized void capacity(int events) {
    capacity = events;
  }

  synchronized void rejectWith(@Nullable RejectionReason reason) {
    rejectWith = reason;
  }

  synchronized void refuse(Predicate<UsageEvent> which, String reason) {
    refused = which;
    refusedBecause = reason;
  }

  synchronized void forget() {
    accepted.clear();
    delivered.clear();
    pending.clear();
    rejections.clear();
    deadLettered = 0;
  }

  synchronized List<UsageEvent> accepted() {
    return List.copyOf(accepted);
  }

  synchronized List<UsageEvent> delivered() {
    return List.copyOf(delivered);
  }

  synchronized List<UsageEvent> pending() {
    return pending.stream().map(Numbered::event).toList();
  }

  synchronized List<Rejected> rejections() {
    return List.copyOf(rejections);
  }

  synchronized EventCounts counts() {
    Map<RejectionReason, Long> byReason = new EnumMap<>(RejectionReason.class);
    rejections.forEach(each -> byReason.merge(each.reason(), 1L, Long::sum));
    return new EventCounts(
        accepted.size(), delivered.size(), pending.size(), deadLettered, byReason);
  }

  /** Waits until so many events, at least, were accepted; false when the time is over. */
  synchronized boolean await(int events, Duration timeout) throws InterruptedException {
    long begun = System.nanoTime();
    while (accepted.size() < events) {
      long leftMillis = timeout.toMillis() - (System.nanoTime() - begun) / 1_000_000;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }
}
