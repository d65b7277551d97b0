package io.billingsdk.costs;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * What a model cost on a day, by a provider's bill or by our records.
 *
 * @param day the day, as the provider counts days
 * @param model the model or service
 * @param currency of the amount
 * @param amount the amount; below 0 for a credit
 */
public record BillLine(LocalDate day, String model, String currency, BigDecimal amount) {
  /** Checks the bounds. */
  public BillLine {
    Check.name("model", model);
    Check.currency("currency", currency);
    amount = Check.signed("amount", amount);
  }
}
