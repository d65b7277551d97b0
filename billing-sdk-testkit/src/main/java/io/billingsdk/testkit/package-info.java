/**
 * For engineers who test services that embed billing-sdk: a billing client without a network, a
 * gRPC server in the process, and a billing server on this machine.
 *
 * <p>Start with {@link io.billingsdk.testkit.BillingTest} and {@link
 * io.billingsdk.testkit.TestBilling}.
 */
@NullMarked
package io.billingsdk.testkit;

import org.jspecify.annotations.NullMarked;
