package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Protocol;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.Receipt.Rejection;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/** A delivery by protocol v2 with everything around it in the hands of the test. */
final class BatchBench {
  static final LinkLimits WIDE = new LinkLimits(65_535, 1 << 20);

  final ManualClock clock = new ManualClock();
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final BatchLink link = new BatchLink();
  final List<String> observed = new ArrayList<>();
  final WatchedJournal journal;
  final EventDelivery delivery;

  BatchBench() {
    this(new WatchedJournal(), 100, () -> 0);
  }

  BatchBench(WatchedJournal journal, int windowMessages, DoubleSupplier random) {
    this.journal = journal;
    delivery =
        new EventDelivery(
            new DeliverySettings(
                "billing/report",
                "billing/v2/i/usage",
                windowMessages,
                1 << 20,
                Duration.ofSeconds(30),
                new RetrySchedule(Duration.ofMillis(500), Duration.ofSeconds(30), random),
                new RetrySchedule(Duration.ofSeconds(30), Duration.ofMinutes(5), random),
                new RetrySchedule(Duration.ofSeconds(10), Duration.ofMinutes(5), random),
                StreamSecrets.NONE),
            journal,
            link,
            clock,
            scheduler,
            new BatchRecorder());
    link.onReconnect(delivery::down);
    delivery.speak(Protocol.V2);
  }

  /** Events numbered on from the last. */
  void append(int events) {
    append(events, 0);
  }

  void append(int events, int metadataChars) {
    for (int i = 0; i < events; i++) {
      var unused = journal.append(event(metadataChars));
    }
    delivery.wake();
    scheduler.run();
  }

  static byte[] event(int metadataChars) {
    // Not compressible, or no test would see what the bytes do.
    StringBuilder noise = new StringBuilder();
    for (int i = 0; noise.length() < metadataChars; i++) {
      noise.append(Integer.toHexString(i * 0x9E3779B9));
    }
    noise.setLength(metadataChars);
    try {
      return V2Codec.encode(
              new V2Event(
                  new KeyRef.KeyId("k_1"), "llm", "m", 1, 2, Map.of("s", noise.toString()), null))
          .orElseThrow();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Connected, and the first batch, of one event, has shown that the way is free. */
  void upAndProven() {
    delivery.up(WIDE);
    append(1);
    scheduler.advance(DeliverySettings.LINGER);
    link.answerAll(Outcome.DELIVERED);
    committed(1, 1);
    var unused = link.newlySent();
    observed.clear();
  }

  void linger() {
    scheduler.advance(DeliverySettings.LINGER);
  }

  void committed(long first, long last) {
    delivery.receipt(
        new Receipt(journal.stream(), List.of(new SeqRange(first, last)), List.of(), List.of()));
  }

  void rejected(long seq, boolean retryable) {
    delivery.receipt(
        new Receipt(
            journal.stream(), List.of(), List.of(), List.of(new Rejection(seq, "NO", retryable))));
  }

  static List<Long> seqs(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  long pending() {
    return journal.figures().pending();
  }

  private final class BatchRecorder implements DeliveryObserver {
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
      observed.add("dead letter " + seq + ": " + why);
    }
  }
}
