package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.Gaps;
import io.billingsdk.server.ledger.StreamRows;
import io.billingsdk.server.ledger.StreamRows.StreamOpening;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a batch holds of one stream, in the order of its numbers, and of arrival for one number. */
final class StreamEntries {
  private final UUID stream;
  private final List<IncomingEvent> entries = new ArrayList<>();
  private final IncomingEvent first;

  private StreamEntries(IncomingEvent first) {
    this.stream = first.stream();
    this.first = first;
  }

  static List<StreamEntries> of(List<IncomingEvent> entries) {
    Map<UUID, StreamEntries> streams = new LinkedHashMap<>();
    StreamEntries last = null;
    for (IncomingEvent incomingEvent : entries) {
      // A message is of one stream: most events follow one of their own.
      if (last == null || !last.stream.equals(incomingEvent.stream())) {
        last =
            streams.computeIfAbsent(
                incomingEvent.stream(), any -> new StreamEntries(incomingEvent));
      }
      last.entries.add(incomingEvent);
    }
    streams
        .values()
        .forEach(each -> each.entries.sort(Comparator.comparingLong(IncomingEvent::seq)));
    return List.copyOf(streams.values());
  }

  /** Locks the rows of streams, and makes those that are new. */
  static StreamRows lock(Connection connection, List<StreamEntries> streams) throws SQLException {
    return StreamRows.lock(connection, streams.stream().map(StreamEntries::opening).toList());
  }

  /** Notes what has come. */
  static void save(Connection connection, List<StreamEntries> streams, StreamRows rows)
      throws SQLException {
    StreamRows.save(
        connection,
        streams.stream().map(each -> each.come(rows.of(each.stream()).gaps())).toList());
  }

  UUID stream() {
    return stream;
  }

  List<IncomingEvent> entries() {
    return entries;
  }

  /** What the ledger has to know to lock its row, or to make it. */
  StreamOpening opening() {
    return new StreamOpening(
        stream, first.instance(), first.origin(), first.isOfV1(), first.secret(), numbers());
  }

  /**
   * The numbers that have come: without the events that were let in and must come again all the
   * same.
   */
  Gaps come(Gaps letIn) {
    if (entries.stream().noneMatch(IncomingEvent::isSentBack)) {
      return letIn;
    }
    Gaps others = letIn.asBefore();
    for (IncomingEvent each : entries) {
      if (!each.wasTurnedAway() && !each.isSentBack()) {
        others.came(each.seq());
      }
    }
    return others;
  }

  /** All its numbers within the bounds. */
  private List<SeqRange> numbers() {
    List<SeqRange> ranges = new ArrayList<>();
    long from = 0;
    long last = 0;
    for (IncomingEvent incomingEvent : entries) {
      long seq = incomingEvent.seq();
      if (seq > Bounds.COUNT_MAX) {
        break;
      }
      if (from != 0 && seq > last + 1) {
        ranges.add(new SeqRange(from, last));
        from = 0;
      }
      from = from == 0 ? seq : from;
      last = seq;
    }
    if (from != 0) {
      ranges.add(new SeqRange(from, last));
    }
    return ranges;
  }
}
