/**
 * What the plan of a customer lets the customer's keys do: it reaches the keys of all apps in the
 * transaction of each change. For other features.
 *
 * <p>The package owns the tables {@code entitlement_table} and {@code customer_block}.
 */
@NullMarked
package io.billingsdk.server.entitlements;

import org.jspecify.annotations.NullMarked;
