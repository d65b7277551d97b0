/**
 * Taxes of invoices: the dated table of rates, the registrations of sellers, the tax data of
 * customers, the decision that follows from them, exchange rates and returns. For {@code invoices},
 * which asks it, and for operators.
 *
 * <p>The package owns the tables {@code tax_table}, {@code tax_rate}, {@code seller_registration},
 * {@code customer_tax}, {@code tax_id_check} and {@code exchange_rate}.
 */
@NullMarked
package io.billingsdk.server.tax;

import org.jspecify.annotations.NullMarked;
