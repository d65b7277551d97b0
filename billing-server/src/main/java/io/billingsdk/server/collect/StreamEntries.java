package io.billingsdk.server.collect;

import io.billingsdk.server.ledger.StreamOrigin;
import io.billingsdk.wire.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a batch holds of one stream, in the order of its numbers, and of arrival for one number. */
final class StreamEntries {
  private final UUID stream;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable String instance;
  private StreamOrigin origin = StreamOrigin.UNKNOWN;

  private StreamEntries(UUID stream) {
    this.stream = stream;
  }

  static List<StreamEntries> of(List<Entry> entries) {
    Map<UUID, StreamEntries> streams = new LinkedHashMap<>();
    StreamEntries last = null;
    for (Entry entry : entries) {
      // A message is of one stream: most events follow one of their own.
      if (last == null || !last.stream.equals(entry.stream())) {
        last = streams.computeIfAbsent(entry.stream(), StreamEntries::new);
      }
      last.entries.add(entry);
      last.instance = entry.instance();
      last.origin = entry.origin();
    }
    streams.values().forEach(each -> each.entries.sort(Comparator.comparingLong(Entry::seq)));
    return List.copyOf(streams.values());
  }

  UUID stream() {
    return stream;
  }

  /** Its producer; null when it is not known. */
  @Nullable String instance() {
    return instance;
  }

  /** Who numbers it. */
  StreamOrigin origin() {
    return origin;
  }

  List<Entry> entries() {
    return entries;
  }

  /** All its numbers. */
  List<SeqRange> numbers() {
    List<SeqRange> ranges = new ArrayList<>();
    long first = entries.get(0).seq();
    long last = first;
    for (Entry entry : entries) {
      long seq = entry.seq();
      if (seq > last + 1) {
        ranges.add(new SeqRange(first, last));
        first = seq;
      }
      last = seq;
    }
    ranges.add(new SeqRange(first, last));
    return ranges;
  }
}
