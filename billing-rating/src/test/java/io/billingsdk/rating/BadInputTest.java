package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Each refusal says the field, what it must be, and what it is. */
final class BadInputTest {
  private static final Money TEN = Money.of("USD", "10.00");
  private static final Money TEN_EURO = Money.of("EUR", "10.00");
  private static final PriceModel UNIT = PriceModel.unit("1");
  private static final ZoneId UTC = ZoneId.of("UTC");

  @TestFactory
  Stream<DynamicTest> badInput_isRefused_withFieldBoundAndValue() {
    Map<String, Executable> refused = new LinkedHashMap<>();
    numbers(refused);
    models(refused);
    charges(refused);
    times(refused);
    invoices(refused);
    return refused.entrySet().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.getKey(), () -> requireRefusal(one.getKey(), one.getValue())));
  }

  private static void requireRefusal(String message, Executable bad) {
    RatingInputException refusal = catchThrowableOfType(RatingInputException.class, bad::execute);
    assertThat(refusal).isNotNull().hasMessage(message);
    assertThat(message).startsWith(refusal.field() + " must be " + refusal.expectation());
  }

  private static void numbers(Map<String, Executable> refused) {
    String code = "the ISO 4217 code of a currency with minor units, such as USD";
    refused.put(
        "currency must be " + code + ", but is XAU, which has none", () -> Money.of("XAU", "1"));
    refused.put(
        "currency must be " + code + ", but is XXX, which has none", () -> Money.zero("XXX"));
    refused.put("currency must be " + code + ", but is \"usd\"", () -> Money.of("usd", "1"));
    refused.put(
        "currency must be " + code + ", but is \"Credits\"", () -> Charge.builder("Credits"));
    refused.put(
        "amount must be of at most 2 decimals in USD, but is 1.234",
        () -> Money.of("USD", "1.234"));
    refused.put(
        "amount must be of at most 0 decimals in JPY, but is 0.5", () -> Money.of("JPY", "0.5"));
    refused.put(
        "amount must be below 10^18 in magnitude, but is 1000000000000000000.00",
        () -> Money.of("USD", "1000000000000000000"));
    String plain = "a plain decimal of at most 64 characters, such as 12.50";
    refused.put("amount must be " + plain + ", but is \"1e3\"", () -> Money.of("USD", "1e3"));
    refused.put("amount must be " + plain + ", but is \"\u0661\"", () -> Money.of("USD", "\u0661"));
    refused.put("quantity must be " + plain + ", but is \"\"", () -> Quantity.parse(""));
    refused.put(
        "money must be an amount and a code, such as 12.50 USD, but is 12.50",
        () -> Money.parse("12.50"));
    refused.put("other amount must be in USD, but is in EUR", () -> TEN.plus(TEN_EURO));
    refused.put("quantity must be 0 to 9007199254740992, but is -1", () -> Quantity.of(-1));
    refused.put(
        "quantity must be 0 to 9007199254740992, but is 9007199254740992.1",
        () -> Quantity.parse("9007199254740992.1"));
    refused.put(
        "quantity must be 0 to 9007199254740992, but is 1E+999999999",
        () -> Quantity.of(new BigDecimal("1E+999999999")));
    refused.put(
        "quantity must be of at most 18 decimals, but is 1E-19",
        () -> Quantity.of(new BigDecimal("1E-19")));
    refused.put(
        "value must be of at most 200 digits, but is 1E-999999999",
        () -> Fraction.of(new BigDecimal("1E-999999999")));
    refused.put("denominator must be other than 0, but is 0", () -> Fraction.of(1, 0));
    refused.put(
        "divisor must be other than 0, but is 0", () -> Fraction.ONE.dividedBy(Fraction.ZERO));
    refused.put("weights must be at least one, but is none", () -> Split.of(TEN, List.of()));
    refused.put(
        "weights must be above 0 in sum, but is 0", () -> Split.of(TEN, List.of(Fraction.ZERO)));
    refused.put(
        "weights[1] must be at least 0, but is -1",
        () -> Split.of(TEN, List.of(Fraction.ONE, Fraction.of(-1))));
    refused.put(
        "total must be of at most 1 decimals, but is 0.05",
        () -> Split.of(new BigDecimal("0.05"), 1, List.of(Fraction.ONE)));
  }

  private static void models(Map<String, Executable> refused) {
    refused.put("price must be at least 0 and below 10^15, but is -1", () -> PriceModel.unit("-1"));
    refused.put(
        "price must be of at most 18 decimals, but is 0.0000000000000000001",
        () -> PriceModel.unit("0.0000000000000000001"));
    refused.put(
        "tiers[1].upTo must be above 10, but is 5",
        () ->
            PriceModel.graduated(
                List.of(Tier.upTo("10", "1", "0"), Tier.upTo("5", "1", "0"), Tier.rest("1", "0"))));
    refused.put(
        "tiers[0].upTo must be absent: the last tier has no end, but is 10",
        () -> PriceModel.volume(List.of(Tier.upTo("10", "1", "0"))));
    refused.put(
        "tiers[0].upTo must be given: only the last has no end, but is absent",
        () -> PriceModel.volume(List.of(Tier.rest("1", "0"), Tier.rest("1", "0"))));
    refused.put(
        "number of tiers must be 1 to 1000, but is 0", () -> PriceModel.graduated(List.of()));
    refused.put("upTo must be above 0, but is 0", () -> Tier.upTo("0", "1", "0"));
    refused.put("size must be above 0, but is 0", () -> PriceModel.packages("0", "1"));
    refused.put(
        "tiers[0].mostBlocks must be absent: the last tier has no end, but is 3",
        () ->
            PriceModel.blocks(
                List.of(new BlockTier(BigDecimal.TEN, 3, BigDecimal.ONE)),
                PriceModel.BlockMode.GRADUATED));
    refused.put(
        "mostBlocks must be 1 to 2147483647, but is 0",
        () -> new BlockTier(BigDecimal.TEN, 0, BigDecimal.ONE));
    refused.put(
        "tiers[1].most[cpu] must be at least 10, but is 5",
        () ->
            PriceModel.capacity(
                List.of(cpu("10"), cpu("5"), new CapacityTier(BigDecimal.TEN, Map.of()))));
    refused.put(
        "tiers[0].most must be empty: the last tier has no bounds, but is {cpu=10}",
        () -> PriceModel.capacity(List.of(cpu("10"))));
    refused.put(
        "peaks must be of units of the first tier, but is \"gpu\"",
        () ->
            Charge.of(
                    "USD",
                    PriceModel.capacity(
                        List.of(cpu("10"), new CapacityTier(BigDecimal.TEN, Map.of()))))
                .rate(new Usage.Peaks(Map.of("gpu", Quantity.ZERO))));
    refused.put(
        "leastPerEvent must be at most mostPerEvent, 1, but is 2",
        () -> PercentagePrice.of("1").withBounds(new BigDecimal("2"), BigDecimal.ONE));
    refused.put(
        "ratePercent must be at least 0 and below 1000, but is 1000",
        () -> PercentagePrice.of("1000"));
    refused.put(
        "freeEvents must be at least 0, but is -1",
        () -> PercentagePrice.of("1").withFree(-1, "0"));
    refused.put("factor must be above 0, but is 0", () -> Conversion.divide("0", Rounding.UP));
  }

  private static CapacityTier cpu(String most) {
    return new CapacityTier(BigDecimal.ONE, Map.of("cpu", new BigDecimal(most)));
  }

  private static void charges(Map<String, Executable> refused) {
    refused.put("model must be given, but is absent", () -> Charge.builder("USD").build());
    refused.put(
        "minimum must be in USD, but is in EUR", () -> Charge.builder("USD").minimum(TEN_EURO));
    refused.put(
        "minimum must be at most the maximum, 10.00 USD, but is 20.00 USD",
        () -> Charge.builder("USD").model(UNIT).minimum(TEN.plus(TEN)).maximum(TEN).build());
    refused.put(
        "maximum must be at least 0, but is -10.00 USD",
        () -> Charge.builder("USD").maximum(TEN.negated()));
    refused.put(
        "discount must be in USD, but is in EUR",
        () -> Charge.builder("USD").model(UNIT).discount(Discount.amount(TEN_EURO)).build());
    refused.put("percent must be 0 to 100, but is 100.5", () -> Discount.percent("100.5"));
    refused.put(
        "model must be one that counts units, since units are converted, included or discounted,"
            + " but is FlatPrice",
        () ->
            Charge.builder("USD")
                .model(PriceModel.flat("1"))
                .includedUnits(Quantity.of(5))
                .build());
    refused.put(
        "models must be given for each model, or a default model set, but is without a price for"
            + " \"gpt-9\"",
        () ->
            Charge.builder("USD")
                .varyBy("model", Map.of("gpt-8", UNIT))
                .build()
                .requirePrices(List.of("gpt-8", "gpt-9")));
    refused.put(
        "usage must be by the values of model, but is a total",
        () ->
            Charge.builder("USD")
                .varyBy("model", Map.of("gpt-8", UNIT))
                .build()
                .rate(Usage.of("1")));
    refused.put(
        "usage must be amounts of events, but is a total",
        () -> Charge.of("USD", PercentagePrice.of("1").withFixedPerEvent("1")).rate(Usage.of("1")));
    refused.put(
        "usage must be a total, but is peaks",
        () -> Charge.of("USD", UNIT).rate(new Usage.Peaks(Map.of())));
    refused.put(
        "usage[a] must be of one value, but is by value",
        () -> new Usage.ByValue(Map.of("a", new Usage.ByValue(Map.of()))));
    refused.put(
        "billed amount must be in USD, but is in EUR",
        () ->
            Charge.of("USD", UNIT)
                .further(
                    new Billed(Usage.none(), PeriodPart.RUNNING, TEN_EURO),
                    Usage.none(),
                    PeriodPart.COMPLETE));
    refused.put(
        "share must be 0 to 1, but is 1.5",
        () -> Charge.of("USD", UNIT).prorated(Fraction.of(3, 2)));
  }

  private static void times(Map<String, Executable> refused) {
    LocalDate day = LocalDate.of(2026, 3, 1);
    refused.put(
        "zone must be the id of a region, such as Europe/Berlin, but is +02:00",
        () -> BillingCalendar.months(ZoneOffset.ofHours(2)));
    refused.put(
        "zone must be the id of a region, such as Europe/Berlin, but is UTC+02:00",
        () -> BillingCalendar.months(ZoneId.of("UTC+02:00")));
    refused.put("billDay must be 1 to 31, but is 32", () -> BillingCalendar.monthsFrom(32, UTC));
    refused.put(
        "count must be 1 to 120, but is 0",
        () -> new BillingInterval(0, BillingInterval.Unit.MONTH));
    refused.put(
        "to must be after from, 2026-03-01, but is 2026-03-01",
        () -> BillingPeriod.of(day, day, UTC));
    refused.put(
        "to must be after from, 2026-03-01, but is 2026-02-01",
        () -> BillingCalendar.months(UTC).periods(day, day.minusMonths(1)));
    refused.put(
        "part of the period must be within 2026-03-01T00:00:00Z and 2026-04-01T00:00:00Z, but is"
            + " 2026-03-01T00:00:00Z to 2026-04-02T00:00:00Z",
        () ->
            ProrationRule.DAYS.shareOf(
                BillingPeriod.of(day, day.plusMonths(1), UTC), day, day.plusMonths(1).plusDays(1)));
    refused.put(
        "to must be at or after from, 2026-03-03T00:00:00Z, but is 2026-03-02T00:00:00Z",
        () ->
            ProrationRule.INSTANT.shareOf(
                BillingPeriod.of(day, day.plusMonths(1), UTC),
                Instant.parse("2026-03-03T00:00:00Z"),
                Instant.parse("2026-03-02T00:00:00Z")));
    refused.put(
        "period must be 28 days or longer, but is 7",
        () -> ProrationRule.FIXED_30.shareOf(BillingPeriod.of(day, day.plusDays(7), UTC)));
    refused.put(
        "new price must be in USD, but is in EUR",
        () -> PriceChange.between(TEN, BillingInterval.MONTH, TEN_EURO, BillingInterval.MONTH));
  }

  private static void invoices(Map<String, Executable> refused) {
    refused.put("lines must be at least one, but is none", () -> InvoiceTotals.of(List.of()));
    refused.put(
        "lines[1].net must be in USD, but is in EUR",
        () -> InvoiceTotals.of(List.of(InvoiceLine.of(TEN), InvoiceLine.of(TEN_EURO))));
    refused.put(
        "balance must be at least 0, but is -10.00 USD",
        () ->
            InvoiceTotals.of(
                List.of(InvoiceLine.of(TEN)), Optional.empty(), Optional.of(TEN.negated())));
    refused.put(
        "credited must be at most what was charged, 10.00 USD, but is 20.00 USD",
        () -> UnusedCredit.of(TEN, Fraction.ZERO, TEN.plus(TEN)));
    refused.put("keptShare must be 0 to 1, but is -1", () -> UnusedCredit.of(TEN, Fraction.of(-1)));
    refused.put(
        "charged must be in USD, but is in EUR",
        () -> new Commitment(TEN).trueUp(Fraction.ONE, TEN_EURO));
    refused.put("step must be above 0, but is 0.00 USD", () -> new CashRounding(Money.zero("USD")));
    refused.put(
        "least must be at most the most, 1, but is 2",
        () -> new Rollover(Quantity.of(2), Quantity.of(1), false));
    refused.put(
        "values[1] must be above 10, but is 10",
        () -> new Thresholds(List.of(BigDecimal.TEN, BigDecimal.TEN), null));
    refused.put(
        "grants must be of ids that differ, but is \"a\"",
        () -> {
          CreditGrant grant = new CreditGrant("a", Quantity.of(1), 0, Instant.EPOCH, null);
          CreditBurn.of(List.of(grant, grant), Quantity.ZERO, Instant.EPOCH);
        });
  }
}
