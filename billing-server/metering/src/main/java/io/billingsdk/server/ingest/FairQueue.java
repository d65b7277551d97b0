package io.billingsdk.server.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
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
  private final int lanes;
  private final QosZeroLimit limit;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Logins logins;
  private final LanePlaces places;
  private final StreamsInHand streams = new StreamsInHand();
  private int messages;

  /** A message whose turn has come; it is in the hand of the lane that took it. */
  record MessageTurn(ConnectionQueue line, Waiting waiting) {}

  FairQueue(int lanes, QosZeroLimit limit) {
    this.lanes = lanes;
    this.limit = limit;
    this.logins = new Logins(lanes);
    this.places = new LanePlaces(lanes, lock);
  }

  /** Adds a message; false when it is dropped, which may happen to those of QoS 0. */
  boolean add(Waiting waiting) {
    lock.lock();
    try {
      Login login = logins.named(waiting.sender().login());
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
        logins.makeReady(line);
        places.wake(line);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private ConnectionQueue newLine(Login login, long connection) {
    ConnectionQueue line = new ConnectionQueue(login, connection);
    places.giveHome(line);
    return line;
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

  private void sleep(int lane, boolean free, long nanos) throws InterruptedException {
    places.of(lane).sleep(free, Math.min(nanos, logins.untilAPauseEnds()));
  }

  private @Nullable MessageTurn next(int lane, boolean robbing) {
    places.of(lane).settle();
    ConnectionQueue line = logins.next(lane);
    if (line == null && robbing) {
      line = logins.rob(lane);
      if (line != null) {
        places.move(line, lane);
      }
    }
    return line == null ? null : turnOf(line, lane);
  }

  private MessageTurn turnOf(ConnectionQueue line, int lane) {
    Login login = line.login;
    MessageTurn turn = new MessageTurn(line, line.take());
    places.of(lane).lines.add(line);
    messages--;
    if (!turn.waiting().repeated()) {
      login.unrepeated--;
      limit.taken(turn.waiting().bytes());
    }
    if (!line.waiting.isEmpty()) {
      login.makeReady(line);
    }
    logins.leaveRingIfDone(login);
    return turn;
  }

  /**
   * Whether a message that was taken may go on: its sender is charged, and its stream is its lane's
   * from now on. If another lane has the stream in hand, it waits again, the first of its line.
   *
   * @param cost of it, now that it is read
   */
  boolean admit(MessageTurn turn, @Nullable UUID stream, long cost) {
    ConnectionQueue line = turn.line();
    LanePlace place = places.home(line);
    if (place.chargeLater(line.login, stream, cost)) {
      return true;
    }
    lock.lock();
    try {
      place.settle();
      line.login.spend(cost);
      if (stream == null) {
        return true;
      }
      if (streams.take(stream, line.home)) {
        place.streams.add(stream);
        return true;
      }
      park(turn, stream);
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
      Login login = logins.known(sender.login());
      if (login != null) {
        login.pause(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void park(MessageTurn turn, UUID stream) {
    ConnectionQueue line = turn.line();
    line.login.makeUnready(line);
    line.waiting.addFirst(turn.waiting());
    line.dropped();
    streams.park(line, stream);
    messages++;
    if (!turn.waiting().repeated()) {
      line.login.unrepeated++;
      limit.again(turn.waiting().bytes());
    }
    logins.leaveRingIfDone(line.login);
  }

  /**
   * A lane has nothing left in hand: its transaction has ended.
   *
   * @param kept what it goes on with; null: nothing
   */
  void release(int lane, @Nullable MessageTurn kept, @Nullable UUID keptStream) {
    lock.lock();
    try {
      LanePlace place = places.of(lane);
      place.settle();
      for (UUID stream : List.copyOf(place.streams)) {
        if (!stream.equals(keptStream)) {
          place.streams.remove(stream);
          streams.free(stream).forEach(this::unpark);
        }
      }
      for (ConnectionQueue line : List.copyOf(place.lines)) {
        if (kept == null || line != kept.line()) {
          place.lines.remove(line);
          release(line);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void unpark(ConnectionQueue line) {
    if (!line.waiting.isEmpty()) {
      logins.makeReady(line);
      places.wake(line);
    }
  }

  private void release(ConnectionQueue line) {
    line.released();
    line.login.usedAtNanos = System.nanoTime();
    forgetIfUnused(line);
    if (!line.waiting.isEmpty() && line.parkedFor == null) {
      places.wake(line);
    }
  }

  private void forgetIfUnused(ConnectionQueue line) {
    if (line.isUnused() && line.login.lines.remove(line.connection, line)) {
      places.leave(line);
    }
  }

  /**
   * Refuses what waits for lanes that are stuck, where its instance hears so: all that waits, when
   * all of them are.
   *
   * @return the refused messages, to be confirmed and answered
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
   * @return the messages left out, to be confirmed
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
    for (Login login : logins.all()) {
      for (ConnectionQueue line : List.copyOf(login.lines.values())) {
        if (of.test(line)) {
          remove(line, which, removed);
        }
      }
      logins.leaveRingIfDone(login);
    }
    return removed;
  }

  private boolean waitsFor(ConnectionQueue line, IntPredicate stuck) {
    Integer awaited = streams.awaited(line);
    return (line.holder() >= 0 && stuck.test(line.holder()))
        || (awaited != null && stuck.test(awaited));
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

  /** Forgets logins that have sent nothing for a while. */
  void forgetIdle() {
    lock.lock();
    try {
      logins.forgetIdle();
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
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  /** Connections with messages that wait or are in hand. */
  int lines() {
    lock.lock();
    try {
      return logins.all().stream().mapToInt(login -> login.lines.size()).sum();
    } finally {
      lock.unlock();
    }
  }
}
