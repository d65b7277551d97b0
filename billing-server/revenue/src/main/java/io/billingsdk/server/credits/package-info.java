/**
 * Coupons that lower invoices, and credit that lowers or pays them, each with a ledger of what it
 * was used for. For operators, for customers, who see their own, and for invoices.
 *
 * <p>The package owns the tables {@code coupon}, {@code coupon_gift}, {@code coupon_use}, {@code
 * credit_grant} and {@code credit_movement}.
 */
@NullMarked
package io.billingsdk.server.credits;

import org.jspecify.annotations.NullMarked;
