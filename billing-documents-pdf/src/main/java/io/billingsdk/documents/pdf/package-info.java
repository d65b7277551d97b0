/**
 * Prints the documents of invoices as PDF/A-3b. For the billing server, which stores the bytes.
 *
 * <p>A {@link PdfPrinter} lays out a page of HTML with the fonts of a {@link FontShelf} and the
 * {@link PaperTemplate} of a seller. The same document, fonts and template give the same bytes, on
 * each machine and at each time. The XML of the invoice is inside, as Factur-X.
 *
 * <p>The layout is by a library under the LGPL. So this module stays a jar of its own.
 */
@NullMarked
package io.billingsdk.documents.pdf;

import org.jspecify.annotations.NullMarked;
