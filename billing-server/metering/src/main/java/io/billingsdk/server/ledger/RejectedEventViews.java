package io.billingsdk.server.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What of refused events is shown, and how. */
final class RejectedEventViews {
  private RejectedEventViews() {}

  record RejectedView(
      long id,
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail,
      String content,
      Instant receivedAt,
      @Nullable Instant replayedAt) {
    static RejectedView of(RejectedEvents.RejectedEvent event) {
      return new RejectedView(
          event.id(),
          event.stream(),
          event.seq(),
          event.instance(),
          event.code(),
          event.detail(),
          event.content(),
          event.received(),
          event.replayed());
    }
  }

  record ConflictingView(
      UUID stream,
      long seq,
      String hash,
      @Nullable String instance,
      String content,
      Instant receivedAt,
      @Nullable CountedView counted) {
    /** The event that has the idempotency key. */
    record CountedView(UUID stream, @Nullable Long seq) {}

    static ConflictingView of(RejectedEvents.ConflictingEvent event) {
      UUID stream = event.countedStream();
      return new ConflictingView(
          event.stream(),
          event.seq(),
          event.hash(),
          event.instance(),
          event.content(),
          event.received(),
          stream == null ? null : new CountedView(stream, event.countedSeq()));
    }
  }
}
