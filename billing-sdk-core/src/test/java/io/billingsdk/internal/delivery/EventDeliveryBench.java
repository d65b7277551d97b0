package io.billingsdk.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Protocol;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A delivery with everything around it faked: window of 4, no jitter. */
final class EventDeliveryBench {
  static final LinkLimits WIDE = new LinkLimits(65_535, 1 << 28);
  static final int WINDOW = 4;
  static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(30);

  final ManualClock clock = new ManualClock();
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final EventJournal journal = new MemoryJournal(1 << 24);
  final FakeLink link = new FakeLink();
  final List<String> observed = new ArrayList<>();
  final EventDelivery delivery;

  EventDeliveryBench() {
    this(WINDOW, 1 << 20);
  }

  EventDeliveryBench(int windowMessages, int windowBytes) {
    delivery =
        new EventDelivery(
            new DeliverySettings(
                "billing/report",
                "billing/v2/i/usage",
                windowMessages,
                windowBytes,
                PUBLISH_TIMEOUT,
                new RetrySchedule(Duration.ofMillis(500), Duration.ofSeconds(30), () -> 0),
                new RetrySchedule(Duration.ofSeconds(30), Duration.ofMinutes(5), () -> 0),
                new RetrySchedule(Duration.ofSeconds(10), Duration.ofMinutes(5), () -> 0),
                StreamSecrets.NONE),
            journal,
            link,
            clock,
            scheduler,
            new DeliveryRecorder());
    link.onReconnect(this::down);
    delivery.speak(Protocol.V1);
  }

  /** Events numbered on from the last; the delivery is told as the client does it. */
  void append(int events) {
    for (int i = 0; i < events; i++) {
      append(/* metadataChars= */ 0, 1);
    }
  }

  void append(int metadataChars, int events) {
    for (int i = 0; i < events; i++) {
      assertThat(journal.append(event(metadataChars))).isInstanceOf(EventJournal.Appended.class);
      delivery.wake();
    }
    scheduler.run();
  }

  private static byte[] event(int metadataChars) {
    try {
      V1Event report =
          new V1Event(
              null, "key", "llm", "m", 1, 2, java.util.Map.of("s", "x".repeat(metadataChars)));
      return V1Codec.encode(report).orElseThrow();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  void up() {
    delivery.up(WIDE);
  }

  /** Connected, and the first event has shown that the way is free. */
  void upAndProven() {
    up();
    if (link.unanswered() == 0) {
      append(1);
    }
    link.answer(Outcome.DELIVERED);
    observed.clear();
  }

  /** The link is down. */
  void down() {
    delivery.down();
  }

  long delivered() {
    return journal.figures().acknowledged();
  }

  long pending() {
    return journal.figures().pending();
  }

  private final class DeliveryRecorder implements DeliveryObserver {
    @Override
    public void holding(ProblemKind kind, String why) {
      observed.add("holding " + kind);
    }

    @Override
    public void delivering() {
      observed.add("delivering");
    }

    @Override
    public void deadLettered(UUID stream, long seq, String why) {
      observed.add("dead letter " + seq);
    }
  }
}
