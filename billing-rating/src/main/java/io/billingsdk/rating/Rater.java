package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;

/** Rates usage by the terms of a charge, in the one order that there is. */
final class Rater {
  private final ChargeTerms terms;
  private final Fraction share;

  Rater(ChargeTerms terms, Fraction share) {
    this.terms = terms;
    this.share = share;
  }

  RatedLine rate(Usage usage, PeriodPart part) {
    List<Step> steps = new ArrayList<>(new ModelSteps(terms, share).of(usage));
    discount(steps);
    cap(steps);
    if (part == PeriodPart.COMPLETE) {
      topUp(steps);
    }
    return RatedLine.rounding(terms.currency(), steps);
  }

  private void discount(List<Step> steps) {
    if (terms.discount() != null) {
      Fraction reduction = terms.discount().of(RatedLine.sum(steps));
      adjust(steps, Step.Kind.DISCOUNT, reduction.negated());
    }
  }

  private void cap(List<Step> steps) {
    if (terms.maximum() != null) {
      Fraction above = RatedLine.sum(steps).minus(prorated(terms.maximum()));
      adjust(steps, Step.Kind.CAPPED, above.max(Fraction.ZERO).negated());
    }
  }

  private void topUp(List<Step> steps) {
    if (terms.minimum() != null) {
      Fraction missing = prorated(terms.minimum()).minus(RatedLine.sum(steps));
      adjust(steps, Step.Kind.MINIMUM_TOP_UP, missing.max(Fraction.ZERO));
    }
  }

  private Fraction prorated(Money bound) {
    return bound.exactly().times(share);
  }

  private static void adjust(List<Step> steps, Step.Kind kind, Fraction amount) {
    if (amount.signum() != 0) {
      steps.add(Step.adjustment(kind, amount));
    }
  }
}
