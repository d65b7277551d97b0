package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.server.catalog.PlanCharge;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PricedUseTest {
  private static PricedUse use(Charge charge) {
    PlanCharge tokens =
        new PlanCharge("tokens", "Tokens", PlanCharge.Kind.METERED, "tokens", charge);
    return new PricedUse("s/1/tokens", tokens, "gpt-4", BigDecimal.ONE);
  }

  private static BigDecimal price(Charge charge, Map<String, BigDecimal> totals) {
    return use(charge).priceOf(totals);
  }

  @Test
  void value_withoutAPrice_countsNothing_andTheOthersInFull() {
    Charge listed =
        Charge.builder("USD")
            .varyBy(
                "model", Map.of("gpt-4", PriceModel.unit("0.06"), "small", PriceModel.unit("0.01")))
            .build();
    Map<String, BigDecimal> totals =
        Map.of(
            "gpt-4",
            BigDecimal.TEN,
            "small",
            BigDecimal.TEN,
            "unlisted",
            BigDecimal.TEN,
            "",
            BigDecimal.ONE);

    assertThat(price(listed, totals)).isEqualByComparingTo("0.7");
    assertThat(price(listed, Map.of("unlisted", BigDecimal.TEN))).isZero();
  }

  @Test
  void value_thatTheDefaultPrices_counts() {
    Charge withDefault =
        Charge.builder("USD")
            .model(PriceModel.unit("0.02"))
            .varyBy("model", Map.of("gpt-4", PriceModel.unit("0.06")))
            .build();

    assertThat(price(withDefault, Map.of("unlisted", BigDecimal.TEN, "gpt-4", BigDecimal.ONE)))
        .isEqualByComparingTo("0.26");
  }

  @Test
  void charge_withoutADimension_pricesAll() {
    assertThat(price(Charge.of("USD", PriceModel.unit("0.02")), Map.of("", BigDecimal.TEN)))
        .isEqualByComparingTo("0.2");
  }
}
