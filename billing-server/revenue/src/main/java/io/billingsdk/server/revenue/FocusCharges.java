package io.billingsdk.server.revenue;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedDocument;
import io.billingsdk.server.revenue.ChargeUnits.MeteredCharge;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The charges of a document in the form of FOCUS 1.2: a row for each line, and one for each tax.
 * The billed costs of a document add up to its total; those of a credit note are negative.
 */
final class FocusCharges {
  private final JsonNode document;
  private final boolean isInvoice;
  private final ChargeUnits units;
  private final List<Map<String, String>> rows = new ArrayList<>();

  private FocusCharges(IssuedDocument issued, JsonNode document, ChargeUnits units) {
    this.document = document;
    this.isInvoice = issued.isInvoice();
    this.units = units;
  }

  /** The rows of a document; a column without a value is not in a row. */
  static List<Map<String, String>> of(IssuedDocument issued, ChargeUnits units) {
    FocusCharges charges = new FocusCharges(issued, DocumentJson.read(issued), units);
    charges.document.path("lines").forEach(charges::line);
    charges.document.path("taxes").forEach(charges::tax);
    return charges.rows;
  }

  /** The columns that all rows of a document have. */
  private Map<String, String> row(String category, BigDecimal listed, BigDecimal billed) {
    Map<String, String> row = new LinkedHashMap<>();
    String seller = text(document.path("seller"), "name");
    row.put("BilledCost", signed(billed));
    row.put("BillingAccountId", text(document.path("customer"), "customerId"));
    row.put("BillingAccountName", text(document.path("customer"), "name"));
    row.put("BillingCurrency", text(document, "currency"));
    row.put("BillingPeriodStart", time(period("from", /* isStart= */ true)));
    row.put("BillingPeriodEnd", time(period("to", /* isStart= */ false)));
    row.put("ChargeCategory", category);
    row.put("ContractedCost", signed(listed));
    row.put("EffectiveCost", signed(billed));
    row.put("InvoiceId", text(document, "number"));
    row.put("InvoiceIssuerName", seller);
    row.put("ListCost", signed(listed));
    row.put("ProviderName", seller);
    row.put("PublisherName", seller);
    row.put("ServiceCategory", "Other");
    row.put("ServiceSubcategory", "Other (Other)");
    row.put("SubAccountId", text(document, "subscription"));
    rows.add(row);
    return row;
  }

  /** A fee in advance is due at a moment, which is no period: its own time is one. */
  private Instant period(String field, boolean isStart) {
    JsonNode period = document.path("period");
    if (!text(period, "from").equals(text(period, "to"))) {
      return Instant.parse(text(period, field));
    }
    Instant found = Instant.parse(text(period, field));
    for (JsonNode line : document.path("lines")) {
      Instant of = Instant.parse(text(line, field));
      found = of.isBefore(found) == isStart ? of : found;
    }
    return found;
  }

  private void line(JsonNode line) {
    String kind = text(line, "kind");
    String key = text(line, "key");
    BigDecimal net = new BigDecimal(text(line, "net"));
    BigDecimal discount = new BigDecimal(text(line, "discount"));
    boolean isUsage = key.startsWith("usage/") && !kind.equals("true_up");
    boolean isCorrection = !List.of("usage", "true_up", "advance", "arrears").contains(kind);
    String category = isUsage ? "Usage" : kind.equals("true_up") ? "Adjustment" : "Purchase";
    Map<String, String> row = row(category, net, net.subtract(discount));
    put(row, "ChargeClass", isCorrection ? "Correction" : null);
    row.put("ChargeDescription", text(line, "name"));
    row.put("ChargeFrequency", frequency(category));
    row.put("ChargePeriodStart", time(Instant.parse(text(line, "from"))));
    row.put("ChargePeriodEnd", time(Instant.parse(text(line, "to"))));
    row.put("ServiceName", text(line, "plan"));
    row.put("SkuId", text(line, "plan") + "/" + sku(line));
    row.put("SkuPriceId", text(line, "plan") + "/" + text(line, "version") + "/" + sku(line));
    row.put("x_InvoiceLine", text(line, "line"));
    row.put("x_LineKind", kind);
    if (isUsage) {
      used(row, line, isCorrection);
    } else if (category.equals("Purchase")) {
      row.put("PricingQuantity", share(line));
      row.put("PricingUnit", "Periods");
    }
  }

  private static String frequency(String category) {
    return switch (category) {
      case "Usage" -> "Usage-Based";
      case "Purchase" -> "Recurring";
      default -> "One-Time";
    };
  }

  private static String sku(JsonNode line) {
    String charge = text(line, "charge");
    return charge.isEmpty() ? "commitment" : charge;
  }

  /** A correction has no quantity of its own: it is a difference of amounts. */
  private void used(Map<String, String> row, JsonNode line, boolean isCorrection) {
    Optional<MeteredCharge> metered =
        units.of(text(line, "plan"), line.path("version").asInt(), text(line, "charge"));
    metered.ifPresent(each -> row.put("SkuMeter", each.meter()));
    if (isCorrection) {
      return;
    }
    String quantity = FocusQuantities.of(line.path("detail"));
    String unit = metered.map(MeteredCharge::unit).orElse("Units");
    row.put("ConsumedQuantity", quantity);
    row.put("ConsumedUnit", unit);
    row.put("PricingQuantity", quantity);
    row.put("PricingUnit", unit);
  }

  private static String share(JsonNode line) {
    String share = text(line, "share");
    return share.isEmpty() ? "1" : FocusQuantities.decimal(share);
  }

  private void tax(JsonNode tax) {
    BigDecimal amount = new BigDecimal(text(tax, "tax"));
    if (amount.signum() == 0) {
      return;
    }
    Map<String, String> row = row("Tax", amount, amount);
    put(row, "ChargeClass", isInvoice ? null : "Correction");
    row.put(
        "ChargeDescription", "Tax " + text(tax, "category") + " " + text(tax, "percent") + " %");
    row.put("ChargeFrequency", "One-Time");
    row.put("ChargePeriodStart", row.getOrDefault("BillingPeriodStart", ""));
    row.put("ChargePeriodEnd", row.getOrDefault("BillingPeriodEnd", ""));
    row.put("ServiceName", text(document.path("lines").path(0), "plan"));
    row.put("x_LineKind", "tax");
  }

  private String signed(BigDecimal amount) {
    return (isInvoice ? amount : amount.negate()).toPlainString();
  }

  /** To the second: so FOCUS writes a moment. */
  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static void put(Map<String, String> row, String column, @Nullable String value) {
    if (value != null) {
      row.put(column, value);
    }
  }
}
