package io.billingsdk.server.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this API. One that is slow to ask is ended, and of those on which no good
 * token was sent there are so many at most, from each address and in all: the one that is there
 * longest gives way to the newest, so that who asks and goes is served however many others just sit
 * there. Behind a proxy all have one address; those that work do not count. Thread-safe.
 */
final class ClientConnections implements Connection.Listener {
  private static final int STRANGERS = 4_000;
  private static final int LOOKED_AT = 100;

  private final int strangersOfAddress;
  private final Duration first;
  private final Map<EndPoint, Seen> all = new ConcurrentHashMap<>();
  private final LinkedHashSet<EndPoint> strangers = new LinkedHashSet<>();
  private final Map<String, LinkedHashSet<EndPoint>> byAddress = new HashMap<>();

  /**
   * None yet.
   *
   * @param strangersOfAddress at most, without a good token
   * @param first until the head of the first request has come, with the handshake before it; for
   *     another one there is twice that time
   */
  ClientConnections(int strangersOfAddress, Duration first) {
    this.strangersOfAddress = strangersOfAddress;
    this.first = first;
  }

  private static final class Seen {
    private final String network;
    private long since = System.nanoTime();
    private Duration most;
    private int requests;

    Seen(String network, Duration most) {
      this.network = network;
      this.most = most;
    }

    synchronized void begun() {
      requests++;
    }

    synchronized void ended(Duration next) {
      requests--;
      since = System.nanoTime();
      most = next;
    }

    synchronized boolean isAsking() {
      return requests > 0;
    }

    synchronized boolean isTooSlow(long now) {
      return requests == 0 && now - since > most.toNanos();
    }
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof SslConnection)) {
      return;
    }
    EndPoint end = connection.getEndPoint();
    Seen seen = new Seen(network(end), first);
    all.put(end, seen);
    EndPoint giveWay;
    synchronized (strangers) {
      strangers.add(end);
      Set<EndPoint> same = byAddress.computeIfAbsent(seen.network, name -> new LinkedHashSet<>());
      same.add(end);
      giveWay =
          same.size() > strangersOfAddress
              ? oldest(same)
              : (strangers.size() > STRANGERS ? oldest(strangers) : null);
    }
    if (giveWay != null) {
      forget(giveWay);
      giveWay.close();
    }
  }

  /** The one that is there longest, of the first few that are not being answered just now. */
  private EndPoint oldest(Set<EndPoint> among) {
    int looked = 0;
    for (EndPoint each : among) {
      Seen seen = all.get(each);
      if (looked++ == LOOKED_AT || seen == null || !seen.isAsking()) {
        return each;
      }
    }
    return among.iterator().next();
  }

  @Override
  public void onClosed(Connection connection) {
    if (connection instanceof SslConnection) {
      forget(connection.getEndPoint());
    }
  }

  private void forget(EndPoint end) {
    Seen seen = all.remove(end);
    if (seen != null) {
      known(end, seen);
    }
  }

  private void known(EndPoint end, Seen seen) {
    synchronized (strangers) {
      if (strangers.remove(end)) {
        Set<EndPoint> same = byAddress.get(seen.network);
        if (same != null && same.remove(end) && same.isEmpty()) {
          byAddress.remove(seen.network);
        }
      }
    }
  }

  /** A request has come on one. */
  void begun(EndPoint end) {
    Seen seen = all.get(raw(end));
    if (seen != null) {
      seen.begun();
    }
  }

  /** A request has ended on one. */
  void ended(EndPoint end) {
    Seen seen = all.get(raw(end));
    if (seen != null) {
      seen.ended(first.multipliedBy(2));
    }
  }

  /** A good token has come on one. */
  void markKnown(EndPoint end) {
    Seen seen = all.get(raw(end));
    if (seen != null) {
      known(raw(end), seen);
    }
  }

  /** Ends those that are slow to ask. */
  void endSlow() {
    long now = System.nanoTime();
    List<EndPoint> slow = new ArrayList<>();
    all.forEach(
        (end, seen) -> {
          if (seen.isTooSlow(now)) {
            slow.add(end);
          }
        });
    for (EndPoint each : slow) {
      forget(each);
      each.close();
    }
  }

  /** How many there are. */
  int size() {
    return all.size();
  }

  private static EndPoint raw(EndPoint end) {
    return end instanceof EndPoint.Wrapper wrapper ? raw(wrapper.unwrap()) : end;
  }

  private static String network(EndPoint end) {
    @Nullable SocketAddress from = end.getRemoteSocketAddress();
    return from instanceof InetSocketAddress address && address.getAddress() != null
        ? Throttle.network(address.getAddress().getHostAddress())
        : "";
  }
}
