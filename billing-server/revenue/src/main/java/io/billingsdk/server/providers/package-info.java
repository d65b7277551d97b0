/**
 * Payment providers: charges of invoices, refunds, saved payment methods, top-ups, and what
 * providers say by webhooks. Card data never comes here.
 *
 * <p>The package owns the tables {@code provider_customer}, {@code saved_method}, {@code charge},
 * {@code charge_refund}, {@code provider_event}, {@code provider_page} and {@code sandbox_object}.
 */
@NullMarked
package io.billingsdk.server.providers;

import org.jspecify.annotations.NullMarked;
