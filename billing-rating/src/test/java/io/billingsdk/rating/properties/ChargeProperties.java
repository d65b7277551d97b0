package io.billingsdk.rating.properties;

import static io.billingsdk.rating.properties.Property.require;

import io.billingsdk.rating.Billed;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Charges of every model, with everything that can be set around one. */
final class ChargeProperties {
  private ChargeProperties() {}

  /** However a period is billed, also over corrections, its parts add up to its line. */
  static void partsAddUpToTheWhole(Random random, Subject subject) {
    Scenario scenario = new Scenarios(random).next(/* corrections= */ random.nextBoolean());
    Charge charge = scenario.charge();
    List<Usage> moments = scenario.moments();
    Money billed = Money.zero(charge.currency());
    Usage before = null;
    for (int i = 0; i < moments.size(); i++) {
      PeriodPart part = i == moments.size() - 1 ? PeriodPart.COMPLETE : PeriodPart.RUNNING;
      Subject.Line line =
          before == null
              ? subject.rate(charge, moments.get(i), part)
              : subject.further(
                  charge, new Billed(before, PeriodPart.RUNNING, billed), moments.get(i), part);
      requireExplained(line);
      billed = billed.plus(line.amount());
      before = moments.get(i);
    }
    Money whole = charge.rate(moments.get(moments.size() - 1)).amount();
    require(billed.equals(whole), "the parts are %s, the whole is %s", billed, whole);
  }

  /** Usage that comes late, after a period was billed to its end, is billed by its difference. */
  static void lateUsageIsTheDifference(Random random, Subject subject) {
    Scenario scenario = new Scenarios(random).next(/* corrections= */ true);
    Charge charge = scenario.charge();
    Usage first = scenario.moments().get(0);
    Usage last = scenario.moments().get(scenario.moments().size() - 1);
    Money billed = subject.rate(charge, first, PeriodPart.COMPLETE).amount();
    Gen gen = new Gen(random);
    if (gen.oneIn(3)) {
      // It was billed at a price that is corrected now.
      billed = billed.plus(gen.money(charge.currency(), 20));
    }
    Subject.Line delta =
        subject.further(
            charge, new Billed(first, PeriodPart.COMPLETE, billed), last, PeriodPart.COMPLETE);
    requireExplained(delta);
    Money now = charge.rate(last).amount();
    require(billed.plus(delta.amount()).equals(now), "%s and %s are not %s", billed, delta, now);
  }

  /** More usage never costs less, where the model promises it. */
  static void moreNeverCostsLess(Random random, Subject subject) {
    Scenario scenario = new Scenarios(random).next(/* corrections= */ false);
    if (!scenario.monotone()) {
      return;
    }
    Money before = Money.zero(scenario.charge().currency());
    for (Usage usage : scenario.moments()) {
      Money now = subject.rate(scenario.charge(), usage, PeriodPart.COMPLETE).amount();
      require(now.compareTo(before) >= 0, "%s is less than %s for less", now, before);
      before = now;
    }
  }

  /** The steps add up to the amount, and only the last of them rounds, by half a unit at most. */
  static void explanationAddsUp(Random random, Subject subject) {
    Scenario scenario = new Scenarios(random).next(/* corrections= */ random.nextBoolean());
    for (Usage usage : scenario.moments()) {
      for (PeriodPart part : PeriodPart.values()) {
        Subject.Line line = subject.rate(scenario.charge(), usage, part);
        requireExplained(line);
        Fraction unit = Fraction.of(BigDecimal.ONE.movePointLeft(line.amount().amount().scale()));
        Fraction rounding = Naive.sum(line.steps(), Step.Kind.ROUNDING);
        require(
            rounding.times(Fraction.of(2)).max(rounding.times(Fraction.of(-2))).compareTo(unit)
                <= 0,
            "rounded by %s",
            rounding);
      }
    }
  }

  /** The bounds hold for each moment, and a complete period is at its minimum or above. */
  static void boundsHold(Random random, Subject subject) {
    Gen gen = new Gen(random);
    String currency = gen.currency();
    Money least = gen.money(currency, 100);
    Money most = least.plus(gen.money(currency, 100));
    Models models = new Models(gen);
    Charge charge =
        Charge.builder(currency)
            .model(models.of(gen.of(List.of(Models.ModelKind.UNIT, Models.ModelKind.GRADUATED))))
            .minimum(least)
            .maximum(most)
            .build();
    Usage usage = Usage.of(gen.quantity(60));
    Subject.Line first = subject.rate(charge, usage, PeriodPart.RUNNING);
    Fraction topUp = Naive.sum(first.steps(), Step.Kind.MINIMUM_TOP_UP);
    require(topUp.signum() == 0, "%s to a minimum that is not due", topUp);
    Money running = first.amount();
    Money complete = subject.rate(charge, usage, PeriodPart.COMPLETE).amount();
    require(running.compareTo(most) <= 0, "%s is above the maximum %s", running, most);
    require(complete.equals(running.max(least)), "%s is not %s or %s", complete, running, least);
  }

  private static void requireExplained(Subject.Line line) {
    Fraction sum = Naive.sum(line.steps(), null);
    require(sum.equals(line.amount().exactly()), "the steps are %s, not %s", sum, line.amount());
  }
}
