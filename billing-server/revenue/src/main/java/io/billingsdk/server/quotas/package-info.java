/** Quotas and rates: how much of a meter a customer or a key may use. For other features. */
@NullMarked
package io.billingsdk.server.quotas;

import org.jspecify.annotations.NullMarked;
