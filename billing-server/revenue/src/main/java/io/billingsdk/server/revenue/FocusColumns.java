package io.billingsdk.server.revenue;

import java.util.List;

/** The columns of the charges of invoices, as version 1.2 of FOCUS names them, in their order. */
public final class FocusColumns {
  /** All of them. Those that begin with {@code x_} are our own, as FOCUS has it. */
  public static final List<String> NAMES =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargeFrequency",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ConsumedQuantity",
          "ConsumedUnit",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceId",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName",
          "ServiceSubcategory",
          "SkuId",
          "SkuMeter",
          "SkuPriceId",
          "SubAccountId",
          "x_InvoiceLine",
          "x_LineKind");

  private FocusColumns() {}
}
