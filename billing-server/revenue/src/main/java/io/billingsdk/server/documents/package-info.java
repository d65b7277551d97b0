/**
 * The documents of invoices: PDF, UBL and CII, made after issue, stored, and never changed. For
 * operators, and for customers, who see their own.
 *
 * <p>The package owns the tables {@code invoice_document} and {@code invoice_document_wanted}.
 */
@NullMarked
package io.billingsdk.server.documents;

import org.jspecify.annotations.NullMarked;
