package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Protocol;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.quotas.AdmissionMark;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of an event from its caller into the journal: validate, stamp, encode, append. Runs on
 * the caller's thread, waits for nothing, throws nothing.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final EventJournal journal;
  private final KeyTable keys;
  private final Clock clock;
  private final Supplier<Protocol> protocol;
  private final Faults faults;
  private final Map<RejectionReason, AtomicLong> rejected = new EnumMap<>(RejectionReason.class);

  Intake(
      EventJournal journal,
      KeyTable keys,
      Clock clock,
      Supplier<Protocol> protocol,
      Faults faults) {
    this.protocol = protocol;
    this.faults = faults;
    this.journal = journal;
    this.keys = keys;
    this.clock = clock;
    for (RejectionReason reason : RejectionReason.values()) {
      rejected.put(reason, new AtomicLong());
    }
  }

  ReportOutcome report(@Nullable UsageEvent event) {
    return report(event, null);
  }

  /**
   * As {@link #report(UsageEvent)}.
   *
   * @param durable completed by the journal when the event is durable; untouched when the event is
   *     rejected
   */
  ReportOutcome report(@Nullable UsageEvent event, @Nullable CompletableFuture<Void> durable) {
    return report(event, AdmissionMark.NONE, durable);
  }

  /** The same of an event whose call was admitted. */
  ReportOutcome report(
      @Nullable UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
    ReportOutcome outcome = tryAppend(event, mark, durable);
    if (outcome instanceof Rejected refused) {
      count(refused);
    }
    return outcome;
  }

  /** How many events were rejected, by reason; reasons with none are absent. */
  Map<RejectionReason, Long> rejected() {
    Map<RejectionReason, Long> counts = new EnumMap<>(RejectionReason.class);
    rejected.forEach(
        (reason, count) -> {
          if (count.get() > 0) {
            counts.put(reason, count.get());
          }
        });
    return counts;
  }

  private ReportOutcome tryAppend(
      @Nullable UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
    Optional<byte[]> encoded;
    try {
      long nowMillis = clock.wallMillis();
      Rejected refused = EventValidator.check(event, nowMillis);
      if (refused != null || event == null) {
        return refused == null ? unreadable("event is null") : refused;
      }
      encoded = encode(event.inContext(context()), mark, nowMillis);
    } catch (IOException | RuntimeException | StackOverflowError | AssertionError hostile) {
      // A text with half a surrogate pair, or a map that throws or changes while it is read. The
      // message is left out: it can quote the content.
      return unreadable("metadata cannot be read: " + hostile.getClass().getSimpleName());
    } catch (Error failed) {
      // Of a library, or of the metadata's own classes: not for the caller, whose call goes on.
      return Rejected.of(
          RejectionReason.INVALID, "event", faults.caught("the encoding of an event", failed));
    }
    return encoded.isPresent() ? append(encoded.get(), durable) : tooLarge();
  }

  /** What the caller works for. A source that fails costs the event its context alone. */
  private UsageContext context() {
    try {
      return UsageContext.current();
    } catch (RuntimeException | StackOverflowError failed) {
      var unused = faults.caught("a source of the usage context", failed);
      return UsageContext.EMPTY;
    }
  }

  /** The journal holds events as they will be sent: from v2 on, without the key itself. */
  private Optional<byte[]> encode(UsageEvent event, AdmissionMark mark, long nowMillis)
      throws IOException {
    String apiKey = String.valueOf(event.apiKey());
    String module = String.valueOf(event.module());
    String model = String.valueOf(event.model());
    BigDecimal usage = requireNonNull(event.usage());
    long millis = timeOf(event, mark, nowMillis);
    UsedBy usedBy = UsedBy.of(event.subject(), event.session(), event.execution());
    return protocol.get() == Protocol.V2
        ? V2Codec.encode(
            new V2Event(
                keys.nameOf(apiKey),
                module,
                model,
                usage,
                millis,
                event.metadata(),
                event.idempotencyKey(),
                quantitiesOf(event),
                usedBy,
                mark.epochs()))
        : V1Codec.encode(
            new V1Event(
                keys.appIdOf(apiKey),
                apiKey,
                module,
                model,
                usage,
                millis,
                event.metadata(),
                event.idempotencyKey(),
                quantitiesOf(event),
                usedBy));
  }

  /** A lease is of a period, and the event of the period in which it was admitted. */
  private static long timeOf(UsageEvent event, AdmissionMark mark, long nowMillis) {
    if (event.time() != null) {
      return event.time().toEpochMilli();
    }
    return mark.epochs().isEmpty() ? nowMillis : mark.atMillis();
  }

  /** Of an event that passed the check of the bounds: no number is missing. */
  @SuppressWarnings("NullAway")
  private static Map<String, BigDecimal> quantitiesOf(UsageEvent event) {
    return event.quantities();
  }

  private ReportOutcome append(byte[] encoded, @Nullable CompletableFuture<Void> durable) {
    EventJournal.Append append = journal.append(encoded, durable);
    if (append instanceof EventJournal.Appended appended) {
      return Accepted.of(journal.stream(), appended.seq());
    }
    if (append instanceof EventJournal.Full full) {
      return Rejected.of(
          RejectionReason.BUFFER_FULL,
          "",
          "the buffer has reached its bound of " + full.boundBytes() + " bytes");
    }
    if (append instanceof EventJournal.Unavailable unavailable) {
      return Rejected.of(RejectionReason.STORAGE_UNAVAILABLE, "", unavailable.why());
    }
    return Rejected.of(RejectionReason.CLOSED, "", "the billing client was closed");
  }

  private static Rejected unreadable(String message) {
    return Rejected.of(RejectionReason.INVALID, "metadata", message);
  }

  private static Rejected tooLarge() {
    return Rejected.of(
        RejectionReason.TOO_LARGE,
        "event",
        "event must take at most " + Bounds.EVENT_BYTES + " bytes when encoded, but takes more");
  }

  private void count(Rejected refused) {
    AtomicLong count = rejected.get(refused.reason());
    boolean first = count != null && count.incrementAndGet() == 1;
    if (first) {
      log.warn(
          "a usage event is rejected: {} (logged once for {})",
          refused.message(),
          refused.reason());
    } else {
      log.trace("a usage event is rejected: {}", refused.message());
    }
  }
}
