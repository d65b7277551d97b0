package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChargeTest {
  private static final Charge PACKAGES = Charge.of("USD", PriceModel.packages("10", "15"));

  @Test
  void packages_billedInParts_areCountedOnTheWhole() {
    Money first = PACKAGES.rate(Usage.of("4"), PeriodPart.RUNNING).amount();
    RatedLine second =
        PACKAGES.further(
            new Billed(Usage.of("4"), PeriodPart.RUNNING, first),
            Usage.of("9"),
            PeriodPart.COMPLETE);
    assertThat(first).hasToString("15.00 USD");
    assertThat(second.amount()).hasToString("0.00 USD");
    assertThat(second.steps()).isEmpty();
  }

  @Test
  void furtherPart_billedAtAnotherPriceBefore_saysSo() {
    Charge charge = Charge.of("USD", PriceModel.unit("10"));
    Money before = Money.parse("45.00 USD");
    RatedLine delta =
        charge.further(
            new Billed(Usage.of("5"), PeriodPart.COMPLETE, before),
            Usage.of("4"),
            PeriodPart.COMPLETE);
    assertThat(delta.amount()).hasToString("-5.00 USD");
    assertThat(delta.quantityOf(Step.Kind.UNITS)).isEqualTo(Fraction.of(-1));
    assertThat(delta.amountOf(Step.Kind.BILLED_OTHERWISE)).isEqualTo(Fraction.of(5));
  }

  @Test
  void pricesByModel_useUpWhatIsIncluded_inTheOrderOfThePlan() {
    Map<String, PriceModel> models = new LinkedHashMap<>();
    models.put("large", PriceModel.unit("3"));
    models.put("small", PriceModel.unit("1"));
    Charge charge =
        Charge.builder("USD")
            .model(PriceModel.unit("2"))
            .varyBy("model", models)
            .includedUnits(Quantity.of(10))
            .build();
    Map<String, Usage> usage = new LinkedHashMap<>();
    usage.put("unlisted", Usage.of("5"));
    usage.put("small", Usage.of("4"));
    usage.put("large", Usage.of("8"));
    RatedLine line = charge.rate(new Usage.ByValue(usage));
    // 8 large and 2 small are included; 2 small at 1 and 5 others at 2 are left.
    assertThat(line.amount()).hasToString("12.00 USD");
    assertThat(line.quantityOf(Step.Kind.INCLUDED)).isEqualTo(Fraction.of(10));
    charge.requirePrices(List.of("large", "anything"));
  }

  @Test
  void proratedCharge_takesItsShare_ofWhatIsForThePeriod() {
    Charge charge =
        Charge.builder("USD")
            .model(PriceModel.unit("1"))
            .includedUnits(Quantity.of(31))
            .minimum(Money.parse("62.00 USD"))
            .build()
            .prorated(Fraction.of(14, 31));
    assertThat(charge.rate(Usage.of("20")).amount()).hasToString("28.00 USD");
    assertThat(charge.rate(Usage.of("20"), PeriodPart.RUNNING).amount()).hasToString("6.00 USD");
  }

  @Test
  void order_isDiscountThenMaximumThenMinimum() {
    Charge charge =
        Charge.builder("USD")
            .model(PriceModel.unit("10"))
            .discount(Discount.percent("50"))
            .maximum(Money.parse("40.00 USD"))
            .minimum(Money.parse("20.00 USD"))
            .build();
    assertThat(charge.rate(Usage.of("6")).amount()).hasToString("30.00 USD");
    assertThat(charge.rate(Usage.of("10")).amount()).hasToString("40.00 USD");
    assertThat(charge.rate(Usage.of("1")).amount()).hasToString("20.00 USD");
  }

  @Test
  void conversion_isRounded_beforeUnitsComeOff() {
    Charge charge =
        Charge.builder("USD")
            .model(PriceModel.unit("10"))
            .conversion(Conversion.divide("1000", Rounding.UP))
            .discountedUnits(Quantity.parse("0.5"))
            .build();
    assertThat(charge.rate(Usage.of("1400")).amount()).hasToString("15.00 USD");
  }

  @Test
  void conversion_withDecimals_keepsThem() {
    Conversion toHours =
        new Conversion(Conversion.Operation.DIVIDE, new BigDecimal("3600"), Rounding.HALF_UP, 2);
    Charge charge = Charge.builder("USD").model(PriceModel.unit("1")).conversion(toHours).build();
    assertThat(charge.rate(Usage.of("5400")).amount()).hasToString("1.50 USD");
    assertThat(charge.rate(Usage.of("100")).amount()).hasToString("0.03 USD");
  }

  @Test
  void percentage_ofEvents_isBoundPerEvent() {
    PercentagePrice price =
        PercentagePrice.of("2.99").withBounds(new BigDecimal("1.75"), new BigDecimal("12"));
    Usage events = new Usage.Events(List.of(Quantity.of(10), Quantity.of(80), Quantity.of(10_000)));
    assertThat(Charge.of("USD", price).rate(events).unrounded()).hasToString("16.142");
    assertThat(Charge.of("USD", price.withFixedPerEvent("2")).rate(events).unrounded())
        .hasToString("18.691");
    assertThat(Charge.of("USD", price.withFree(2, "0")).rate(events).unrounded()).hasToString("12");
    assertThat(Charge.of("USD", price.withFree(0, "30")).rate(events).unrounded())
        .hasToString("13.794");
    assertThat(Charge.of("USD", price.withFree(3, "10000")).rate(events).unrounded())
        .hasToString("2.691");
  }

  @Test
  void blocks_byVolume_areThoseOfTheTierReached() {
    PriceModel price =
        PriceModel.blocks(
            List.of(
                new BlockTier(new BigDecimal("100"), 10, BigDecimal.ONE),
                new BlockTier(new BigDecimal("1000"), null, BigDecimal.ONE)),
            PriceModel.BlockMode.VOLUME);
    Charge charge = Charge.of("USD", price);
    assertThat(charge.rate(Usage.of("1000")).amount()).hasToString("10.00 USD");
    assertThat(charge.rate(Usage.of("5325")).amount()).hasToString("6.00 USD");
  }

  @Test
  void thresholds_withATinyStep_nameTheHighest() {
    Thresholds thresholds = new Thresholds(List.of(), new BigDecimal("0.000001"));
    List<BigDecimal> reached = thresholds.reached(BigDecimal.ZERO, new BigDecimal("1000000"));
    assertThat(reached).hasSize(Thresholds.MOST_NAMED);
    assertThat(reached.get(reached.size() - 1)).isEqualByComparingTo("1000000");
  }
}
