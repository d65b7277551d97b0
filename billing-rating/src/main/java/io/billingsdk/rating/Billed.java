package io.billingsdk.rating;

import java.util.Objects;

/**
 * The part of a period that was billed before.
 *
 * @param usage the usage of the period up to then
 * @param part up to where the period was rated
 * @param amount the billed amount in all, after credits
 */
public record Billed(Usage usage, PeriodPart part, Money amount) {
  /** Checks that nothing is missing. */
  public Billed {
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(amount, "amount");
  }
}
