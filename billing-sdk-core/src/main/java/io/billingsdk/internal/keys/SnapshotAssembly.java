package io.billingsdk.internal.keys;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of a snapshot together, in whatever order they come. Of two snapshots the newer
 * counts; half of one is worth nothing, since a key that is missing in it may be in the other half.
 */
final class SnapshotAssembly {
  private final Map<Integer, List<KeyRecord>> chunks = new HashMap<>();
  private long version;
  private int expected;

  /** The keys, when this chunk was the last that was missing; otherwise null. */
  @Nullable List<KeyRecord> add(KeyFeedMessage chunk) {
    if (chunk.version() < version) {
      return null;
    }
    if (chunk.version() != version || chunk.chunks() != expected) {
      chunks.clear();
      version = chunk.version();
      expected = chunk.chunks();
    }
    chunks.put(chunk.chunk(), chunk.keys());
    if (chunks.size() < expected) {
      return null;
    }
    List<KeyRecord> all = new ArrayList<>();
    chunks.values().forEach(all::addAll);
    clear();
    return all;
  }

  void clear() {
    chunks.clear();
    version = 0;
    expected = 0;
  }
}
