/**
 * For the authors of billing-sdk: carries events from the journal to the broker.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.delivery;

import org.jspecify.annotations.NullMarked;
