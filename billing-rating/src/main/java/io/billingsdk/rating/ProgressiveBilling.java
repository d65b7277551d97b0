package io.billingsdk.rating;

/**
 * The end of a period with usage that was invoiced on the way, when thresholds were passed. An
 * option, off by default. The last invoice shows all usage of the period and credits what was
 * invoiced.
 *
 * @param credit the reduction of the last invoice: the invoiced amount, but at most the usage
 * @param surplus the amount invoiced above the usage, after a correction; a credit note's amount
 */
public record ProgressiveBilling(Money credit, Money surplus) {

  /**
   * The end of a period.
   *
   * @param usage the amount of all usage of the period, at least 0
   * @param invoiced the amount invoiced on the way, at least 0
   */
  public static ProgressiveBilling end(Money usage, Money invoiced) {
    Check.notNegative("usage", usage);
    Check.notNegative("invoiced", Check.inCurrency("invoiced", usage.currency(), invoiced));
    Money credit = invoiced.min(usage);
    return new ProgressiveBilling(credit, invoiced.minus(credit));
  }
}
