/**
 * Invoices and credit notes: drafts, the run that issues them, and the proof that each can be made
 * again from the ledger and its pinned inputs. For operators, and for customers, who see their own.
 *
 * <p>The package owns the tables {@code invoice_span}, {@code invoice_series}, {@code invoice_pin},
 * {@code invoice}, {@code invoice_line}, {@code invoice_tax}, {@code invoice_correction}, {@code
 * invoice_state} and {@code invoice_run}.
 */
@NullMarked
package io.billingsdk.server.invoices;

import org.jspecify.annotations.NullMarked;
