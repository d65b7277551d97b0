package io.billingsdk.server.collect;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which lane has which stream. A stream keeps its lane for as long as events of it are under way;
 * one that comes anew goes where the fewest are: by its hash, half of all sets of four streams
 * would have three of them in one of two lanes, and the other lane would wait. Thread-safe.
 */
final class Placement {
  private final Map<UUID, Place> places = new HashMap<>();
  private final long[] underWay;

  private static final class Place {
    private final int lane;
    private long events;

    Place(int lane) {
      this.lane = lane;
    }
  }

  Placement(int lanes) {
    this.underWay = new long[lanes];
  }

  /**
   * Events of a stream have come.
   *
   * @return the lane that they are for
   */
  synchronized int enter(UUID stream, int events) {
    Place place = places.computeIfAbsent(stream, any -> new Place(leastBusy()));
    place.events += events;
    underWay[place.lane] += events;
    return place.lane;
  }

  private int leastBusy() {
    int least = 0;
    for (int lane = 1; lane < underWay.length; lane++) {
      least = underWay[lane] < underWay[least] ? lane : least;
    }
    return least;
  }

  /** As many as have entered together are done with: their transaction holds nothing any more. */
  synchronized void leave(UUID stream, int events) {
    places.computeIfPresent(
        stream,
        (any, place) -> {
          place.events -= events;
          underWay[place.lane] -= events;
          return place.events == 0 ? null : place;
        });
  }

  /** Streams of which something is under way. */
  synchronized int streams() {
    return places.size();
  }
}
