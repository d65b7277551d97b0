/**
 * For application engineers: the API of billing-sdk.
 *
 * <p>Start with {@link io.billingsdk.Billing}. Everything in this package is public API; everything
 * under {@code io.billingsdk.internal} may change at any time.
 */
@NullMarked
package io.billingsdk;

import org.jspecify.annotations.NullMarked;
