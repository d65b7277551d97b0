package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.RetryPlan;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one subscriber, one event after the other, on a thread of its own, so that a slow one
 * holds up no other. {@link #wake()} from any thread.
 */
final class DeliveryLane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutboxDelivery.class);

  private static final long PAUSE_MILLIS = 500;
  private static final long STOP_MILLIS = 2_000;
  private static final long KNOWN_NANOS = TimeUnit.HOURS.toNanos(1);

  private final OutboxSubscriber subscriber;
  private final SubscriberRows subscribers;
  private final DeliveryRows rows;
  private final Runnable beforeNote;
  private final Retries retries = new Retries();
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  // Confined to the thread.
  private boolean isKnown;
  private long knownNanos;
  private boolean told;

  /**
   * A lane to be started.
   *
   * @param beforeNote called between a delivery and its note; tests fail there
   */
  DeliveryLane(Database database, OutboxSubscriber subscriber, Runnable beforeNote) {
    this.subscriber = subscriber;
    this.subscribers = new SubscriberRows(database);
    this.rows = new DeliveryRows(database, subscriber.name());
    this.beforeNote = beforeNote;
    this.thread = new Thread(this::run, "billing-outbox-" + subscriber.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void wake() {
    wakes.release();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (RuntimeException away) {
        tellOnce(away);
        pause();
      } catch (InterruptedException atTheEnd) {
        return;
      }
    }
  }

  private void step() throws InterruptedException {
    if (!isKnown || System.nanoTime() - knownNanos >= KNOWN_NANOS) {
      subscribers.know(subscriber);
      isKnown = true;
      knownNanos = System.nanoTime();
    }
    Optional<DeliveredEvent> next = rows.take(subscriber.retries().timeout());
    told = false;
    if (next.isPresent()) {
      deliver(next.get());
    } else if (wakes.tryAcquire(retries.nanosToNext(), TimeUnit.NANOSECONDS)) {
      // One look finds what all of them were about.
      wakes.drainPermits();
    }
  }

  private void deliver(DeliveredEvent event) throws InterruptedException {
    // Without this an event that kills its server would do so for ever.
    if (event.turn() > subscriber.retries().attempts()) {
      park(event, "the server ended at its last attempt");
      return;
    }
    try {
      subscriber.receive(event);
    } catch (InterruptedException stopping) {
      rows.givenBack(event);
      throw stopping;
    } catch (Exception | LinkageError | StackOverflowError failed) {
      fail(event, failed.getClass().getSimpleName() + ": " + failed.getMessage());
      return;
    }
    beforeNote.run();
    rows.delivered(event);
  }

  private void fail(DeliveredEvent event, String problem) {
    RetryPlan plan = subscriber.retries();
    if (event.turn() >= plan.attempts()) {
      park(event, problem);
      return;
    }
    if (event.turn() == 1) {
      log.warn(
          "{} could not handle {} of {}, and will receive it again: {}",
          subscriber.name(),
          event.event().kind(),
          event.event().subject(),
          problem);
    }
    rows.again(event, problem, plan.after(event.turn()));
    retries.add(plan.after(event.turn()));
  }

  private void park(DeliveredEvent event, String problem) {
    if (rows.parked(event, problem)) {
      log.error(
          "{} no longer receives {} of {} (event {}): it failed {} times, the last time with {}",
          subscriber.name(),
          event.event().kind(),
          event.event().subject(),
          event.event().id(),
          event.turn(),
          problem);
    }
  }

  private void tellOnce(Exception away) {
    if (!told && !closed) {
      told = true;
      log.warn("events for {} cannot be read: {}", subscriber.name(), away.getMessage());
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
