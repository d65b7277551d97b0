package io.billingsdk.rating.properties;

import static io.billingsdk.rating.properties.Property.require;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Tier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Single models against a walk over the units, and the split of amounts. */
final class ModelProperties {
  private ModelProperties() {}

  /** Graduated, volume and package prices are what one gets unit by unit; bounds are inside. */
  static void modelsAreWhatUnitsCost(Random random, Subject subject) {
    Gen gen = new Gen(random);
    List<Tier> tiers = wholeTiers(gen);
    int units = gen.below(60);
    requirePrice(subject, PriceModel.graduated(tiers), units, Naive.graduated(tiers, units));
    requirePrice(subject, PriceModel.volume(tiers), units, Naive.volume(tiers, units));
    int size = 1 + gen.below(20);
    BigDecimal price = gen.decimal(20);
    requirePrice(
        subject,
        PriceModel.packages(BigDecimal.valueOf(size), price, PriceModel.CountedPackages.STARTED),
        units,
        Naive.packages(size, price, units));
  }

  private static List<Tier> wholeTiers(Gen gen) {
    List<Tier> tiers = new ArrayList<>();
    int bound = 0;
    int count = gen.below(4);
    for (int i = 0; i < count; i++) {
      bound += 1 + gen.below(12);
      tiers.add(new Tier(BigDecimal.valueOf(bound), gen.decimal(10), gen.decimal(20)));
    }
    tiers.add(new Tier(null, gen.decimal(10), gen.decimal(20)));
    return tiers;
  }

  private static void requirePrice(
      Subject subject, PriceModel model, int units, BigDecimal expected) {
    Fraction found = subject.price(model, Quantity.of(units));
    require(
        found.equals(Fraction.of(expected)),
        "%s of %s cost %s, not %s",
        units,
        model,
        found,
        expected);
  }

  /** Parts add up, are less than a unit from their share, and keep the order of their weights. */
  static void splitAddsUp(Random random, Subject subject) {
    Gen gen = new Gen(random);
    List<Fraction> weights = gen.weights();
    Money total = gen.money(gen.currency(), 1_000);
    Money signed = random.nextBoolean() ? total : total.negated();
    List<Money> parts = subject.split(signed, weights);
    Money sum = parts.stream().reduce(Money.zero(total.currency()), Money::plus);
    require(sum.equals(signed), "the parts are %s, not %s", sum, signed);
    Fraction all = weights.stream().reduce(Fraction.ZERO, Fraction::plus);
    Fraction unit = Fraction.of(BigDecimal.ONE.movePointLeft(total.amount().scale()));
    for (int i = 0; i < parts.size(); i++) {
      Fraction exact = signed.exactly().times(weights.get(i)).dividedBy(all);
      Fraction off = parts.get(i).exactly().minus(exact);
      require(off.max(off.negated()).compareTo(unit) < 0, "%s is %s off", parts.get(i), off);
      require(
          signed.equals(total) ? parts.get(i).signum() >= 0 : parts.get(i).signum() <= 0,
          "%s has another sign than %s",
          parts.get(i),
          signed);
    }
    requireOrder(weights, parts, signed.signum());
  }

  private static void requireOrder(List<Fraction> weights, List<Money> parts, int sign) {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        int byWeight = weights.get(i).compareTo(weights.get(j));
        int byPart = sign * parts.get(i).compareTo(parts.get(j));
        // Of equal weights the earlier part is not the smaller.
        boolean kept = byWeight >= 0 ? byPart >= 0 : byPart <= 0;
        require(kept, "part %s of %s is out of order in %s", j, weights, parts);
      }
    }
  }
}
