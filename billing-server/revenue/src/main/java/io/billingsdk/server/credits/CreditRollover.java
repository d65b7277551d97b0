package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Rollover;

/**
 * What becomes of the rest of a credit when a billing period begins. An option, off by default:
 * other credit keeps its rest until it is used or expires. Immutable.
 *
 * @param least the rest is raised to it
 * @param most the rest is cut to it
 * @param keepsOverage whether the new rest pays what the old one left open of the last invoice
 */
public record CreditRollover(Money least, Money most, boolean keepsOverage) {

  /**
   * The begin of a period.
   *
   * @param rest before anything is paid of it
   * @param covered what the rest pays of the overage
   */
  public record Reset(Money rest, Money covered) {}

  /**
   * Begins a period.
   *
   * @param rest of the period before
   * @param overage what the credits left open of its invoice, at least 0
   */
  public Reset reset(Money rest, Money overage) {
    Rollover rule = new Rollover(quantity(least), quantity(most), keepsOverage);
    Rollover.Reset reset = rule.reset(quantity(rest), quantity(overage));
    Money after = Money.of(rest.currency(), reset.balance().value());
    Money left = Money.of(rest.currency(), reset.overage().value());
    Money covered = keepsOverage ? overage.minus(left) : overage.minus(overage);
    return new Reset(after.plus(covered), covered);
  }

  private static Quantity quantity(Money amount) {
    return Quantity.of(amount.amount());
  }
}
