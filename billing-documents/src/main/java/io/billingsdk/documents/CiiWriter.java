package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.Days;
import io.billingsdk.documents.InvoiceDocument.DocumentAllowance;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import io.billingsdk.documents.InvoiceDocument.Preceding;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a document as Cross Industry Invoice. The order of the elements is that of its schema. */
final class CiiWriter {
  private static final String BASE = "urn:un:unece:uncefact:data:standard:";

  /** The unit "one", of UN/ECE recommendation 20. */
  private static final String ONE = "C62";

  private final XmlWriter xml = new XmlWriter();
  private final InvoiceDocument document;

  private CiiWriter(InvoiceDocument document) {
    this.document = document;
  }

  static byte[] write(InvoiceDocument document) {
    Map<String, String> namespaces = new LinkedHashMap<>();
    namespaces.put("rsm", BASE + "CrossIndustryInvoice:100");
    namespaces.put("ram", BASE + "ReusableAggregateBusinessInformationEntity:100");
    namespaces.put("qdt", BASE + "QualifiedDataType:100");
    namespaces.put("udt", BASE + "UnqualifiedDataType:100");
    CiiWriter writer = new CiiWriter(document);
    return writer.xml.document("rsm:CrossIndustryInvoice", namespaces, writer::content);
  }

  private void content() {
    xml.element(
        "rsm:ExchangedDocumentContext",
        () ->
            xml.element(
                "ram:GuidelineSpecifiedDocumentContextParameter",
                () -> xml.text("ram:ID", ElectronicInvoice.PROFILE)));
    xml.element("rsm:ExchangedDocument", this::head);
    xml.element("rsm:SupplyChainTradeTransaction", this::transaction);
  }

  private void head() {
    xml.text("ram:ID", document.number());
    xml.text("ram:TypeCode", document.kind().code());
    date("ram:IssueDateTime", document.issued());
    AccountingTax accounting = document.accounting();
    String note = accounting == null ? null : Notes.exchange(document.currency(), accounting);
    if (note != null) {
      xml.element("ram:IncludedNote", () -> xml.text("ram:Content", note));
    }
  }

  private void transaction() {
    for (int i = 0; i < document.lines().size(); i++) {
      line(i + 1, document.lines().get(i));
    }
    xml.element(
        "ram:ApplicableHeaderTradeAgreement",
        () -> {
          xml.text("ram:BuyerReference", document.customer().id());
          party("ram:SellerTradeParty", document.seller());
          party("ram:BuyerTradeParty", document.customer());
        });
    xml.element("ram:ApplicableHeaderTradeDelivery", this::delivery);
    xml.element("ram:ApplicableHeaderTradeSettlement", this::settlement);
  }

  private void line(int number, DocumentLine line) {
    xml.element(
        "ram:IncludedSupplyChainTradeLineItem",
        () -> {
          xml.element(
              "ram:AssociatedDocumentLineDocument",
              () -> xml.text("ram:LineID", Integer.toString(number)));
          xml.element(
              "ram:SpecifiedTradeProduct",
              () -> {
                xml.text("ram:Name", line.name());
                xml.text("ram:Description", Notes.used(line));
              });
          xml.element(
              "ram:SpecifiedLineTradeAgreement",
              () ->
                  xml.element(
                      "ram:NetPriceProductTradePrice",
                      () -> xml.decimal("ram:ChargeAmount", line.price())));
          xml.element(
              "ram:SpecifiedLineTradeDelivery",
              () -> xml.decimal("ram:BilledQuantity", line.quantity(), "unitCode", ONE));
          xml.element("ram:SpecifiedLineTradeSettlement", () -> lineSettlement(line));
        });
  }

  private void lineSettlement(DocumentLine line) {
    xml.element("ram:ApplicableTradeTax", () -> rate(line.tax()));
    period(line.days());
    xml.element(
        "ram:SpecifiedTradeSettlementLineMonetarySummation",
        () -> xml.decimal("ram:LineTotalAmount", line.net()));
  }

  private void rate(DocumentTaxRate rate) {
    xml.text("ram:TypeCode", "VAT");
    xml.text("ram:CategoryCode", rate.category().name());
    percent(rate);
  }

  private void percent(DocumentTaxRate rate) {
    if (rate.category() != TaxCategory.O) {
      xml.decimal("ram:RateApplicablePercent", rate.percent());
    }
  }

  private void party(String element, DocumentParty party) {
    xml.element(
        element,
        () -> {
          xml.text("ram:ID", party.id());
          xml.text("ram:Name", party.name());
          VatIds.registration(party)
              .ifPresent(
                  id ->
                      xml.element("ram:SpecifiedLegalOrganization", () -> xml.text("ram:ID", id)));
          address(party);
          if (!Notes.isOutsideTax(document)) {
            VatIds.of(party)
                .ifPresent(
                    id ->
                        xml.element(
                            "ram:SpecifiedTaxRegistration",
                            () -> xml.text("ram:ID", id, "schemeID", "VA")));
          }
        });
  }

