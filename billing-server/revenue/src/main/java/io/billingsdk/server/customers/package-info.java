/**
 * Customers: who sells, who pays, in which currency and zone, and for which apps. For other
 * features.
 *
 * <p>The package owns the tables {@code seller}, {@code customer}, {@code customer_app}, {@code
 * customer_clock} and {@code customer_zone}.
 */
@NullMarked
package io.billingsdk.server.customers;

import org.jspecify.annotations.NullMarked;
