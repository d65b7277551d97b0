package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Money that came from a customer. Immutable.
 *
 * @param position in the order in which they were recorded
 * @param left the part that was not given back
 * @param settled what it has paid of each invoice, without what was given back
 */
record Payment(
    String id,
    long position,
    String customer,
    Money amount,
    Money left,
    PaymentMethod method,
    LocalDate receivedOn,
    @Nullable String reference,
    Map<String, Money> settled,
    Instant createdAt) {
  /** Copies the map, whose order it keeps. */
  Payment {
    settled = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(settled));
  }

  /** How money came. */
  enum PaymentMethod {
    /** A line of a statement of a bank. */
    BANK,
    /** A person has seen it. */
    MANUAL,
    /** Charged by Stripe. */
    STRIPE,
    /** Charged by PayPal. */
    PAYPAL,
    /** Play money of the sandbox. */
    SANDBOX;

    /** The account that its money comes to. */
    MoneyAccount cash() {
      return switch (this) {
        case BANK, MANUAL -> MoneyAccount.CASH;
        case STRIPE -> MoneyAccount.CASH_STRIPE;
        case PAYPAL -> MoneyAccount.CASH_PAYPAL;
        case SANDBOX -> MoneyAccount.CASH_SANDBOX;
      };
    }

    /** Whether a provider moves its money, so that a refund goes through it. */
    boolean isOfProvider() {
      return cash() != MoneyAccount.CASH;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static PaymentMethod of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One that is to be recorded.
   *
   * @param numbers the invoices that it is for, in this order; none for those that are due first
   */
  record NewPayment(
      String customer,
      Money amount,
      PaymentMethod method,
      LocalDate receivedOn,
      @Nullable String reference,
      List<String> numbers) {
    /** Copies the list. */
    NewPayment {
      numbers = List.copyOf(numbers);
    }
  }
}
