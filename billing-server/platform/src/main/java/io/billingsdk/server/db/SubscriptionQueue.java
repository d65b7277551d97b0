package io.billingsdk.server.db;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subscriber of {@link Notifications} is to be given: in order, by one thread at a time,
 * on its own executor. Of more than {@value Notifications#WAITING} that wait the newer ones are
 * left out, and it is asked to look again in their place. Good until it is closed. Thread-safe.
 */
final class SubscriptionQueue implements Notifications.ChannelSubscription {
  private static final Logger log = LoggerFactory.getLogger(SubscriptionQueue.class);

  /** Stands in the queue where something is missing. Compared by identity. */
  @SuppressWarnings("StringOperationCanBeSimplified")
  private static final String GAP = new String("gap");

  private final String channel;
  private final Executor executor;
  private final Notifications.NotificationListener listener;
  private final Consumer<SubscriptionQueue> end;

  // Guarded by this.
  private final Deque<String> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean ended;

  SubscriptionQueue(
      String channel,
      Executor executor,
      Notifications.NotificationListener listener,
      Consumer<SubscriptionQueue> end) {
    this.channel = channel;
    this.executor = executor;
    this.listener = listener;
    this.end = end;
  }

  String channel() {
    return channel;
  }

  void offer(String payload) {
    boolean fits;
    synchronized (this) {
      fits = waiting.size() < Notifications.WAITING;
      if (fits) {
        waiting.add(payload);
      }
    }
    if (fits) {
      run();
    } else {
      lookAgain();
    }
  }

  /** Two in a row are one. */
  @SuppressWarnings("ReferenceEquality")
  void lookAgain() {
    synchronized (this) {
      if (waiting.peekLast() != GAP) {
        waiting.add(GAP);
      }
    }
    run();
  }

  /** Nothing more is delivered, except a call of the listener that is under way. */
  @Override
  public void close() {
    end.accept(this);
    synchronized (this) {
      ended = true;
      waiting.clear();
    }
  }

  private void run() {
    synchronized (this) {
      if (running || ended) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::giveAll);
    } catch (RejectedExecutionException atTheEnd) {
      close();
    }
  }

  private void giveAll() {
    for (String next = next(); next != null; next = next()) {
      give(next);
    }
  }

  private synchronized @Nullable String next() {
    String next = waiting.poll();
    running = next != null;
    return next;
  }

  @SuppressWarnings("ReferenceEquality")
  private void give(String next) {
    try {
      if (next == GAP) {
        listener.lookAgain();
      } else {
        listener.received(next);
      }
    } catch (RuntimeException defect) {
      // Without this the thread that hears for all would end, or those that wait would stay.
      log.error("a notification on {} was not handled", channel, defect);
    }
  }
}
