package io.billingsdk.rating.properties;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Charge.ChargeBuilder;
import io.billingsdk.rating.Conversion;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.ModelKinds;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Rounding;
import io.billingsdk.rating.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random charges with random usage. */
final class Scenarios {
  private static final List<String> VALUES = List.of("gpt-large", "gpt-small", "other");

  private final Gen gen;
  private final Models models;

  Scenarios(Random random) {
    this.gen = new Gen(random);
    this.models = new Models(gen);
  }

  /** Usage goes up and, where {@code corrections} are, down. */
  Scenario next(boolean corrections) {
    String currency = gen.currency();
    ChargeBuilder builder = Charge.builder(currency);
    Models.ModelKind kind = gen.of(List.of(Models.ModelKind.values()));
    PriceModel model = models.of(kind);
    builder.model(model);
    boolean varies = gen.oneIn(3);
    Map<String, PriceModel> byValue = new LinkedHashMap<>();
    if (varies) {
      VALUES.forEach(value -> byValue.put(value, models.of(kind)));
      builder.varyBy("model", byValue);
    }
    bounds(builder, currency);
    if (kind.countsUnits()) {
      units(builder);
    }
    Charge charge = builder.build();
    boolean monotone =
        byValue.values().stream().allMatch(Scenarios::isMonotone) && isMonotone(model);
    return new Scenario(
        gen.oneIn(3) ? charge.prorated(gen.share()) : charge,
        moments(kind, varies, corrections),
        !corrections,
        monotone);
  }

  private static boolean isMonotone(PriceModel model) {
    return !ModelKinds.isByVolume(model);
  }

  private void bounds(ChargeBuilder builder, String currency) {
    if (gen.oneIn(3)) {
      builder.discount(
          gen.oneIn(2)
              ? Discount.percent(Integer.toString(gen.below(101)))
              : Discount.amount(gen.money(currency, 50)));
    }
    Money least = gen.money(currency, 200);
    if (gen.oneIn(3)) {
      builder.minimum(least);
    }
    if (gen.oneIn(3)) {
      builder.maximum(least.plus(gen.money(currency, 500)));
    }
  }

  private void units(ChargeBuilder builder) {
    if (gen.oneIn(3)) {
      Rounding rounding = gen.of(List.of(Rounding.values()));
      builder.conversion(
          gen.oneIn(2)
              ? Conversion.divide(gen.positive(20).toPlainString(), rounding)
              : Conversion.multiply(gen.positive(3).toPlainString(), rounding));
    }
    if (gen.oneIn(3)) {
      builder.includedUnits(gen.quantity(60));
    }
    if (gen.oneIn(4)) {
      builder.discountedUnits(gen.quantity(30));
    }
  }

  private List<Usage> moments(Models.ModelKind kind, boolean varies, boolean corrections) {
    List<Usage> moments = new ArrayList<>();
    UsageWalk walk = new UsageWalk(gen, corrections);
    Map<String, Usage> byValue = new LinkedHashMap<>();
    VALUES.forEach(value -> byValue.put(value, kind.nothing()));
    Usage single = kind.nothing();
    int count = 2 + gen.below(5);
    for (int i = 0; i < count; i++) {
      if (varies) {
        byValue.computeIfPresent(gen.of(VALUES), (value, usage) -> walk.next(usage));
        moments.add(new Usage.ByValue(byValue));
      } else {
        single = walk.next(single);
        moments.add(single);
      }
    }
    return moments;
  }
}
