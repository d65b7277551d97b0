package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.Set;

/**
 * How providers count money: the one table of it. A provider that cannot say an amount exactly
 * cannot charge it; that is decided before a charge is stored.
 *
 * <p>Sources: docs.stripe.com/currencies, developer.paypal.com/reference/currency-codes.
 */
final class MinorUnits {
  private static final Set<String> STRIPE_WHOLE =
      Set.of(
          "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
          "XOF", "XPF");

  /** Two decimals for Stripe, which must be 0. */
  private static final Set<String> STRIPE_ZERO_CENTS = Set.of("ISK", "UGX");

  /** Three decimals, the last one 0. */
  private static final Set<String> STRIPE_TENS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

  private static final Set<String> PAYPAL_WHOLE = Set.of("HUF", "JPY", "TWD");

  private static final Set<String> PAYPAL =
      Set.of(
          "AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "EUR", "HKD", "HUF", "ILS", "JPY", "MYR", "MXN",
          "TWD", "NZD", "NOK", "PHP", "PLN", "GBP", "SGD", "SEK", "CHF", "THB", "USD");

  /** Most digits that Stripe takes. */
  private static final BigInteger STRIPE_MOST = new BigInteger("99999999");

  private static final int TWO = 2;
  private static final int THREE = 3;

  private MinorUnits() {}

  /**
   * Rounds an amount to one that a provider can charge: half up, as the documents of the provider
   * ask for.
   */
  static BigDecimal chargeable(ProviderName provider, String currency, BigDecimal amount) {
    return amount.setScale(decimals(provider, currency), RoundingMode.HALF_UP);
  }

  /** Why a provider cannot charge an amount; empty when it can. */
  static Optional<String> problem(ProviderName provider, Money amount) {
    if (provider == ProviderName.PAYPAL && !PAYPAL.contains(amount.currency())) {
      return Optional.of("PayPal takes no " + amount.currency());
    }
    int decimals = decimals(provider, amount.currency());
    if (amount.amount().stripTrailingZeros().scale() > decimals) {
      return Optional.of(
          provider.text()
              + " charges "
              + amount.currency()
              + " with at most "
              + decimals
              + " decimals, but the amount is "
              + amount.amount().toPlainString());
    }
    if (provider == ProviderName.STRIPE && units(amount).compareTo(STRIPE_MOST) > 0) {
      return Optional.of("stripe charges at most " + STRIPE_MOST + " of the smallest unit at once");
    }
    return Optional.empty();
  }

  /** Refuses an amount that a provider cannot charge. */
  static void require(ProviderName provider, String field, Money amount) {
    problem(provider, amount)
        .ifPresent(
            why -> {
              throw RequestRefusedException.invalid(field, "an amount that can be charged: " + why);
            });
  }

  /** How many decimals of a currency a provider can charge. */
  private static int decimals(ProviderName provider, String currency) {
    return switch (provider) {
      case STRIPE ->
          STRIPE_WHOLE.contains(currency) || STRIPE_ZERO_CENTS.contains(currency) ? 0 : TWO;
      case PAYPAL -> PAYPAL_WHOLE.contains(currency) ? 0 : TWO;
      case SANDBOX -> Money.zero(currency).amount().scale();
    };
  }

  private static int places(String currency) {
    if (STRIPE_WHOLE.contains(currency)) {
      return 0;
    }
    return STRIPE_TENS.contains(currency) ? THREE : TWO;
  }

  /** An amount as Stripe counts it. */
  static BigInteger units(Money amount) {
    return amount.amount().movePointRight(places(amount.currency())).toBigIntegerExact();
  }

  /** What Stripe has counted, in a currency as we write it. */
  static Money ofUnits(String currency, BigInteger units) {
    BigDecimal amount = new BigDecimal(units, places(currency));
    int scale = Money.zero(currency).amount().scale();
    return Money.of(currency, amount.setScale(scale, RoundingMode.UNNECESSARY));
  }

  /** An amount as PayPal writes it. */
  static String text(Money amount) {
    return amount
        .amount()
        .setScale(decimals(ProviderName.PAYPAL, amount.currency()), RoundingMode.UNNECESSARY)
        .toPlainString();
  }

  /** What PayPal has written, in a currency as we write it. */
  static Money ofText(String currency, String text) {
    int scale = Money.zero(currency).amount().scale();
    return Money.of(currency, new BigDecimal(text).setScale(scale, RoundingMode.UNNECESSARY));
  }
}
