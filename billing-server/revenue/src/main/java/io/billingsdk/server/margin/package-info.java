/**
 * Margin: what invoices bring less what the usage behind them costs, by customer, model and line.
 * Costs come through {@link io.billingsdk.server.margin.CostSource}. It owns no table: it reads
 * through the doors of others.
 */
@NullMarked
package io.billingsdk.server.margin;

import org.jspecify.annotations.NullMarked;
