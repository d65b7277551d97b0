package io.billingsdk.server.streams;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.Streams.InstanceReport;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What of instances and streams is shown, and how. */
final class StreamViews {
  private StreamViews() {}

  /** What an instance counted since its start: accepted is the sum of the next four. */
  record Loss(
      long accepted,
      long delivered,
      long pending,
      long deadLettered,
      long dropped,
      long rejected,
      boolean balanced) {
    static Loss of(LossEquation said) {
      BigInteger sum =
          java.util.stream.Stream.of(
                  said.delivered(), said.pending(), said.deadLettered(), said.dropped())
              .map(BigInteger::valueOf)
              .reduce(BigInteger.ZERO, BigInteger::add);
      return new Loss(
          said.accepted(),
          said.delivered(),
          said.pending(),
          said.deadLettered(),
          said.dropped(),
          said.rejected(),
          BigInteger.valueOf(said.accepted()).equals(sum));
    }
  }

  record InstanceView(
      String instance,
      UUID stream,
      String sdkVersion,
      Instant saidAt,
      long keysVersion,
      Loss loss,
      long journalBytes,
      long quarantined) {
    static InstanceView of(InstanceReport said) {
      return new InstanceView(
          said.instance(),
          said.stream(),
          said.sdkVersion(),
          said.said(),
          said.keysVersion(),
          Loss.of(said.loss()),
          said.journalBytes(),
          said.quarantined());
    }
  }

  record RangeView(long first, long last) {
    static List<RangeView> of(List<SeqRange> ranges) {
      return ranges.stream().map(each -> new RangeView(each.first(), each.last())).toList();
    }
  }

  record Stream(
      UUID stream,
      @Nullable String instance,
      String origin,
      String state,
      @Nullable String sdkVersion,
      @Nullable Long reported,
      long highest,
      long stored,
      long refused,
      boolean complete,
      List<RangeView> gaps,
      List<RangeView> dropped,
      List<RangeView> writtenOff,
      @Nullable Loss loss,
      Instant lastSeenAt) {
    static Stream of(StreamState state) {
      LossEquation loss = state.loss();
      return new Stream(
          state.stream(),
          state.instance(),
          state.origin().text(),
          state.state().text(),
          state.sdkVersion(),
          state.reported(),
          state.highest(),
          state.stored(),
          state.refused(),
          state.isComplete(),
          RangeView.of(state.gaps()),
          RangeView.of(state.dropped()),
          RangeView.of(state.writtenOff()),
          loss == null ? null : Loss.of(loss),
          state.lastSeen());
    }
  }
}
