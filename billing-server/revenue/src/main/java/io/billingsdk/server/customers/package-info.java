/**
 * Customers: who sells, who pays, in which currency and zone, and for which apps. For other
 * features.
 *
 * <p>The package owns the tables {@code seller}, {@code customer}, {@code customer_app} and {@code
 * customer_clock}.
 */
@NullMarked
package io.billingsdk.server.customers;

import org.jspecify.annotations.NullMarked;
