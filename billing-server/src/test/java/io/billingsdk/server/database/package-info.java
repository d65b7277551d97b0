/** For developers of billing-sdk: tests of this package. */
@NullMarked
package io.billingsdk.server.database;

import org.jspecify.annotations.NullMarked;
