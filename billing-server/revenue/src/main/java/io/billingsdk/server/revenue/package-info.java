/**
 * Revenue: sums of invoices by month, how recurring revenue moved, the figures of the business with
 * their targets, and the charges of invoices in the form of FOCUS. Used over HTTP alone. It owns
 * {@code uptime_hour} and {@code business_figure}.
 */
@NullMarked
package io.billingsdk.server.revenue;

import org.jspecify.annotations.NullMarked;
