package io.billingsdk.server.outbox;

import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Reacts to events, whose kinds it names. From the first start of a server with it on it is given
 * each of them at least once, by one server at a time, those of one subject one after the other in
 * their order.
 *
 * <p>It may be given one again, when a server was killed after it and before it was noted: {@link
 * DomainEvent#id()} shows that. An event that fails is tried again, and holds back the later ones
 * of its subject meanwhile; after its last attempt it is parked, and they go on without it. So one
 * that an operator puts back later comes after them: {@link DeliveredEvent#position()} shows that.
 */
public interface OutboxSubscriber {
  /** Its name in the tables, the metrics and the log: the same for ever. */
  String name();

  /** The kinds that it is given. */
  Set<String> kinds();

  /** How a failure is tried again. */
  default RetryPlan retries() {
    return RetryPlan.USUAL;
  }

  /**
   * Reacts, on a thread that is for this subscriber alone.
   *
   * @throws Exception when it is to be given it again; the message is stored and shown to operators
   */
  void receive(DeliveredEvent event) throws Exception;

  /**
   * An event as a subscriber is given it.
   *
   * @param event what happened
   * @param position rises from event to event of a subject
   * @param createdAt when its transaction began, by the database's clock
   * @param attempt 1 for the first time; no attempt has the number of another one
   * @param spent how many attempts there were until an operator had it retried; 0 without that
   */
  record DeliveredEvent(
      DomainEvent event, long position, Instant createdAt, int attempt, int spent) {
    /** Which attempt it is since the event was added, or since an operator had it retried. */
    public int turn() {
      return attempt - spent;
    }
  }

  /**
   * How often a delivery that fails is tried, and when.
   *
   * @param attempts how often in all, 1 or more; after the last one the event is parked
   * @param first the pause after the first failure; it doubles with each
   * @param longest the longest pause
   * @param timeout how long one attempt takes at most; after it another server may try, so that a
   *     subscriber has to give up before
   */
  record RetryPlan(int attempts, Duration first, Duration longest, Duration timeout) {
    /** 16 attempts in two hours and a half, for subscribers within the server. */
    public static final RetryPlan USUAL =
        new RetryPlan(16, Duration.ofSeconds(1), Duration.ofMinutes(30), Duration.ofMinutes(1));

    private static final int MOST_DOUBLINGS = 30;

    /** Refuses one without an attempt. */
    public RetryPlan {
      if (attempts < 1) {
        throw new IllegalArgumentException("attempts must be 1 or more, but are " + attempts);
      }
    }

    /** The pause after an attempt that failed; the first one has number 1. */
    Duration after(int attempt) {
      Duration pause = first.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
      return pause.compareTo(longest) < 0 ? pause : longest;
    }
  }
}
