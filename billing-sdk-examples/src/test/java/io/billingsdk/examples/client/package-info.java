/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.examples.client;

import org.jspecify.annotations.NullMarked;
