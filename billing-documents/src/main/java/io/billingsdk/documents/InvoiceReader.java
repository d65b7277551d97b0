package io.billingsdk.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.Days;
import io.billingsdk.documents.InvoiceDocument.DocumentAllowance;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxPart;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import io.billingsdk.documents.InvoiceDocument.PaperKind;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import io.billingsdk.documents.InvoiceDocument.Preceding;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the canonical JSON of an issued invoice or credit note. */
public final class InvoiceReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InvoiceReader() {}

  /** Reads it. */
  public static InvoiceDocument read(String canonicalJson) {
    return document(fields(canonicalJson));
  }

  /** Those of a document. */
  static Fields fields(String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      return new Fields("", tree);
    } catch (JsonProcessingException malformed) {
      throw new DocumentException("the document is no JSON", malformed);
    }
  }

  private static InvoiceDocument document(Fields fields) {
    Fields customer = fields.object("customer");
    ZoneId zone = zone(customer);
    List<DocumentTax> taxes = taxes(fields.list("taxes"));
    List<Fields> lineFields = fields.list("lines");
    List<DocumentLine> lines = lineFields.stream().map(each -> line(each, zone, taxes)).toList();
    List<BigDecimal> discounts =
        lineFields.stream().map(each -> each.decimal("discount", BigDecimal.ZERO)).toList();
    return new InvoiceDocument(
        kind(fields),
        fields.text("number"),
        fields.date("issueDate"),
        fields.optionalDate("dueDate"),
        fields.text("currency"),
        customer.text("locale", "en"),
        template(fields),
        TaxedParties.seller(party(fields.object("seller"), "sellerId"), lineFields),
        TaxedParties.customer(party(customer, "customerId"), lineFields),
        fields.has("corrects") ? preceding(fields.object("corrects")) : null,
        lines.stream().map(DocumentLine::days).reduce(Days::with).orElse(null),
        lines,
        allowances(lines, discounts, taxes, reason(fields)),
        taxes,
        totals(fields.object("totals")),
        fields.has("accounting") ? accounting(fields.object("accounting")) : null);
  }

  /** That of the customer comes first. */
  static @Nullable String template(Fields fields) {
    String own = fields.object("customer").optional("template");
    return own == null ? fields.object("seller").optional("template") : own;
  }

  private static PaperKind kind(Fields fields) {
    return switch (fields.text("kind")) {
      case "invoice" -> PaperKind.INVOICE;
      // To the receiver a void document is a credit note of all that is left.
      case "credit_note", "void" -> PaperKind.CREDIT_NOTE;
      default -> throw fields.wrong("kind", "invoice, credit_note or void");
    };
  }

  private static ZoneId zone(Fields customer) {
    try {
      return ZoneId.of(customer.text("zone", ZoneOffset.UTC.getId()));
    } catch (DateTimeException unknown) {
      throw customer.wrong("zone", "a time zone such as Europe/Berlin");
    }
  }

  /** The tax place stands in for an address: it has the country. */
  static DocumentParty party(Fields fields, String id) {
    Fields address = fields.object("address");
    Fields place = fields.object("taxPlace");
    String country = address.optional("country");
    return new DocumentParty(
        fields.text(id),
        fields.text("legalName", fields.text("name")),
        address.texts("lines"),
        address.optional("city"),
        address.optional("postalCode"),
        country == null ? place.optional("region") : address.optional("region"),
        country == null ? place.optional("country") : country,
        fields.list("taxIds").stream()
            .map(each -> new PartyTaxId(each.text("type"), each.text("value")))
            .toList());
  }

  private static Preceding preceding(Fields fields) {
    return new Preceding(fields.text("number"), fields.date("issueDate"));
  }

  private static DocumentTaxRate rate(Fields fields) {
    TaxCategory category = TaxCategory.of(fields.name("category"), fields.text("category"));
    String code = fields.optional("reasonCode");
    String reason = fields.optional("reason");
    return new DocumentTaxRate(
        category,
        fields.decimal("percent", BigDecimal.ZERO).stripTrailingZeros(),
        code == null && reason == null ? category.defaultCode() : code,
        reason == null ? category.defaultReason() : reason);
  }

  private static DocumentTax tax(Fields fields) {
    BigDecimal base = fields.decimal("base");
    List<DocumentTaxPart> parts =
        fields.list("components").stream()
            .map(
                each ->
                    new DocumentTaxPart(
                        each.text("name"), each.decimal("percent"), base, each.decimal("tax")))
            .toList();
    return new DocumentTax(rate(fields), base, fields.decimal("tax"), parts);
  }

  /** By category and rate: two with the same rate and other components are one. */
  private static List<DocumentTax> taxes(List<Fields> all) {
    List<DocumentTax> taxes = new ArrayList<>();
    for (Fields each : all) {
      DocumentTax tax = tax(each);
      int there = 0;
      while (there < taxes.size() && !taxes.get(there).rate().isSameGroup(tax.rate())) {
        there++;
      }
      if (there < taxes.size()) {
        taxes.set(there, taxes.get(there).with(tax));
      } else {
        taxes.add(tax);
      }
    }
    return taxes;
  }

  private static DocumentLine line(Fields fields, ZoneId zone, List<DocumentTax> taxes) {
    BigDecimal net = fields.decimal("net");
    Days days = days(fields, zone);
    DocumentTaxRate own = rate(fields.object("tax"));
    DocumentTaxRate rate =
        taxes.stream()
            .map(DocumentTax::rate)
            .filter(own::isSameGroup)
            .findFirst()
            .orElseThrow(() -> fields.wrong("tax", "a tax that the list taxes has"));
    UnitPrice price = UnitPrice.of(fields.object("detail"), net);
    String name = fields.text("name", fields.text("charge", "-"));
    return new DocumentLine(name, days, price.quantity(), price.price(), price.used(), net, rate);
  }

  private static Days days(Fields fields, ZoneId zone) {
    var from = fields.time("from").atZone(zone).toLocalDate();
    // The end is exclusive: the last nanosecond before it is in the last day.
    var to = fields.time("to").minusNanos(1).atZone(zone).toLocalDate();
    return new Days(from, to.isBefore(from) ? from : to);
  }

  /** One for each tax: EN 16931 wants the tax of each discount. */
  private static List<DocumentAllowance> allowances(
      List<DocumentLine> lines,
      List<BigDecimal> discounts,
      List<DocumentTax> taxes,
      String reason) {
    List<DocumentAllowance> allowances = new ArrayList<>();
    for (DocumentTax tax : taxes) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).tax().isSameGroup(tax.rate())) {
          sum = sum.add(discounts.get(i));
        }
      }
      if (sum.signum() != 0) {
        allowances.add(new DocumentAllowance(reason, sum, tax.rate()));
      }
    }
    return allowances;
  }

  private static String reason(Fields fields) {
    String names =
        fields.list("allowances").stream()
            .map(InvoiceReader::allowanceName)
            .filter(name -> name != null)
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "Discount" : names;
  }

  private static @Nullable String allowanceName(Fields allowance) {
    String reason = allowance.optional("reason");
    if (reason != null) {
      return reason;
    }
    String coupon = allowance.optional("couponId");
    boolean isCredit = "promotional_credit".equals(allowance.optional("kind"));
    return coupon != null ? "Coupon " + coupon : isCredit ? "Promotional credit" : null;
  }

  private static DocumentTotals totals(Fields fields) {
    return new DocumentTotals(
        fields.decimal("net"),
        fields.decimal("discount", BigDecimal.ZERO),
        fields.decimal("taxable"),
        fields.decimal("tax"),
        fields.decimal("total"),
        fields.decimal("prepaid", BigDecimal.ZERO),
        fields.decimal("due"));
  }

  private static AccountingTax accounting(Fields fields) {
    return new AccountingTax(
        fields.text("currency"),
        fields.decimal("tax"),
        fields.optional("base"),
        fields.optional("quote"),
        fields.optionalDecimal("rate"),
        fields.optional("source"),
        fields.optionalDate("day"));
  }
}
