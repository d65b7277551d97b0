package io.billingsdk.server.costs;

import org.jspecify.annotations.Nullable;

/**
 * A cost that is new, or that another revision takes the place of. Immutable.
 *
 * @param before null of a cost that is new
 * @param after the cost from now on
 */
public record CostChange(@Nullable CostRow before, CostRow after) {}
