package io.billingsdk.rating;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A rated amount and its explanation.
 *
 * <p>Guarantee: the amounts of the steps add up to the line's amount exactly, the rounding being a
 * step of its own. A line whose steps do not cannot be made.
 *
 * @param amount the amount, in minor units
 * @param steps how it came about, in the order of the pricing
 */
public record RatedLine(Money amount, List<Step> steps) {
  /** Copies the steps and adds them up. */
  public RatedLine {
    Objects.requireNonNull(amount, "amount");
    steps = List.copyOf(steps);
    Fraction sum = sum(steps);
    if (!sum.equals(amount.exactly())) {
      // An explanation that does not explain the amount must not reach an invoice.
      throw new IllegalStateException("the steps add up to " + sum + ", not to " + amount);
    }
  }

  /** A line of this exact amount: the step that rounds it is added. */
  static RatedLine rounding(String currency, List<Step> exact) {
    Fraction sum = sum(exact);
    Money amount = Money.rounded(currency, sum);
    return new RatedLine(amount, withRounding(exact, amount.exactly().minus(sum)));
  }

  /** The amount before it was rounded to minor units. */
  public Fraction unrounded() {
    return amount.exactly().minus(amountOf(Step.Kind.ROUNDING));
  }

  /** What the steps of this kind add; 0 if there are none. */
  public Fraction amountOf(Step.Kind kind) {
    return sum(steps.stream().filter(step -> step.kind() == kind).toList());
  }

  /** The quantities of the steps of this kind in all; 0 if there are none. */
  public Fraction quantityOf(Step.Kind kind) {
    return steps.stream()
        .filter(step -> step.kind() == kind)
        .map(Step::quantity)
        .reduce(Fraction.ZERO, Fraction::plus);
  }

  static Fraction sum(List<Step> steps) {
    return steps.stream().map(Step::amount).reduce(Fraction.ZERO, Fraction::plus);
  }

  private static List<Step> withRounding(List<Step> exact, Fraction rounding) {
    if (rounding.signum() == 0) {
      return exact;
    }
    return Stream.concat(exact.stream(), Stream.of(Step.adjustment(Step.Kind.ROUNDING, rounding)))
        .toList();
  }
}
