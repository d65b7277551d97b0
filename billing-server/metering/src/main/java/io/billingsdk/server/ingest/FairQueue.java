package io.billingsdk.server.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the lanes. Each login that has something waiting gets an equal share of them, by
 * what its messages cost once they are read (deficit round robin): however much one sends, another
 * waits for no more than what the lanes have in hand.
 *
 * <p>A connection has one lane at a time, and so has a stream: its row is locked by one transaction
 * at a time, and two lanes with events of one stream would wait for each other. While there are
 * several logins, none has all lanes. A login that costs time for nothing pauses. A lane without
 * work takes that of another one. Thread-safe.
 */
final class FairQueue {
  /** So long a login is remembered after its last message, with what it owes. */
  private static final long REMEMBERED_NANOS = 2_000_000_000L;

  private final int lanes;
  private final QosZeroLimit limit;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, Login> logins = new HashMap<>();

  /** Those of which something may be taken, the next one first. */
  private final Deque<Login> ring = new ArrayDeque<>();

  private final Map<UUID, Claim> claims = new HashMap<>();
  private final List<Lane> places = new ArrayList<>();
  private int messages;

  /** A stream that a lane has in hand. */
  private static final class Claim {
    private final int lane;
    private final List<ConnectionQueue> parked = new ArrayList<>();

    Claim(int lane) {
      this.lane = lane;
    }
  }

  private static final class Lane {
    private final Condition work;
    private final Set<ConnectionQueue> lines = new HashSet<>();
    private final Set<UUID> streams = new HashSet<>();
    private boolean idle;

    /** Idle, and with nothing in hand: it takes what is at home elsewhere. */
    private boolean free;

    /** Lines that are at home here and not unused. */
    private int load;

    /** Who is to be charged, and with how much, when the lane comes by the lock again. */
    private @Nullable Login owing;

    private long owed;

    Lane(Condition work) {
      this.work = work;
    }

    void settle() {
      Login login = owing;
      if (login != null) {
        login.spend(owed);
        owing = null;
      }
    }
  }

  /** A message whose turn has come; it is in the hand of the lane that took it. */
  record MessageTurn(ConnectionQueue line, Waiting waiting) {}

  FairQueue(int lanes, QosZeroLimit limit) {
    this.lanes = lanes;
    this.limit = limit;
    for (int lane = 0; lane < lanes; lane++) {
      places.add(new Lane(lock.newCondition()));
    }
  }

