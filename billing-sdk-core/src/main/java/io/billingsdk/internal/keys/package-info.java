/**
 * For the authors of billing-sdk: the table of API keys.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.keys;

import org.jspecify.annotations.NullMarked;
