/** Customers: who pays, in which currency and zone, and for which apps. For other features. */
@NullMarked
package io.billingsdk.server.customers;

import org.jspecify.annotations.NullMarked;
