/**
 * For the billing server: what each call cost. Usage of providers becomes exclusive buckets, prices
 * of a catalogue make costs of them, and functions over costs make advice, alerts and exports. An
 * application that meters usage does not need it.
 *
 * <p>Everything here is a pure function of immutable values: no database, no HTTP, no clock, no
 * default time zone or locale, no randomness. Amounts are exact decimals; there is no {@code float}
 * and no {@code double}.
 *
 * <ul>
 *   <li>Usage: a {@link UsageAdapter} reads {@link CanonicalUsage} in {@link Bucket}s.
 *   <li>Prices: a {@link PriceFile} has {@link PriceRow}s; an {@link ImportPlan} brings them into a
 *       {@link Catalogue}.
 *   <li>Costs: {@link CostRating} makes {@link RatedCost}s, each in a {@link CostState} and with
 *       {@link CostLine}s that add up to it. A {@link ReRating} says what other prices would
 *       change, a {@link BillComparison} how far a provider's bill is from ours.
 *   <li>Questions: {@link TopN}, {@link LocalDays}, {@link DurationSketch}, {@link Percentile}.
 *   <li>Acts: an {@link Advisor} makes {@link Advice}; an {@link AlertState} steps through
 *       observations and says when to alert.
 *   <li>Export: {@link FocusWriter} writes columns of FOCUS 1.2.
 * </ul>
 *
 * <p>A value out of bounds is refused where it enters, with a {@link CostInputException} that names
 * the field.
 */
@NullMarked
package io.billingsdk.costs;

import org.jspecify.annotations.NullMarked;
