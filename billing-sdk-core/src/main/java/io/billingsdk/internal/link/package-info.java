/**
 * For the authors of billing-sdk: the one connection to the broker; the only package that imports
 * the MQTT library.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.link;

import org.jspecify.annotations.NullMarked;
