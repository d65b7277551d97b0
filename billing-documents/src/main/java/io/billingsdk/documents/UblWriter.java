package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.Days;
import io.billingsdk.documents.InvoiceDocument.DocumentAllowance;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import io.billingsdk.documents.InvoiceDocument.PaperKind;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a document as UBL 2.1. The order of the elements is that of its schema. */
final class UblWriter {
  private static final String BASE = "urn:oasis:names:specification:ubl:schema:xsd:";

  /** The unit "one", of UN/ECE recommendation 20. */
  private static final String ONE = "C62";

  private final XmlWriter xml = new XmlWriter();
  private final InvoiceDocument document;
  private final String name;

  private UblWriter(InvoiceDocument document) {
    this.document = document;
    this.name = document.kind() == PaperKind.INVOICE ? "Invoice" : "CreditNote";
  }

  static byte[] write(InvoiceDocument document) {
    return new UblWriter(document).write();
  }

  private byte[] write() {
    Map<String, String> namespaces = new LinkedHashMap<>();
    namespaces.put("", BASE + name + "-2");
    namespaces.put("cac", BASE + "CommonAggregateComponents-2");
    namespaces.put("cbc", BASE + "CommonBasicComponents-2");
    return xml.document(name, namespaces, this::content);
  }

  private void content() {
    head();
    party("cac:AccountingSupplierParty", document.seller());
    party("cac:AccountingCustomerParty", document.customer());
    delivery();
    payment();
    document.allowances().forEach(this::allowance);
    taxTotal();
    totals();
    for (int i = 0; i < document.lines().size(); i++) {
      line(i + 1, document.lines().get(i));
    }
  }

  private void head() {
    boolean isInvoice = document.kind() == PaperKind.INVOICE;
    xml.text("cbc:CustomizationID", ElectronicInvoice.PROFILE);
    xml.text("cbc:ID", document.number());
    xml.text("cbc:IssueDate", document.issued().toString());
    if (isInvoice && document.due() != null) {
      xml.text("cbc:DueDate", document.due().toString());
    }
    xml.text("cbc:" + name + "TypeCode", document.kind().code());
    AccountingTax accounting = document.accounting();
    if (accounting != null) {
      xml.text("cbc:Note", Notes.exchange(document.currency(), accounting));
    }
    xml.text("cbc:DocumentCurrencyCode", document.currency());
    if (accounting != null) {
      xml.text("cbc:TaxCurrencyCode", accounting.currency());
    }
    xml.text("cbc:BuyerReference", document.customer().id());
    if (document.period() != null) {
      period(document.period());
    }
    if (document.corrects() != null) {
      String number = document.corrects().number();
      String issued = document.corrects().issued().toString();
      xml.element(
          "cac:BillingReference",
          () ->
              xml.element(
                  "cac:InvoiceDocumentReference",
                  () -> {
                    xml.text("cbc:ID", number);
                    xml.text("cbc:IssueDate", issued);
                  }));
    }
  }

  private void period(Days days) {
    xml.element(
        "cac:InvoicePeriod",
        () -> {
          xml.text("cbc:StartDate", days.from().toString());
          xml.text("cbc:EndDate", days.to().toString());
        });
  }

  private void party(String element, DocumentParty party) {
    xml.element(
        element,
        () ->
            xml.element(
                "cac:Party",
                () -> {
                  xml.element("cac:PartyIdentification", () -> xml.text("cbc:ID", party.id()));
                  address(party);
                  if (!Notes.isOutsideTax(document)) {
                    VatIds.of(party).ifPresent(this::vatId);
                  }
                  xml.element(
                      "cac:PartyLegalEntity",
                      () -> {
                        xml.text("cbc:RegistrationName", party.name());
                        VatIds.registration(party).ifPresent(id -> xml.text("cbc:CompanyID", id));
                      });
                }));
  }

  private void vatId(String id) {
    xml.element(
        "cac:PartyTaxScheme",
        () -> {
          xml.text("cbc:CompanyID", id);
          taxScheme();
        });
  }

  private void address(DocumentParty party) {
    List<String> lines = Notes.threeLines(party);
    xml.element(
        "cac:PostalAddress",
        () -> {
          xml.text("cbc:StreetName", lines.get(0));
          xml.text("cbc:AdditionalStreetName", lines.get(1));
          xml.text("cbc:CityName", party.city());
          xml.text("cbc:PostalZone", party.postalCode());
          xml.text("cbc:CountrySubentity", party.region());
          if (lines.get(2) != null) {
            xml.element("cac:AddressLine", () -> xml.text("cbc:Line", lines.get(2)));
          }
          country(party);
        });
  }

