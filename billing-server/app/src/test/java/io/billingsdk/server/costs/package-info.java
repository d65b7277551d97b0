/** Costs and price lists, through the HTTP API of a whole server. */
@NullMarked
package io.billingsdk.server.costs;

import org.jspecify.annotations.NullMarked;
