package io.billingsdk.server.ingest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What waits of one connection, in the order in which it came. Taken by one lane at a time. Guarded
 * by the lock of its {@link FairQueue}.
 */
final class ConnectionQueue {
  private static final int NOBODY = -1;

  final Login login;
  final long connection;
  final Deque<Waiting> waiting = new ArrayDeque<>();

  /** The lane that takes from it, unless that is busy and another one idle. */
  int home;

  /** The stream of its first message, which another lane has in hand; null when it may be taken. */
  @Nullable UUID parkedFor;

  private int inHand;

  ConnectionQueue(Login login, long connection) {
    this.login = login;
    this.connection = connection;
  }

  /** The lane that has messages of it in hand; negative when none has. */
  int holder() {
    return inHand > 0 ? home : NOBODY;
  }

  /** Takes its first message into the hand of its lane. */
  Waiting take() {
    if (inHand++ == 0) {
      login.held(home, 1);
    }
    return waiting.remove();
  }

  /** One that was taken is not in hand after all. */
  void dropped() {
    if (--inHand == 0) {
      login.held(home, -1);
    }
  }

  /** Nothing is left in hand. */
  void released() {
    if (inHand > 0) {
      inHand = 0;
      login.held(home, -1);
    }
  }

  boolean isUnused() {
    return inHand == 0 && waiting.isEmpty();
  }
}
