/** Tests of {@code io.billingsdk.server.customers}. */
@NullMarked
package io.billingsdk.server.customers;

import org.jspecify.annotations.NullMarked;
