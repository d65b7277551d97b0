package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.JournalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events that are in some batch, by the identity by which a receipt names them. A receipt is
 * looked up here and not the other way round: its ranges may hold numbers without end. For one
 * thread.
 */
final class UnackedEvents {
  private final Map<UUID, TreeMap<Long, Member>> streams = new HashMap<>();
  private long bytes;

  /** An event and the batch that it is in. */
  record Member(JournalRecord event, Batch batch) {}

  /** Of the events' bodies. */
  long bytes() {
    return bytes;
  }

  boolean contains(JournalRecord event) {
    return get(event.stream(), event.seq()) != null;
  }

  void put(JournalRecord event, Batch batch) {
    Member before =
        streams
            .computeIfAbsent(event.stream(), stream -> new TreeMap<>())
            .put(event.seq(), new Member(event, batch));
    bytes += before == null ? event.body().length : 0;
  }

  @Nullable Member get(UUID stream, long seq) {
    Map<Long, Member> members = streams.get(stream);
    return members == null ? null : members.get(seq);
  }

  /** Those of a stream within a range, both ends included. */
  List<Member> within(UUID stream, long first, long last) {
    NavigableMap<Long, Member> members = streams.get(stream);
    return members == null
        ? List.of()
        : new ArrayList<>(members.subMap(first, true, last, true).values());
  }

  void remove(JournalRecord event) {
    Map<Long, Member> members = streams.get(event.stream());
    if (members != null && members.remove(event.seq()) != null) {
      bytes -= event.body().length;
      if (members.isEmpty()) {
        streams.remove(event.stream());
      }
    }
  }

  void clear() {
    streams.clear();
    bytes = 0;
  }
}
