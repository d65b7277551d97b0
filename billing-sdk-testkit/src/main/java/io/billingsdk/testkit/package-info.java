/**
 * For engineers who test services that embed billing-sdk: a billing client without a network, and
 * more of what their tests need.
 *
 * <p>Start with {@link io.billingsdk.testkit.BillingTest} and {@link
 * io.billingsdk.testkit.TestBilling}.
 */
@NullMarked
package io.billingsdk.testkit;

import org.jspecify.annotations.NullMarked;
