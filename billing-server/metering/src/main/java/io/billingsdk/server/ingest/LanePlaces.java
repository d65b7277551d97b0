package io.billingsdk.server.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places of all lanes of a {@link FairQueue}, and in which of them a line is at home. Guarded
 * by the lock of the queue.
 */
final class LanePlaces {
  private final List<LanePlace> places = new ArrayList<>();

  LanePlaces(int lanes, ReentrantLock lock) {
    for (int lane = 0; lane < lanes; lane++) {
      places.add(new LanePlace(lock.newCondition()));
    }
  }

  LanePlace of(int lane) {
    return places.get(lane);
  }

  /** The place at which a line is at home. */
  LanePlace home(ConnectionQueue line) {
    return places.get(line.home);
  }

  /** Gives a new line a home where the fewest are. */
  void giveHome(ConnectionQueue line) {
    for (int lane = 1; lane < places.size(); lane++) {
      line.home = places.get(lane).load() < home(line).load() ? lane : line.home;
    }
    home(line).changeLoad(1);
  }

  void move(ConnectionQueue line, int lane) {
    home(line).changeLoad(-1);
    line.home = lane;
    home(line).changeLoad(1);
  }

  void leave(ConnectionQueue line) {
    home(line).changeLoad(-1);
  }

  /** Wakes the lane of a line, or one that has nothing to do. */
  void wake(ConnectionQueue line) {
    if (home(line).isIdle()) {
      home(line).wake();
    } else if (line.holder() < 0) {
      places.stream().filter(LanePlace::isFree).findFirst().ifPresent(LanePlace::wake);
    }
  }
}
