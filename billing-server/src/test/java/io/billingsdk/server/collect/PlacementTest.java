package io.billingsdk.server.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final Placement placement = new Placement(2);

  private static UUID stream(long number) {
    return new UUID(0, number);
  }

  @Test
  void streams_ofEqualLoad_areSharedOutEvenly() {
    long inTheFirst =
        LongStream.range(0, 10)
            .map(number -> placement.enter(stream(number), 250))
            .filter(lane -> lane == 0)
            .count();

    assertThat(inTheFirst).isEqualTo(5);
  }

  @Test
  void stream_withEventsUnderWay_keepsItsLane() {
    int lane = placement.enter(stream(1), 5_000);

    for (int i = 0; i < 10; i++) {
      assertThat(placement.enter(stream(1), 5_000)).isEqualTo(lane);
    }
    assertThat(placement.enter(stream(2), 1)).isNotEqualTo(lane);
  }

  @Test
  void stream_ofWhichNothingIsLeft_goesWhereTheFewestAre() {
    int lane = placement.enter(stream(1), 10);
    placement.leave(stream(1), 10);
    assertThat(placement.enter(stream(2), 100)).isEqualTo(lane);

    assertThat(placement.enter(stream(1), 10)).isNotEqualTo(lane);
  }

  /** Otherwise each stream that ever came would stay in memory. */
  @Test
  void streams_thatComeAndGo_leaveNothingBehind() {
    Random random = new Random(1);
    Queue<Map.Entry<UUID, Integer>> entered = new ArrayDeque<>();
    Map<UUID, Integer> lanes = new HashMap<>();
    Map<UUID, Integer> messages = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      UUID stream = stream(random.nextInt(20));
      int events = 1 + random.nextInt(250);
      int lane = placement.enter(stream, events);
      if (messages.merge(stream, 1, Integer::sum) > 1) {
        assertThat(lane).isEqualTo(lanes.get(stream));
      }
      lanes.put(stream, lane);
      entered.add(Map.entry(stream, events));
      while (entered.size() > random.nextInt(40)) {
        Map.Entry<UUID, Integer> done = entered.remove();
        placement.leave(done.getKey(), done.getValue());
        messages.merge(done.getKey(), -1, Integer::sum);
      }
    }
    entered.forEach(left -> placement.leave(left.getKey(), left.getValue()));

    assertThat(placement.streams()).isZero();
  }
}
