/**
 * Notifications out: webhooks and mails about what the outbox says, for customers and for the
 * operator. For nobody above it: a feature that wants something sent adds an event to the outbox.
 *
 * <p>The package owns the tables {@code notice}, {@code webhook_endpoint}, {@code
 * webhook_delivery}, {@code webhook_attempt}, {@code mail_recipient} and {@code mail_delivery}.
 */
@NullMarked
package io.billingsdk.server.notifications;

import org.jspecify.annotations.NullMarked;
