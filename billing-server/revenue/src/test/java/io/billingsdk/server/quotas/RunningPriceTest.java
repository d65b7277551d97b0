package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Quantity;
import io.billingsdk.server.catalog.PlanCharge;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The price of a row is the difference that it makes to the price of all usage. */
class RunningPriceTest {
  private static final long SEED = System.nanoTime();
  private static final int ROWS = 300;

  private static Charge.ChargeBuilder byModel() {
    return Charge.builder("USD")
        .model(PriceModel.unit("0.000000000000000003"))
        .varyBy(
            "model", Map.of("gpt-4", PriceModel.unit("0.06"), "small", PriceModel.unit("0.0123")));
  }

  private static Charge listed() {
    return Charge.builder("USD").varyBy("model", Map.of("gpt-4", PriceModel.unit("0.06"))).build();
  }

  private static void requireSame(Charge charge, boolean isSum) {
    PlanCharge tokens =
        new PlanCharge("tokens", "Tokens", PlanCharge.Kind.METERED, "tokens", charge);
    Random random = new Random(SEED);
    Map<String, BigDecimal> totals = new HashMap<>(Map.of("small", BigDecimal.TEN));
    RunningPrice running = null;
    Map<String, BigDecimal> apart = new HashMap<>(totals);
    List<String> values = List.of("gpt-4", "small", "other", "");
    for (int i = 0; i < ROWS; i++) {
      String value = values.get(random.nextInt(values.size()));
      // Some of corrections, and some of more than there was.
      BigDecimal quantity = BigDecimal.valueOf(random.nextInt(2_000) - 500, 2);
      PricedUse use = new PricedUse("s/1/tokens", tokens, value, quantity);
      if (running == null) {
        assertThat(use.isSumOfValues()).isEqualTo(isSum);
        running = new RunningPrice(use, totals);
      }
      BigDecimal before = use.priceOf(apart);
      apart.merge(value, quantity, BigDecimal::add);
      assertThat(running.add(use))
          .as("row %d of seed %d", i, SEED)
          .isEqualTo(use.priceOf(apart).subtract(before));
    }
    assertThat(totals).isEqualTo(apart);
  }

  @Test
  void add_ofAChargeWhoseValuesAddUp_isTheDifferenceOfAllUsage() {
    requireSame(byModel().build(), true);
    requireSame(listed(), true);
  }

  @Test
  void add_ofAChargeWithIncludedUnitsOrAMaximum_isTheDifferenceOfAllUsage() {
    requireSame(byModel().includedUnits(Quantity.of(20)).build(), false);
    requireSame(byModel().maximum(Money.of("USD", "3")).build(), false);
  }

  @Test
  void add_ofAChargeWithoutADimension_isTheDifferenceOfAllUsage() {
    requireSame(Charge.of("USD", PriceModel.unit("0.02")), false);
  }
}
