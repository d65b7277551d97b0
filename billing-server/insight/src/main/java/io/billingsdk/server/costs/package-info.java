/** Costs: what each event cost us, from prices that are dated, and how it can be explained. */
@NullMarked
package io.billingsdk.server.costs;

import org.jspecify.annotations.NullMarked;