  private void address(DocumentParty party) {
    List<String> lines = Notes.threeLines(party);
    xml.element(
        "ram:PostalTradeAddress",
        () -> {
          xml.text("ram:PostcodeCode", party.postalCode());
          xml.text("ram:LineOne", lines.get(0));
          xml.text("ram:LineTwo", lines.get(1));
          xml.text("ram:LineThree", lines.get(2));
          xml.text("ram:CityName", party.city());
          xml.text("ram:CountryID", party.country());
          xml.text("ram:CountrySubDivisionName", party.region());
        });
  }

  /** A supply to another country of the EU must name the country of delivery. */
  private void delivery() {
    if (Notes.hasCategory(document, TaxCategory.K)) {
      xml.element(
          "ram:ShipToTradeParty",
          () ->
              xml.element(
                  "ram:PostalTradeAddress",
                  () -> xml.text("ram:CountryID", document.customer().country())));
    }
  }

  private void settlement() {
    AccountingTax accounting = document.accounting();
    if (accounting != null) {
      xml.text("ram:TaxCurrencyCode", accounting.currency());
    }
    xml.text("ram:InvoiceCurrencyCode", document.currency());
    document.taxes().forEach(this::tax);
    if (document.period() != null) {
      period(document.period());
    }
    document.allowances().forEach(this::allowance);
    xml.element("ram:SpecifiedTradePaymentTerms", this::terms);
    xml.element("ram:SpecifiedTradeSettlementHeaderMonetarySummation", this::totals);
    if (document.corrects() != null) {
      preceding(document.corrects());
    }
  }

  private void tax(DocumentTax tax) {
    boolean hasReason = tax.rate().category().hasReason();
    xml.element(
        "ram:ApplicableTradeTax",
        () -> {
          xml.decimal("ram:CalculatedAmount", tax.tax());
          xml.text("ram:TypeCode", "VAT");
          xml.text("ram:ExemptionReason", hasReason ? tax.rate().reason() : null);
          xml.decimal("ram:BasisAmount", tax.base());
          xml.text("ram:CategoryCode", tax.rate().category().name());
          xml.text("ram:ExemptionReasonCode", hasReason ? tax.rate().reasonCode() : null);
          percent(tax.rate());
        });
  }

  private void allowance(DocumentAllowance allowance) {
    xml.element(
        "ram:SpecifiedTradeAllowanceCharge",
        () -> {
          xml.element("ram:ChargeIndicator", () -> xml.text("udt:Indicator", "false"));
          xml.decimal("ram:ActualAmount", allowance.amount());
          xml.text("ram:Reason", allowance.reason());
          xml.element("ram:CategoryTradeTax", () -> rate(allowance.tax()));
        });
  }

  private void terms() {
    xml.text("ram:Description", Notes.paymentTerms(document));
    if (document.due() != null) {
      date("ram:DueDateDateTime", document.due());
    }
  }

  private void totals() {
    DocumentTotals totals = document.totals();
    xml.decimal("ram:LineTotalAmount", totals.net());
    if (totals.discount().signum() != 0) {
      xml.decimal("ram:AllowanceTotalAmount", totals.discount());
    }
    xml.decimal("ram:TaxBasisTotalAmount", totals.taxable());
    xml.decimal("ram:TaxTotalAmount", totals.tax(), "currencyID", document.currency());
    AccountingTax accounting = document.accounting();
    if (accounting != null) {
      xml.decimal("ram:TaxTotalAmount", accounting.tax(), "currencyID", accounting.currency());
    }
    xml.decimal("ram:GrandTotalAmount", totals.total());
    if (totals.prepaid().signum() != 0) {
      xml.decimal("ram:TotalPrepaidAmount", totals.prepaid());
    }
    xml.decimal("ram:DuePayableAmount", totals.due());
  }

  private void preceding(Preceding preceding) {
    xml.element(
        "ram:InvoiceReferencedDocument",
        () -> {
          xml.text("ram:IssuerAssignedID", preceding.number());
          xml.element(
              "ram:FormattedIssueDateTime",
              () -> xml.text("qdt:DateTimeString", basic(preceding.issued()), "format", "102"));
        });
  }

  private void period(Days days) {
    xml.element(
        "ram:BillingSpecifiedPeriod",
        () -> {
          date("ram:StartDateTime", days.from());
          date("ram:EndDateTime", days.to());
        });
  }

  private void date(String element, LocalDate date) {
    xml.element(element, () -> xml.text("udt:DateTimeString", basic(date), "format", "102"));
  }

  private static String basic(LocalDate date) {
    return date.format(DateTimeFormatter.BASIC_ISO_DATE);
  }
}
