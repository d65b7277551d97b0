package io.billingsdk.server.outbox;

import java.time.Instant;

/**
 * An event as a subscriber is given it.
 *
 * @param event what happened
 * @param position rises from event to event of a subject
 * @param createdAt when its transaction began, by the database's clock
 * @param attempt 1 for the first time
 */
public record DeliveredEvent(DomainEvent event, long position, Instant createdAt, int attempt) {}
