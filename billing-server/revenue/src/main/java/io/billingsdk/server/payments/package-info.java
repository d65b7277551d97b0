/**
 * Payments: what customers owe, what they have paid, and the books of it. For other features.
 *
 * <p>The package owns the tables {@code receivable}, {@code payment}, {@code posting}, {@code
 * posting_entry}, {@code bank_account}, {@code bank_statement}, {@code bank_line}, {@code
 * payment_reminder} and {@code provider_booking}.
 */
@NullMarked
package io.billingsdk.server.payments;

import org.jspecify.annotations.NullMarked;
