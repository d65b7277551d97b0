/**
 * For the billing server's plans, subscriptions and invoices, for the command line's tests of
 * plans, and for tests: prices times quantities make amounts. An application that meters usage does
 * not need it.
 *
 * <p>Everything here is a pure function of immutable values: no I/O, no clock, no default time zone
 * or locale, no randomness. The same input gives the same output on every machine, so an invoice
 * can be made again bit by bit.
 *
 * <ul>
 *   <li>Numbers: {@link Fraction} is exact, {@link Money} is a whole number of minor units, {@link
 *       Quantity} is what was used, {@link Split} divides without a remainder. There is no {@code
 *       float} and no {@code double}; a test reads the class files.
 *   <li>Prices: a {@link Charge} has a {@link PriceModel}, and rates {@link Usage} as a {@link
 *       RatedLine}, whose {@link Step}s explain it and add up to it.
 *   <li>Time: a {@link BillingCalendar} makes {@link BillingPeriod}s, a {@link ProrationRule} their
 *       shares.
 *   <li>Invoices: {@link InvoiceTotals}, {@link Discount}, {@link Allowance}, {@link Coupon},
 *       {@link Commitment}, {@link UnusedCredit}, {@link CreditBurn}, {@link CreditableInvoice}.
 * </ul>
 *
 * <p>A value out of bounds is refused where it enters, with a {@link RatingInputException} that
 * names the field.
 */
@NullMarked
package io.billingsdk.rating;

import org.jspecify.annotations.NullMarked;
