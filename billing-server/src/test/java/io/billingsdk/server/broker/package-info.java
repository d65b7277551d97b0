/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.server.broker;

import org.jspecify.annotations.NullMarked;
