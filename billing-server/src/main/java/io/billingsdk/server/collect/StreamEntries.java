package io.billingsdk.server.collect;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a batch holds of one stream, in the order of its numbers, and of arrival for one number. */
final class StreamEntries {
  private final UUID stream;
  private final List<Entry> entries = new ArrayList<>();
  private final Entry first;

  private StreamEntries(Entry first) {
    this.stream = first.stream();
    this.first = first;
  }

  static List<StreamEntries> of(List<Entry> entries) {
    Map<UUID, StreamEntries> streams = new LinkedHashMap<>();
    StreamEntries last = null;
    for (Entry entry : entries) {
      // A message is of one stream: most events follow one of their own.
      if (last == null || !last.stream.equals(entry.stream())) {
        last = streams.computeIfAbsent(entry.stream(), any -> new StreamEntries(entry));
      }
      last.entries.add(entry);
    }
    streams.values().forEach(each -> each.entries.sort(Comparator.comparingLong(Entry::seq)));
    return List.copyOf(streams.values());
  }

  UUID stream() {
    return stream;
  }

  /** The one that came first: a stream that is new is its sender's. */
  Entry first() {
    return first;
  }

  List<Entry> entries() {
    return entries;
  }

  /** All its numbers within the bounds. */
  List<SeqRange> numbers() {
    List<SeqRange> ranges = new ArrayList<>();
    long from = 0;
    long last = 0;
    for (Entry entry : entries) {
      long seq = entry.seq();
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