  private void country(DocumentParty party) {
    xml.element("cac:Country", () -> xml.text("cbc:IdentificationCode", party.country()));
  }

  /** A supply to another country of the EU must name the country of delivery. */
  private void delivery() {
    if (Notes.hasCategory(document, TaxCategory.K)) {
      xml.element(
          "cac:Delivery",
          () ->
              xml.element(
                  "cac:DeliveryLocation",
                  () -> xml.element("cac:Address", () -> country(document.customer()))));
    }
  }

  private void payment() {
    xml.element("cac:PaymentTerms", () -> xml.text("cbc:Note", Notes.paymentTerms(document)));
  }

  private void allowance(DocumentAllowance allowance) {
    xml.element(
        "cac:AllowanceCharge",
        () -> {
          xml.text("cbc:ChargeIndicator", "false");
          xml.text("cbc:AllowanceChargeReason", allowance.reason());
          amount("cbc:Amount", allowance.amount());
          tax("cac:TaxCategory", allowance.tax(), /* isGroup= */ false);
        });
  }

  private void taxTotal() {
    xml.element(
        "cac:TaxTotal",
        () -> {
          amount("cbc:TaxAmount", document.totals().tax());
          document.taxes().forEach(this::taxSubtotal);
        });
    AccountingTax accounting = document.accounting();
    if (accounting != null) {
      xml.element(
          "cac:TaxTotal",
          () ->
              xml.decimal("cbc:TaxAmount", accounting.tax(), "currencyID", accounting.currency()));
    }
  }

  private void taxSubtotal(DocumentTax tax) {
    xml.element(
        "cac:TaxSubtotal",
        () -> {
          amount("cbc:TaxableAmount", tax.base());
          amount("cbc:TaxAmount", tax.tax());
          tax("cac:TaxCategory", tax.rate(), /* isGroup= */ true);
        });
  }

  private void tax(String element, DocumentTaxRate rate, boolean isGroup) {
    xml.element(
        element,
        () -> {
          xml.text("cbc:ID", rate.category().name());
          if (rate.category() != TaxCategory.O) {
            xml.decimal("cbc:Percent", rate.percent());
          }
          if (isGroup && rate.category().hasReason()) {
            xml.text("cbc:TaxExemptionReasonCode", rate.reasonCode());
            xml.text("cbc:TaxExemptionReason", rate.reason());
          }
          taxScheme();
        });
  }

  private void taxScheme() {
    xml.element("cac:TaxScheme", () -> xml.text("cbc:ID", "VAT"));
  }

  private void totals() {
    DocumentTotals totals = document.totals();
    xml.element(
        "cac:LegalMonetaryTotal",
        () -> {
          amount("cbc:LineExtensionAmount", totals.net());
          amount("cbc:TaxExclusiveAmount", totals.taxable());
          amount("cbc:TaxInclusiveAmount", totals.total());
          if (totals.discount().signum() != 0) {
            amount("cbc:AllowanceTotalAmount", totals.discount());
          }
          if (totals.prepaid().signum() != 0) {
            amount("cbc:PrepaidAmount", totals.prepaid());
          }
          amount("cbc:PayableAmount", totals.due());
        });
  }

  private void line(int number, DocumentLine line) {
    String quantity = document.kind() == PaperKind.INVOICE ? "Invoiced" : "Credited";
    xml.element(
        "cac:" + name + "Line",
        () -> {
          xml.text("cbc:ID", Integer.toString(number));
          xml.decimal("cbc:" + quantity + "Quantity", line.quantity(), "unitCode", ONE);
          amount("cbc:LineExtensionAmount", line.net());
          period(line.days());
          xml.element(
              "cac:Item",
              () -> {
                xml.text("cbc:Description", Notes.used(line));
                xml.text("cbc:Name", line.name());
                tax("cac:ClassifiedTaxCategory", line.tax(), /* isGroup= */ false);
              });
          xml.element("cac:Price", () -> amount("cbc:PriceAmount", line.price()));
        });
  }

  private void amount(String element, BigDecimal amount) {
    xml.decimal(element, amount, "currencyID", document.currency());
  }
}
