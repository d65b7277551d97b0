package io.billingsdk.server.ingest;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logins of a {@link FairQueue}, and whose turn it is (deficit round robin). Guarded by the
 * lock of the queue.
 */
final class Logins {
  /** The time that a login is remembered after its last message, with its debt. */
  private static final long REMEMBERED_NANOS = 2_000_000_000L;

  private final int lanes;
  private final Map<String, Login> byName = new HashMap<>();

  /** Those that have something to take, the next one first. */
  private final Deque<Login> ring = new ArrayDeque<>();

  Logins(int lanes) {
    this.lanes = lanes;
  }

  Login named(String name) {
    return byName.computeIfAbsent(name, any -> new Login(name, lanes));
  }

  /** One that is remembered. */
  @Nullable Login known(String name) {
    return byName.get(name);
  }

  Collection<Login> all() {
    return byName.values();
  }

  /** Lets a line be taken. */
  void makeReady(ConnectionQueue line) {
    line.login.makeReady(line);
    if (!line.login.inRing) {
      line.login.inRing = true;
      ring.add(line.login);
    }
  }

  void leaveRingIfDone(Login login) {
    if (login.inRing && !login.hasReady()) {
      login.inRing = false;
      var unused = ring.remove(login);
    }
  }

  /** The line at home in a lane whose turn it is; null when there is none. */
  @Nullable ConnectionQueue next(int lane) {
    long now = System.nanoTime();
    boolean owing = true;
    while (owing) {
      owing = false;
      for (int left = ring.size(); left > 0; left--) {
        Login login = ring.element();
        if (login.isReadyIn(lane) && login.mayUse(lane, lanesOfOne()) && !login.isPaused(now)) {
          if (login.hasCredit()) {
            return login.next(lane);
          }
          login.earn();
          owing = true;
        }
        ring.add(ring.remove());
      }
    }
    return null;
  }

  /** A line of another lane, which is busy with others; null when there is none. */
  @Nullable ConnectionQueue rob(int lane) {
    long now = System.nanoTime();
    for (int left = ring.size(); left > 0; left--) {
      Login login = ring.element();
      boolean may = login.mayUse(lane, lanesOfOne()) && !login.isPaused(now);
      ConnectionQueue line = may ? login.rob(lane) : null;
      if (line != null) {
        return line;
      }
      ring.add(ring.remove());
    }
    return null;
  }

  /** One is left to the others, if there are any. */
  private int lanesOfOne() {
    return byName.size() > 1 ? Math.max(1, lanes - 1) : lanes;
  }

  /** Until the first pause of a login with something to take ends. */
  long untilAPauseEnds() {
    long now = System.nanoTime();
    return ring.stream()
        .mapToLong(login -> login.pauseLeft(now))
        .filter(left -> left > 0)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Forgets logins that have sent nothing for a while. */
  void forgetIdle() {
    long now = System.nanoTime();
    byName
        .values()
        .removeIf(login -> login.lines.isEmpty() && now - login.usedAtNanos > REMEMBERED_NANOS);
  }
}
