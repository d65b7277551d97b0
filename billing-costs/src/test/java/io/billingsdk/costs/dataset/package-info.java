/** The public data set of prices, as an oracle. */
@NullMarked
package io.billingsdk.costs.dataset;

import org.jspecify.annotations.NullMarked;
