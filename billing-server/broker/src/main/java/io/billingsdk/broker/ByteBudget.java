package io.billingsdk.broker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of publishes all connections together may have handed over and not settled. A
 * login, with all its connections, may have as much of it as is free: one alone gets a half, two
 * that take all they can get a third each, and there is always room for one that comes later. A
 * message beyond the bound is taken all the same, since it was read already; its connection then
 * reads no more until there is room again. Thread-safe.
 */
final class ByteBudget {
  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final Map<String, Share> shares = new ConcurrentHashMap<>();

  /** Shares that have a waiting connection. */
  private final Set<Share> starved = ConcurrentHashMap.newKeySet();

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /** What the connections of one login hold together. */
  final class Share {
    private final String login;
    private final AtomicLong its = new AtomicLong();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    /** Changed in the map of the shares alone. */
    private int connections;

    private Share(String login) {
      this.login = login;
    }

    String login() {
      return login;
    }

    void take(int bytes) {
      its.addAndGet(bytes);
      held.addAndGet(bytes);
    }

    /** Runs what waits for room on the thread that made it. */
    void release(int bytes) {
      long left = its.addAndGet(-bytes);
      held.addAndGet(-bytes);
      if (left == 0) {
        forgetIfUnused(login);
      }
      for (Share each : starved) {
        each.resumeIfThereIsRoom();
      }
    }

    boolean isFull() {
      return its.get() >= free();
    }

    /** Has this run when there is room: at once when there is room already. */
    void await(Runnable resume) {
      waiting.add(resume);
      starved.add(this);
      // All may have been released since the look at it: nobody would come by again.
      resumeIfThereIsRoom();
    }

    /** The connection has ended. */
    void leave(Runnable resume) {
      waiting.remove(resume);
      if (waiting.isEmpty()) {
        starved.remove(this);
      }
      var unused =
          shares.computeIfPresent(
              login,
              (any, share) -> {
                share.connections--;
                return share.orNone();
              });
    }

    private long free() {
      return limit - held.get();
    }

    /** A quarter below the bound, so that reading does not begin and end with each publish. */
    private void resumeIfThereIsRoom() {
      if (its.get() > free() - free() / 4) {
        return;
      }
      starved.remove(this);
      for (Runnable each : List.copyOf(waiting)) {
        // Once: another thread may be at the same.
        if (waiting.remove(each)) {
          each.run();
        }
      }
    }

    private @Nullable Share orNone() {
      return connections == 0 && its.get() == 0 ? null : this;
    }
  }

  /** The share of a login, for another connection of it, which leaves it in the end. */
  Share enter(String login) {
    return shares.compute(
        login,
        (any, there) -> {
          Share share = there == null ? new Share(login) : there;
          share.connections++;
          return share;
        });
  }

  private void forgetIfUnused(String login) {
    var unused = shares.computeIfPresent(login, (any, share) -> share.orNone());
  }

  /** Bytes that are held now. */
  long held() {
    return held.get();
  }

  /** Connections that read nothing until there is room. */
  int waiting() {
    return starved.stream().mapToInt(each -> each.waiting.size()).sum();
  }

  /** Logins with a connection, or with something held. */
  int logins() {
    return shares.size();
  }
}
