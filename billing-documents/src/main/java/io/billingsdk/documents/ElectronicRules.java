package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.DocumentAllowance;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxPart;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.function.Function;

/**
 * What EN 16931 wants of a document and this project cannot add. Without these checks, the receiver
 * of an invoice would find the fault.
 */
final class ElectronicRules {
  private ElectronicRules() {}

  static void check(InvoiceDocument document) {
    currency(document.currency());
    if (document.lines().isEmpty()) {
      throw refused("lines", "is empty", "at least one line");
    }
    country("seller", document.seller());
    country("customer", document.customer());
    document.taxes().forEach(tax -> tax(document, tax));
    sums(document);
  }

  private static void currency(String code) {
    int decimals;
    try {
      decimals = Currency.getInstance(code).getDefaultFractionDigits();
    } catch (IllegalArgumentException unknown) {
      throw refused("currency", "is " + code, "a code of ISO 4217");
    }
    if (decimals > 2) {
      throw new DocumentException(
          "currency is "
              + code
              + " with "
              + decimals
              + " decimals, and EN 16931 allows at most 2: this document exists as JSON and PDF"
              + " only");
    }
  }

  private static void country(String side, DocumentParty party) {
    if (party.country() == null) {
      throw new DocumentException(
          side
              + ".country is missing: set the tax place or the address of "
              + party.id()
              + " for later invoices; this document exists as JSON and PDF only");
    }
  }

  private static void tax(InvoiceDocument document, DocumentTax tax) {
    TaxCategory category = tax.rate().category();
    if (category == TaxCategory.O) {
      if (document.taxes().size() > 1) {
        throw refused("taxes", "has category O beside others", "O alone, or none");
      }
      return;
    }
    if (category != TaxCategory.S && tax.rate().percent().signum() != 0) {
      throw refused("taxes", "has category " + category + " with a rate", "a rate of 0");
    }
    if (VatIds.of(document.seller()).isEmpty()) {
      throw refused("seller.taxIds", "has no VAT id", "one for tax category " + category);
    }
    boolean wantsCustomer = category == TaxCategory.AE || category == TaxCategory.K;
    if (wantsCustomer && VatIds.of(document.customer()).isEmpty()) {
      throw refused("customer.taxIds", "has no VAT id", "one for tax category " + category);
    }
  }

  private static void sums(InvoiceDocument document) {
    DocumentTotals totals = document.totals();
    same("totals.net", totals.net(), sum(document.lines(), DocumentLine::net));
    same(
        "totals.discount",
        totals.discount(),
        sum(document.allowances(), DocumentAllowance::amount));
    same("totals.taxable", totals.taxable(), totals.net().subtract(totals.discount()));
    same("totals.taxable", totals.taxable(), sum(document.taxes(), DocumentTax::base));
    same("totals.tax", totals.tax(), sum(document.taxes(), DocumentTax::tax));
    same("totals.total", totals.total(), totals.taxable().add(totals.tax()));
    same("totals.due", totals.due(), totals.total().subtract(totals.prepaid()));
    for (DocumentTax tax : document.taxes()) {
      same("taxes.base", tax.base(), base(document, tax.rate()));
      if (!tax.parts().isEmpty()) {
        same("taxes.tax", tax.tax(), sum(tax.parts(), DocumentTaxPart::tax));
      }
    }
  }

  private static BigDecimal base(InvoiceDocument document, DocumentTaxRate rate) {
    List<DocumentLine> lines =
        document.lines().stream().filter(line -> line.tax().isSameGroup(rate)).toList();
    List<DocumentAllowance> allowances =
        document.allowances().stream().filter(each -> each.tax().isSameGroup(rate)).toList();
    return sum(lines, DocumentLine::net).subtract(sum(allowances, DocumentAllowance::amount));
  }

  private static <T> BigDecimal sum(List<T> list, Function<T, BigDecimal> amount) {
    return list.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static void same(String field, BigDecimal stored, BigDecimal computed) {
    if (stored.compareTo(computed) != 0) {
      throw refused(field, "is " + stored.toPlainString(), computed.toPlainString());
    }
  }

  private static DocumentException refused(String field, String is, String expected) {
    return new DocumentException(field + " " + is + ", expected " + expected);
  }
}
