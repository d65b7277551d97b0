package io.billingsdk.rating;

import java.util.Objects;

/**
 * What was billed of a period before.
 *
 * @param usage the usage of the period up to then
 * @param part up to where the period was rated
 * @param amount what was billed for it in all, after credits
 */
public record Billed(Usage usage, PeriodPart part, Money amount) {
  /** Checks that nothing is missing. */
  public Billed {
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(amount, "amount");
  }
}
