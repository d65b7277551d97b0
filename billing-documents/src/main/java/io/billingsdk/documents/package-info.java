/**
 * Makes the documents of an issued invoice or credit note: UBL 2.1 and CII by EN 16931, and PDF/A-3
 * with the CII inside. For the billing server, which stores the bytes, and for tests.
 *
 * <p>Everything here is a pure function of the canonical JSON of an invoice and of a folder of
 * fonts: no clock, no default time zone or locale, no randomness. The same input gives the same
 * bytes.
 *
 * <ul>
 *   <li>{@link InvoiceReader} reads the canonical JSON as an {@link InvoiceDocument}.
 *   <li>{@link NoticeReader} reads the JSON of a reminder or receipt as a {@link NoticeDocument}.
 *   <li>{@link ElectronicInvoice} writes UBL and CII.
 * </ul>
 *
 * <p>A document that cannot be made is refused with a {@link DocumentException} that names the
 * field.
 */
@NullMarked
package io.billingsdk.documents;

import org.jspecify.annotations.NullMarked;
