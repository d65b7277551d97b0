package io.billingsdk.server.subscriptions;

import java.time.Instant;
import java.util.List;

/**
 * What happened to a subscription, as its history keeps it. Immutable.
 *
 * @param number from 1, without gaps, in the order in which it happened
 * @param at the moment, by the clock of the customer
 * @param act what it was, as {@code upgrade}
 * @param state the state afterwards
 * @param lines the amounts that it brought
 * @param actor who did it; {@code time} if nobody did
 * @param recordedAt when it was written down, by the clock of the database
 */
public record SubscriptionEvent(
    long number,
    Instant at,
    String act,
    SubscriptionState state,
    List<SubscriptionLine> lines,
    String actor,
    Instant recordedAt) {
  /** Copies the lines. */
  public SubscriptionEvent {
    lines = List.copyOf(lines);
  }
}
