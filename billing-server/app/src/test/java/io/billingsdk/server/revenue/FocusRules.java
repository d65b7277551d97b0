package io.billingsdk.server.revenue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What version 1.2 of FOCUS demands of a row, written down from its columns, not from our code. */
final class FocusRules {
  /** Columns of the level mandatory that must not be null. */
  static final List<String> MANDATORY =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName");

  private static final Set<String> CATEGORIES =
      Set.of("Usage", "Purchase", "Tax", "Credit", "Adjustment");

  private static final List<String> NUMBERS =
      List.of(
          "BilledCost",
          "ContractedCost",
          "EffectiveCost",
          "ListCost",
          "ConsumedQuantity",
          "PricingQuantity");

  private static final List<String> TIMES =
      List.of("BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart");

  private FocusRules() {}

  static List<String> broken(JsonNode row) {
    List<String> broken = new ArrayList<>();
    row.fieldNames()
        .forEachRemaining(
            each -> require(FocusColumns.NAMES.contains(each), each + " is no column", broken));
    for (String each : MANDATORY) {
      require(!row.path(each).asText("").isBlank(), each + " is null", broken);
    }
    for (String each : NUMBERS) {
      String form = "-?[0-9]+(\\.[0-9]+)?";
      require(!row.has(each) || row.path(each).asText().matches(form), each, broken);
    }
    for (String each : TIMES) {
      String form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";
      require(row.path(each).asText().matches(form), each, broken);
    }
    for (String each : List.of("BillingPeriod", "ChargePeriod")) {
      String start = row.path(each + "Start").asText();
      require(start.compareTo(row.path(each + "End").asText()) < 0, each + " is empty", broken);
    }
    require(row.path("BillingCurrency").asText().matches("[A-Z]{3}"), "BillingCurrency", broken);
    byCategory(row, broken);
    return broken;
  }

  private static void byCategory(JsonNode row, List<String> broken) {
    String category = row.path("ChargeCategory").asText();
    boolean isCorrection = row.path("ChargeClass").asText().equals("Correction");
    boolean isPriced = (category.equals("Usage") || category.equals("Purchase")) && !isCorrection;
    require(CATEGORIES.contains(category), "ChargeCategory", broken);
    require(!row.has("ChargeClass") || isCorrection, "ChargeClass", broken);
    for (String each : List.of("PricingQuantity", "PricingUnit", "SkuId", "SkuPriceId")) {
      require(!isPriced || row.has(each), each + " of " + category + " is null", broken);
      require(!category.equals("Tax") || !row.has(each), each + " of a tax", broken);
    }
    boolean isUsed = category.equals("Usage") && !isCorrection;
    for (String each : List.of("ConsumedQuantity", "ConsumedUnit")) {
      require(!isUsed || row.has(each), each + " of usage is null", broken);
      require(category.equals("Usage") || !row.has(each), each + " of " + category, broken);
    }
    boolean isUsageBased = row.path("ChargeFrequency").asText().equals("Usage-Based");
    require(!isUsageBased || !category.equals("Purchase"), "ChargeFrequency", broken);
  }

  private static void require(boolean holds, String what, List<String> broken) {
    if (!holds) {
      broken.add(what);
    }
  }
}
