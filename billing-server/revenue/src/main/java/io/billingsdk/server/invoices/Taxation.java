package io.billingsdk.server.invoices;

import io.billingsdk.rating.TaxRate;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The tax of a line, and why it is that one. Immutable.
 *
 * @param grounds null if no rule was asked: the seller is registered nowhere
 */
public record Taxation(TaxRate rate, @Nullable TaxGrounds grounds) {
  /** A rate without grounds. */
  public static Taxation of(TaxRate rate) {
    return new Taxation(rate, null);
  }

  String category() {
    return rate.category();
  }

  BigDecimal percent() {
    return rate.percent();
  }

  /**
   * Why a line has its tax.
   *
   * @param point the tax point
   * @param country where it is taxed, by ISO 3166
   * @param region the state or province that taxes it; null where the country does
   * @param rule the name of the rule that decided
   * @param source what the rate is taken from; null for a category without one
   * @param reasonCode why nothing is charged, of the code list VATEX; null if something is
   * @param reason the same in words
   * @param sellerTaxId under which registration; null for none
   * @param customerTaxId the customer's tax id; null for none
   * @param taxIdStatus one of {@code unchecked}, {@code pending}, {@code valid}, {@code invalid} or
   *     {@code malformed}
   */
  public record TaxGrounds(
      LocalDate point,
      String country,
      @Nullable String region,
      String rule,
      @Nullable String source,
      @Nullable String reasonCode,
      @Nullable String reason,
      @Nullable String sellerTaxId,
      @Nullable String customerTaxId,
      @Nullable String taxIdStatus) {}
}
