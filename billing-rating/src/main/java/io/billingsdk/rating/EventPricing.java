package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices events one after the other by a {@link PercentagePrice}. Confined to one thread. */
final class EventPricing {
  private final Fraction rate;
  private final Fraction fixed;
  private final int freeEvents;
  private final @Nullable Fraction freeAmount;
  private final @Nullable Fraction least;
  private final @Nullable Fraction most;

  private int seen;
  private Fraction sum = Fraction.ZERO;
  private Fraction free = Fraction.ZERO;
  private long charged;
  private Fraction raised = Fraction.ZERO;
  private Fraction lowered = Fraction.ZERO;

  EventPricing(PercentagePrice price) {
    this.rate = Fraction.of(price.ratePercent()).dividedBy(Fraction.of(100));
    this.fixed = Fraction.of(price.fixedPerEvent());
    this.freeEvents = price.freeEvents();
    this.freeAmount = price.freeAmount().signum() == 0 ? null : Fraction.of(price.freeAmount());
    this.least = bound(price.leastPerEvent());
    this.most = bound(price.mostPerEvent());
  }

  /** The next event of the period. */
  void add(Quantity amount) {
    Fraction value = amount.exactly();
    Fraction freePart = freePart(value);
    sum = sum.plus(value);
    seen++;
    free = free.plus(freePart);
    if (isAllowed() && freePart.equals(value) && (value.signum() > 0 || withinAllowance())) {
      return;
    }
    charged++;
    bound(value.minus(freePart).times(rate).plus(fixed));
  }

  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    add(steps, Step.of(Step.Kind.FREE_AMOUNT, free, Fraction.ZERO));
    add(steps, Step.of(Step.Kind.PERCENTAGE, sum.minus(free), rate));
    add(steps, Step.of(Step.Kind.FIXED_PER_EVENT, Fraction.of(charged), fixed));
    add(steps, Step.adjustment(Step.Kind.EVENT_MINIMUM, raised));
    add(steps, Step.adjustment(Step.Kind.EVENT_MAXIMUM, lowered));
    return steps;
  }

  private Fraction freePart(Fraction value) {
    if (!isAllowed() || (freeEvents > 0 && seen >= freeEvents)) {
      return Fraction.ZERO;
    }
    return freeAmount == null ? value : value.min(freeAmount.minus(sum).max(Fraction.ZERO));
  }

  private boolean isAllowed() {
    return freeEvents > 0 || freeAmount != null;
  }

  /** Whether an event of amount 0, which was just counted, is free. */
  private boolean withinAllowance() {
    return (freeEvents == 0 || seen <= freeEvents)
        && (freeAmount == null || sum.compareTo(freeAmount) < 0);
  }

  private void bound(Fraction price) {
    if (least != null && price.compareTo(least) < 0) {
      raised = raised.plus(least.minus(price));
    } else if (most != null && price.compareTo(most) > 0) {
      lowered = lowered.plus(most.minus(price));
    }
  }

  private static void add(List<Step> steps, Step step) {
    // A step of no events, or one that adjusts nothing, explains nothing.
    boolean empty = step.kind().adjusts() ? step.amount().signum() == 0 : isZero(step);
    if (!empty) {
      steps.add(step);
    }
  }

  private static boolean isZero(Step step) {
    return step.quantity().signum() == 0
        || (step.kind() == Step.Kind.FIXED_PER_EVENT && step.unitPrice().signum() == 0);
  }

  private static @Nullable Fraction bound(@Nullable BigDecimal value) {
    return value == null ? null : Fraction.of(value);
  }
}
