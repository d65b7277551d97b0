package io.billingsdk.server.control;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.keys.StoredKey;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The whole key table as the messages that carry it: made once, sent to all who ask while no key
 * changes.
 *
 * @param version of the table, read before its keys
 * @param messages one for each chunk, in their order
 */
record KeySnapshot(long version, List<byte[]> messages) {
  /** Some 400 bytes each: a chunk stays below the packets that small brokers allow. */
  static final int CHUNK_KEYS = 200;

  KeySnapshot {
    messages = List.copyOf(messages);
  }

  /** Reads and encodes it. */
  static KeySnapshot read(Handle handle) {
    // The version first: a change in between is in both, and the later one counts.
    long version = KeyVersions.current(handle);
    List<StoredKey> keys = KeyVersions.since(handle, 0);
    int chunks = Math.max(1, (keys.size() + CHUNK_KEYS - 1) / CHUNK_KEYS);
    List<byte[]> messages = new ArrayList<>(chunks);
    for (int chunk = 1; chunk <= chunks; chunk++) {
      int from = (chunk - 1) * CHUNK_KEYS;
      List<StoredKey> part = keys.subList(from, Math.min(keys.size(), from + CHUNK_KEYS));
      messages.add(
          new KeyFeedMessage(
                  /* snapshot= */ true, version, 0, chunk, chunks, KeyFeedRecords.of(part), 0)
              .encode());
    }
    return new KeySnapshot(version, messages);
  }

  long bytes() {
    return messages.stream().mapToLong(each -> each.length).sum();
  }
}
