package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import java.time.Instant;
import java.util.Locale;

/**
 * An amount that a change or the end of a period brings for a flat charge of a plan. An invoice
 * takes it up; usage is priced when the period is over. Immutable.
 *
 * @param kind what it is
 * @param plan the id of the plan
 * @param version the version of the plan
 * @param charge the id of the charge in the plan
 * @param name of the charge, as invoices show it
 * @param from the first moment that it is for
 * @param to the moment after the last
 * @param share of the price of a full period, 0 to 1
 * @param amount at least 0, of a credit at most 0
 */
public record SubscriptionLine(
    LineKind kind,
    String plan,
    int version,
    String charge,
    String name,
    Instant from,
    Instant to,
    Fraction share,
    Money amount) {

  /** What a line is. */
  public enum LineKind {
    /** A fee for time to come. */
    ADVANCE,
    /** A fee for time that has passed. */
    ARREARS,
    /** A fee that was charged in advance, as far as it is not used. */
    CREDIT;

    /** As it is written: {@code advance}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
