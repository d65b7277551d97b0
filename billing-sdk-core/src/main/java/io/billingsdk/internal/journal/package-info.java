/**
 * For the authors of billing-sdk: the buffer of accepted events; it imports nothing of its
 * siblings.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.journal;

import org.jspecify.annotations.NullMarked;
