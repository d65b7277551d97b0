package io.billingsdk.rating.properties;

import io.billingsdk.rating.Billed;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.ModelKinds;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Tier;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bugs of pricing that others have had. */
final class PriceBugs {
  private PriceBugs() {}

  static void addTo(Map<String, Subject> bugs) {
    bugs.put("each part is rated as if it were the first", new PartsRatedAlone());
    bugs.put("what was billed is not looked at", new BilledIgnored());
    bugs.put("the minimum is due with each part", new MinimumWithEachPart());
    bugs.put("the explanation lacks the rounding", new RoundingUnexplained());
    bugs.put("lines are cut instead of rounded", new LinesCut());
    bugs.put("the bound of a tier is outside", new BoundOutside());
    bugs.put("each part of a split is rounded alone", new SplitRoundsEach());
    bugs.put("what is left of a split goes to the first part", new RestToTheFirst());
  }

  private static final class PartsRatedAlone extends Subject {
    @Override
    Line further(Charge charge, Billed billed, Usage usage, PeriodPart part) {
      if (usage instanceof Usage.Total now
          && billed.usage() instanceof Usage.Total before
          && now.quantity().compareTo(before.quantity()) >= 0) {
        return rate(charge, Usage.of(now.quantity().minus(before.quantity())), part);
      }
      return super.further(charge, billed, usage, part);
    }
  }

  private static final class BilledIgnored extends Subject {
    @Override
    Line further(Charge charge, Billed billed, Usage usage, PeriodPart part) {
      Money before = charge.rate(billed.usage(), billed.part()).amount();
      return super.further(charge, new Billed(billed.usage(), billed.part(), before), usage, part);
    }
  }

  private static final class MinimumWithEachPart extends Subject {
    @Override
    Line rate(Charge charge, Usage usage, PeriodPart part) {
      return super.rate(charge, usage, PeriodPart.COMPLETE);
    }
  }

  private static final class RoundingUnexplained extends Subject {
    @Override
    Line rate(Charge charge, Usage usage, PeriodPart part) {
      Line line = super.rate(charge, usage, part);
      return new Line(
          line.amount(),
          line.steps().stream().filter(step -> step.kind() != Step.Kind.ROUNDING).toList());
    }
  }

  private static final class LinesCut extends Subject {
    @Override
    Line rate(Charge charge, Usage usage, PeriodPart part) {
      Line line = super.rate(charge, usage, part);
      List<Step> exact = new ArrayList<>(line.steps());
      exact.removeIf(step -> step.kind() == Step.Kind.ROUNDING);
      Fraction sum = Naive.sum(exact, null);
      Money cut =
          Money.of(
              line.amount().currency(),
              new BigDecimal(sum.numerator())
                  .divide(
                      new BigDecimal(sum.denominator()),
                      line.amount().amount().scale(),
                      RoundingMode.DOWN));
      Fraction off = cut.exactly().minus(sum);
      exact.add(new Step(Step.Kind.ROUNDING, "", 0, Fraction.ONE, off));
      return new Line(cut, exact);
    }
  }

  private static final class BoundOutside extends Subject {
    @Override
    Fraction price(PriceModel model, Quantity quantity) {
      return super.price(
          ModelKinds.volumeTiers(model)
              .map(tiers -> PriceModel.volume(tiers.stream().map(this::less).toList()))
              .orElse(model),
          quantity);
    }

    private Tier less(Tier tier) {
      BigDecimal upTo = tier.upTo();
      return upTo == null
          ? tier
          : new Tier(upTo.subtract(new BigDecimal("0.5")), tier.unitPrice(), tier.flatPrice());
    }
  }

  private static final class SplitRoundsEach extends Subject {
    @Override
    List<Money> split(Money total, List<Fraction> weights) {
      Fraction all = weights.stream().reduce(Fraction.ZERO, Fraction::plus);
      return weights.stream()
          .map(weight -> total.exactly().times(weight).dividedBy(all))
          .map(part -> Money.rounded(total.currency(), part))
          .toList();
    }
  }

  private static final class RestToTheFirst extends Subject {
    @Override
    List<Money> split(Money total, List<Fraction> weights) {
      List<Money> parts = new ArrayList<>(new SplitRoundsEach().split(total, weights));
      Money sum = parts.stream().reduce(Money.zero(total.currency()), Money::plus);
      parts.set(0, parts.get(0).plus(total.minus(sum)));
      return parts;
    }
  }
}
