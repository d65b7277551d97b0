/**
 * The documents of invoices: PDF, UBL and CII, made after issue, stored, and never changed; and the
 * PDF of reminders and receipts. For operators, and for customers, who see their own.
 *
 * <p>The package owns the tables {@code invoice_document}, {@code notice_document}, and the same
 * with {@code _wanted}.
 */
@NullMarked
package io.billingsdk.server.documents;

import org.jspecify.annotations.NullMarked;
