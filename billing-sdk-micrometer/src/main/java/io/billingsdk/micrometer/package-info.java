/**
 * For engineers of services that measure with Micrometer: the billing client and the key checks as
 * metrics.
 *
 * <p>Start with {@link io.billingsdk.micrometer.BillingMetrics}. No metric has a tag with the key,
 * the app or the method of a call, so their number is bounded.
 */
@NullMarked
package io.billingsdk.micrometer;

import org.jspecify.annotations.NullMarked;
