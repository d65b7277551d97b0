package io.billingsdk.server.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which lane has which stream in hand, and the lines that wait until it lets go. Guarded by the
 * lock of its {@link FairQueue}.
 */
final class StreamsInHand {
  private final Map<UUID, Hold> streams = new HashMap<>();

  private static final class Hold {
    private final int lane;
    private final List<ConnectionQueue> parked = new ArrayList<>();

    Hold(int lane) {
      this.lane = lane;
    }
  }

  /** Whether a lane has a stream in hand from now on; false when another one has. */
  boolean take(UUID stream, int lane) {
    return streams.computeIfAbsent(stream, any -> new Hold(lane)).lane == lane;
  }

  /** Lets a line wait until the stream of its first message is free. */
  void park(ConnectionQueue line, UUID stream) {
    Hold hold = streams.get(stream);
    if (hold == null) {
      throw new IllegalStateException("no lane has the stream " + stream);
    }
    line.parkedFor = stream;
    hold.parked.add(line);
  }

  /** Frees a stream; returns the lines that waited for it. */
  List<ConnectionQueue> free(UUID stream) {
    Hold hold = streams.remove(stream);
    if (hold == null) {
      return List.of();
    }
    hold.parked.forEach(line -> line.parkedFor = null);
    return hold.parked;
  }

  /** The lane that a line waits for; null when it waits for none. */
  @Nullable Integer awaited(ConnectionQueue line) {
    Hold hold = line.parkedFor == null ? null : streams.get(line.parkedFor);
    return hold == null ? null : hold.lane;
  }

  int size() {
    return streams.size();
  }
}
