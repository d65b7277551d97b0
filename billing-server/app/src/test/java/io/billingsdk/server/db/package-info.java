/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.server.db;

import org.jspecify.annotations.NullMarked;
