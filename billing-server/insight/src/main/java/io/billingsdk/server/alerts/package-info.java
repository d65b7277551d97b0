/**
 * Alerts about costs: rules and budgets, what was said of them, and advice that is sent. Outside it
 * {@link io.billingsdk.server.alerts.AlertsFeature} alone is visible.
 *
 * <p>The package owns {@code alert_rule}, {@code alert}, {@code alert_touched} and {@code
 * advice_said}. What changes a cost notes whose sums it touches, in its transaction; a job judges
 * those. It stores what it says together with the event in the outbox that says it.
 */
@NullMarked
package io.billingsdk.server.alerts;

import org.jspecify.annotations.NullMarked;
