/**
 * Costs: what each event cost us, by which price, and why. Outside it are visible {@link
 * io.billingsdk.server.costs.CostsFeature}, the service {@link io.billingsdk.server.costs.Costs},
 * and {@link io.billingsdk.server.costs.CostListener} with its records.
 *
 * <p>The package owns {@code cost_queue}, {@code cost}, {@code cost_revision}, {@code cost_change}
 * and {@code price_catalogue}. The intake writes {@code cost_queue} alone; one thread of all
 * servers makes costs of it. So no price slows the intake, and who listens to costs has one writer.
 */
@NullMarked
package io.billingsdk.server.costs;

import org.jspecify.annotations.NullMarked;
