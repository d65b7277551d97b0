package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.PaperKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What both syntaxes say in words, or derive in the same way. */
final class Notes {
  private Notes() {}

  static boolean hasCategory(InvoiceDocument document, TaxCategory category) {
    return document.taxes().stream().anyMatch(tax -> tax.rate().category() == category);
  }

  /** Then EN 16931 allows no VAT id in the document (BR-O-02). */
  static boolean isOutsideTax(InvoiceDocument document) {
    return hasCategory(document, TaxCategory.O);
  }

  static String paymentTerms(InvoiceDocument document) {
    if (document.kind() == PaperKind.CREDIT_NOTE) {
      return "The amount is given back";
    }
    return document.due() == null ? "Due on receipt" : "Due on " + document.due();
  }

  /** Where the rate of the accounting currency comes from; the schemas have no field for it. */
  static @Nullable String exchange(String currency, AccountingTax accounting) {
    if (accounting.rate() == null) {
      return null;
    }
    String base = accounting.base() == null ? currency : accounting.base();
    String quote = accounting.quote() == null ? accounting.currency() : accounting.quote();
    StringBuilder note = new StringBuilder("Exchange rate: 1 ").append(base).append(" = ");
    note.append(accounting.rate().toPlainString()).append(' ').append(quote);
    if (accounting.source() != null) {
      note.append(", ").append(accounting.source());
    }
    if (accounting.date() != null) {
      note.append(", ").append(accounting.date());
    }
    return note.toString();
  }

  static @Nullable String used(DocumentLine line) {
    return line.used() == null ? null : "Quantity: " + line.used();
  }

  /** EN 16931 has three lines for the street; a fourth goes onto the third. Null for none. */
  static List<@Nullable String> threeLines(DocumentParty party) {
    List<@Nullable String> lines = new ArrayList<>(party.lines());
    while (lines.size() < 3) {
      lines.add(null);
    }
    String third = lines.size() > 3 ? String.join(", ", lines.subList(2, lines.size())) : null;
    lines.set(2, third == null ? lines.get(2) : third);
    return lines;
  }
}
