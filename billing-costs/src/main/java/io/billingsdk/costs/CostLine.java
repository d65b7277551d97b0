package io.billingsdk.costs;

import java.math.BigDecimal;

/**
 * One part of a cost: {@code billed / size * price = amount}.
 *
 * @param bucket the bucket of the use
 * @param pricedAs the bucket whose price counts: the same, or a less specific one
 * @param quantity how much was used, in the base unit of the bucket
 * @param billed how much is charged: after the minimum, and in whole packages where that is agreed
 * @param price the price of one package of units, after context tier and batch
 * @param size how many base units the price is for
 * @param amount exact where it has an end within 18 decimals; otherwise half up to 12 decimals
 */
public record CostLine(
    Bucket bucket,
    Bucket pricedAs,
    BigDecimal quantity,
    BigDecimal billed,
    BigDecimal price,
    BigDecimal size,
    BigDecimal amount) {

  /** The line as people read it. */
  @Override
  public String toString() {
    return bucket.key()
        + (pricedAs == bucket ? "" : " (at the price of " + pricedAs.key() + ")")
        + " "
        + Check.plain(quantity)
        + (billed.compareTo(quantity) == 0 ? "" : ", charged as " + Check.plain(billed) + ",")
        + " x "
        + Check.plain(price)
        + " / "
        + Check.plain(size)
        + " = "
        + Check.plain(amount);
  }
}
