package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a line has more than an earlier one of the same period, step by step. */
final class LineDifference {
  /** Steps of one key are of the same units at the same price, so their quantities subtract. */
  private record Key(Step.Kind kind, String value, int tier, Fraction unitPrice) {
    static Key of(Step step) {
      Fraction price = step.kind().adjusts() ? Fraction.ZERO : step.unitPrice();
      return new Key(step.kind(), step.value(), step.tier(), price);
    }
  }

  private final Map<Key, List<Step>> byKey = new LinkedHashMap<>();

  private LineDifference() {}

  /**
   * The difference to what was billed.
   *
   * @param now the line of the period up to now
   * @param before the line of the usage that was billed, by the prices of today
   * @param billed the amount billed for it then
   */
  static RatedLine of(RatedLine now, RatedLine before, Billed billed) {
    LineDifference difference = new LineDifference();
    now.steps().forEach(difference::add);
    before.steps().forEach(step -> difference.add(step.withQuantity(step.quantity().negated())));
    Fraction otherwise = before.amount().minus(billed.amount()).exactly();
    difference.add(Step.adjustment(Step.Kind.BILLED_OTHERWISE, otherwise));
    return new RatedLine(now.amount().minus(billed.amount()), difference.steps());
  }

  private void add(Step step) {
    byKey.computeIfAbsent(Key.of(step), key -> new ArrayList<>()).add(step);
  }

  private List<Step> steps() {
    return byKey.values().stream()
        .map(LineDifference::merged)
        .filter(step -> step.quantity().signum() != 0 && !isIdle(step))
        .toList();
  }

  private static Step merged(List<Step> steps) {
    Step first = steps.get(0);
    if (first.kind().adjusts()) {
      return Step.adjustment(first.kind(), RatedLine.sum(steps)).withValue(first.value());
    }
    Fraction quantity = steps.stream().map(Step::quantity).reduce(Fraction.ZERO, Fraction::plus);
    return first.withQuantity(quantity);
  }

  private static boolean isIdle(Step step) {
    return step.kind().adjusts() && step.unitPrice().signum() == 0;
  }
}
