/**
 * For the authors of billing-sdk: clock and scheduler, so that tests own the time.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.time;

import org.jspecify.annotations.NullMarked;
