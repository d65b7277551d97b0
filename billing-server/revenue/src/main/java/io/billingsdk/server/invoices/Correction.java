package io.billingsdk.server.invoices;

import io.billingsdk.server.invoices.Bill.CorrectionOrder;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Books.Original;
import java.util.List;

/**
 * What a credit note of an operator, or a void document, is made of: it can be made again without
 * the document. Immutable.
 *
 * @param original the invoice as it was before
 * @param lines each refers to its line of the invoice
 */
record Correction(CorrectionOrder order, Original original, List<Line> lines) {
  /** Copies the list. */
  Correction {
    lines = List.copyOf(lines);
  }

  Paper paper() {
    return BillMaker.creditNote(original, lines, order);
  }
}
