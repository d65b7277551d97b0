package io.billingsdk.server.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What of refused events is shown, and how. */
final class RefusedViews {
  private RefusedViews() {}

  record Rejected(
      long id,
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail,
      String content,
      Instant receivedAt,
      @Nullable Instant replayedAt) {
    static Rejected of(Refused.Rejected event) {
      return new Rejected(
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

  record Conflicting(
      UUID stream,
      long seq,
      String hash,
      @Nullable String instance,
      String content,
      Instant receivedAt,
      @Nullable Counted counted) {
    /** The event that has the idempotency key. */
    record Counted(UUID stream, @Nullable Long seq) {}

    static Conflicting of(Refused.Conflicting event) {
      UUID stream = event.countedStream();
      return new Conflicting(
          event.stream(),
          event.seq(),
          event.hash(),
          event.instance(),
          event.content(),
          event.received(),
          stream == null ? null : new Counted(stream, event.countedSeq()));
    }
  }
}
