/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.examples.gateway;

import org.jspecify.annotations.NullMarked;
