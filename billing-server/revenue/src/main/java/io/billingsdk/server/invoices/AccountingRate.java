package io.billingsdk.server.invoices;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * By which a document shows its taxes in the currency of the seller's accounts. Immutable.
 *
 * @param currency of the accounts
 * @param base one unit of it is worth {@code rate} of the other currency
 * @param quote the other currency
 * @param day of the rate
 * @param source who publishes it
 */
public record AccountingRate(
    String currency, String base, String quote, BigDecimal rate, LocalDate day, String source) {
  /** An amount of the document, rounded to the minor unit of the accounts. */
  public Money of(Money amount) {
    Fraction exact = amount.exactly();
    Fraction factor = Fraction.of(rate);
    return Money.rounded(
        currency, currency.equals(base) ? exact.dividedBy(factor) : exact.times(factor));
  }
}
