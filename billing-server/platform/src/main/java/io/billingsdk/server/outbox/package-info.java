/**
 * Facts that other features react to: written in the transaction that makes them so, delivered
 * afterwards, at least once. For features, which add {@link
 * io.billingsdk.server.outbox.Outbox.DomainEvent}s and subscribe to them. Owns the tables {@code
 * outbox_event}, {@code outbox_delivery} and {@code outbox_subscriber}.
 */
@NullMarked
package io.billingsdk.server.outbox;

import org.jspecify.annotations.NullMarked;
