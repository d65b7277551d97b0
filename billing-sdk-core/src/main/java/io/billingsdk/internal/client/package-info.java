/**
 * For the authors of billing-sdk: wires the parts of a client together and holds its lifecycle.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.client;

import org.jspecify.annotations.NullMarked;
