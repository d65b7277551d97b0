/** Payments without a database. */
@NullMarked
package io.billingsdk.server.payments;

import org.jspecify.annotations.NullMarked;