  /** Adds a message; false when it is dropped, which may happen to those of QoS 0. */
  boolean add(Waiting waiting) {
    lock.lock();
    try {
      Login login =
          logins.computeIfAbsent(waiting.sender().login(), name -> new Login(name, lanes));
      if (!waiting.repeated()) {
        if (!limit.admits(login.unrepeated, waiting.bytes())) {
          return false;
        }
        login.unrepeated++;
      }
      login.usedAtNanos = System.nanoTime();
      ConnectionQueue line =
          login.lines.computeIfAbsent(
              waiting.sender().connection(), connection -> newLine(login, connection));
      line.waiting.add(waiting);
      messages++;
      if (line.waiting.size() == 1 && line.parkedFor == null) {
        makeReady(line);
        wake(line);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private ConnectionQueue newLine(Login login, long connection) {
    ConnectionQueue line = new ConnectionQueue(login, connection);
    for (int lane = 1; lane < lanes; lane++) {
      line.home = places.get(lane).load < places.get(line.home).load ? lane : line.home;
    }
    places.get(line.home).load++;
    return line;
  }

  private void makeReady(ConnectionQueue line) {
    line.login.makeReady(line);
    if (!line.login.inRing) {
      line.login.inRing = true;
      ring.add(line.login);
    }
  }

  /** Its own lane, or one that has nothing to do. */
  private void wake(ConnectionQueue line) {
    Lane home = places.get(line.home);
    if (home.idle) {
      home.work.signal();
    } else if (line.holder() < 0) {
      places.stream().filter(each -> each.free).findFirst().ifPresent(each -> each.work.signal());
    }
  }

  /** Waits for the next message for a lane that has none in hand. */
  MessageTurn take(int lane) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        MessageTurn turn = next(lane, /* robbing= */ true);
        if (turn != null) {
          return turn;
        }
        sleep(lane, /* free= */ true, Long.MAX_VALUE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next message for a lane that has some in hand; null when none comes in time. */
  @Nullable MessageTurn poll(int lane, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long end = System.nanoTime() + nanos;
      while (true) {
        MessageTurn turn = next(lane, /* robbing= */ false);
        long left = end - System.nanoTime();
        if (turn != null || nanos <= 0 || left <= 0) {
          return turn;
        }
        sleep(lane, /* free= */ false, left);
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Those who call it look again.
  private void sleep(int lane, boolean free, long nanos) throws InterruptedException {
    Lane place = places.get(lane);
    place.idle = true;
    place.free = free;
    try {
      var unused = place.work.awaitNanos(Math.min(nanos, untilAPauseEnds()));
    } finally {
      place.idle = false;
      place.free = false;
    }
  }

  private long untilAPauseEnds() {
    long now = System.nanoTime();
    return ring.stream()
        .mapToLong(login -> login.pauseLeft(now))
        .filter(left -> left > 0)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private @Nullable MessageTurn next(int lane, boolean robbing) {
    places.get(lane).settle();
    ConnectionQueue line = nextLine(lane);
    if (line == null && robbing) {
      line = rob(lane);
    }
    if (line == null) {
      return null;
    }
    Login login = line.login;
    MessageTurn turn = new MessageTurn(line, line.take());
    places.get(lane).lines.add(line);
    messages--;
    if (!turn.waiting().repeated()) {
      login.unrepeated--;
      limit.taken(turn.waiting().bytes());
    }
    if (!line.waiting.isEmpty()) {
      login.makeReady(line);
    }
    leaveRingIfDone(login);
    return turn;
  }

  private @Nullable ConnectionQueue nextLine(int lane) {
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

  /** Work of another lane, which is busy with that of others. */
  private @Nullable ConnectionQueue rob(int lane) {
    long now = System.nanoTime();
    for (int left = ring.size(); left > 0; left--) {
      Login login = ring.element();
      boolean may = login.mayUse(lane, lanesOfOne()) && !login.isPaused(now);
      ConnectionQueue line = may ? login.rob(lane) : null;
      if (line != null) {
        places.get(line.home).load--;
        places.get(lane).load++;
        line.home = lane;
        return line;
      }
      ring.add(ring.remove());
    }
    return null;
  }

  /** One is left to the others, if there are any. */
  private int lanesOfOne() {
    return logins.size() > 1 ? Math.max(1, lanes - 1) : lanes;
  }

  private void leaveRingIfDone(Login login) {
    if (login.inRing && !login.hasReady()) {
      login.inRing = false;
      var unused = ring.remove(login);
    }
  }

  /**
   * Whether a message that was taken may go on: its sender is charged, and its stream is its lane's
   * from now on. If another lane has the stream in hand, it waits again, the first of its line.
   *
   * @param cost of it, now that it is read
   */
  boolean admit(MessageTurn turn, @Nullable UUID stream, long cost) {
    ConnectionQueue line = turn.line();
    // Both of the lane whose thread this is: nobody else changes them while it has the line.
    Lane place = places.get(line.home);
    if (place.owing == null && (stream == null || place.streams.contains(stream))) {
      place.owing = line.login;
      place.owed = cost;
      return true;
    }
    lock.lock();
    try {
      place.settle();
      line.login.spend(cost);
      if (stream == null) {
        return true;
      }
      Claim claim = claims.computeIfAbsent(stream, any -> new Claim(line.home));
      if (claim.lane == line.home) {
        place.streams.add(stream);
        return true;
      }
      park(turn, stream, claim);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a login no turn for a while, since it has cost time for nothing: what cannot be read, and
   * what is refused and not even kept.
   *
   * @param nanos that were lost on it
   */
  void pause(Sender sender, long nanos) {
    lock.lock();
    try {
      Login login = logins.get(sender.login());
      if (login != null) {
        login.pause(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void park(MessageTurn turn, UUID stream, Claim claim) {
    ConnectionQueue line = turn.line();
    line.login.makeUnready(line);
    line.waiting.addFirst(turn.waiting());
    line.dropped();
    line.parkedFor = stream;
    claim.parked.add(line);
    messages++;
    if (!turn.waiting().repeated()) {
      line.login.unrepeated++;
      limit.again(turn.waiting().bytes());
    }
    leaveRingIfDone(line.login);
  }

  /**
   * A lane has nothing in hand any more: its transaction has ended.
   *
   * @param kept what it goes on with; null: nothing
   */
  void release(int lane, @Nullable MessageTurn kept, @Nullable UUID keptStream) {
    lock.lock();
    try {
      Lane place = places.get(lane);
      place.settle();
      for (UUID stream : List.copyOf(place.streams)) {
        if (!stream.equals(keptStream)) {
          place.streams.remove(stream);
          Claim claim = claims.remove(stream);
          if (claim != null) {
            claim.parked.forEach(this::unpark);
          }
        }
      }
      for (ConnectionQueue line : List.copyOf(place.lines)) {
        if (kept == null || line != kept.line()) {
          place.lines.remove(line);
          line.released();
          line.login.usedAtNanos = System.nanoTime();
          forgetIfUnused(line);
          if (!line.waiting.isEmpty() && line.parkedFor == null) {
            wake(line);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void unpark(ConnectionQueue line) {
    line.parkedFor = null;
    if (!line.waiting.isEmpty()) {
      makeReady(line);
      wake(line);
    }
  }

  private void forgetIfUnused(ConnectionQueue line) {
    if (line.isUnused() && line.login.lines.remove(line.connection, line)) {
      places.get(line.home).load--;
    }
  }

  /**
   * Refuses what waits for lanes that are stuck, where its instance hears so: all that waits, when
   * all of them are.
   *
   * @return what was refused, to be confirmed and answered
   */
  List<Waiting> refuse(IntPredicate stuck) {
    lock.lock();
    try {
      boolean all = true;
      for (int lane = 0; lane < lanes; lane++) {
        all &= stuck.test(lane);
      }
      boolean each = all;
      return remove(
          line -> each || waitsFor(line, stuck), waits -> waits.repeated() && waits.refuse());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Leaves out what waits and whose senders have gone: they send it again.
   *
   * @return what was left out, to be confirmed
   */
  List<Waiting> leaveOutGone() {
    lock.lock();
    try {
      return remove(line -> true, Waiting::isGone);
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting> remove(Predicate<ConnectionQueue> of, Predicate<Waiting> which) {
    List<Waiting> removed = new ArrayList<>();
    for (Login login : logins.values()) {
      for (ConnectionQueue line : List.copyOf(login.lines.values())) {
        if (of.test(line)) {
          remove(line, which, removed);
        }
      }
      leaveRingIfDone(login);
    }
    return removed;
  }

  private boolean waitsFor(ConnectionQueue line, IntPredicate stuck) {
    Claim claim = line.parkedFor == null ? null : claims.get(line.parkedFor);
    return (line.holder() >= 0 && stuck.test(line.holder()))
        || (claim != null && stuck.test(claim.lane));
  }

  private void remove(ConnectionQueue line, Predicate<Waiting> which, Collection<Waiting> removed) {
    int before = line.waiting.size();
    line.waiting.removeIf(waits -> which.test(waits) && removed.add(waits));
    messages -= before - line.waiting.size();
    if (line.waiting.isEmpty()) {
      line.login.makeUnready(line);
      forgetIfUnused(line);
    }
  }

  /** Forgets logins of which nothing has come for a while. */
  void forgetIdle() {
    lock.lock();
    try {
      long now = System.nanoTime();
      logins
          .values()
          .removeIf(login -> login.lines.isEmpty() && now - login.usedAtNanos > REMEMBERED_NANOS);
    } finally {
      lock.unlock();
    }
  }

  /** Messages that wait. */
  int waiting() {
    lock.lock();
    try {
      return messages;
    } finally {
      lock.unlock();
    }
  }

  /** Streams that a lane has in hand. */
  int streams() {
    lock.lock();
    try {
      return claims.size();
    } finally {
      lock.unlock();
    }
  }

  /** Connections of which something waits or is in hand. */
  int lines() {
    lock.lock();
    try {
      return logins.values().stream().mapToInt(login -> login.lines.size()).sum();
    } finally {
      lock.unlock();
    }
  }
}
