package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  private static final String PLAN =
      """
      plans:
        - plan: p
          name: P
          currency: USD
          interval: month
          entitlements: {models: %s}
          charges:
            - id: c
              name: C
              kind: metered
              meter: m
              %s
      """;

  private static PlanCharge charge(String rest) {
    return charge("all", rest);
  }

  private static PlanCharge charge(String models, String rest) {
    return PlanFile.parse(PLAN.formatted(models, rest)).plan("p").orElseThrow().charges().get(0);
  }

  @Test
  void shipped_hasThePlansOfThePriceList() {
    PlanFile file = PlanFile.shipped();
    PlanVersion free = file.plan("free").orElseThrow();
    PlanVersion pro = file.plan("pro").orElseThrow();
    PlanVersion enterprise = file.plan("enterprise").orElseThrow();

    assertThat(List.of(fee(free), fee(pro), fee(enterprise)))
        .hasToString("[0.00 USD, 29.00 USD, 99.00 USD]");
    assertThat(free.entitlements().quotas().get(0).limit()).isEqualByComparingTo("100");
    assertThat(pro.entitlements().quotas().get(0).limit()).isEqualByComparingTo("5000");
    assertThat(enterprise.entitlements().quotas()).isEmpty();
    assertThat(enterprise.entitlements().models()).isEmpty();
    assertThat(pro.entitlements().models()).containsAll(free.entitlements().models());
    assertThat(free.entitlements().features())
        .containsEntry("support", "community")
        .containsEntry("usageReport", "monthly");
    assertThat(pro.entitlements().features())
        .containsEntry("support", "priority")
        .containsEntry("liveUsage", "true")
        .containsEntry("customQuotas", "true");
    assertThat(enterprise.entitlements().features())
        .containsEntry("support", "dedicated")
        .containsEntry("sla", "true")
        .containsEntry("customisation", "true")
        .containsEntry("teamSeats", "true");
  }

  private static Money fee(PlanVersion plan) {
    return plan.charges().get(0).charge().rate(Usage.none()).amount();
  }

  @Test
  void write_thenRead_isTheSameByteForByte_inBothForms() {
    String yaml = PlanFile.shipped().yaml();
    String json = PlanFile.shipped().json();
    assertThat(PlanFile.parse(yaml).yaml()).isEqualTo(yaml);
    assertThat(PlanFile.parse(json).json()).isEqualTo(json);
    assertThat(PlanFile.parse(json).yaml()).isEqualTo(yaml);
    assertThat(PlanFile.shipped().diff(PlanFile.parse(json)).isEmpty()).isTrue();
  }

  /** Texts that YAML would take for something else without quotes. */
  @Test
  void write_ofTextsThatLookLikeSomethingElse_keepsThem() {
    String features =
        """
        {a: "yes", b: "no", c: "null", d: "~", e: "12", f: "1.50", g: "1:30", h: "2027-01-01",
         i: "*x", j: "&x", k: "!x", l: "- x", m: "a: b", n: "# x", o: "true", p: " x ",
         q: "0x1F", r: "1e3", s: ".5", t: "{x}", u: "line\\nline", v: "é漢", w: "'", x: "\\"",
         y: "@x", z: "%x", aa: "on", ab: "|", ac: "0o7", ad: "1_000", ae: ".inf", af: "a #b"}
        """;
    PlanFile file =
        PlanFile.parse(
            PLAN.formatted(
                "all, features: " + features.replace("\n", ""), "price: {model: unit, price: 1}"));
    PlanFile again = PlanFile.parse(file.yaml());
    assertThat(again.plan("p").orElseThrow().entitlements())
        .isEqualTo(file.plan("p").orElseThrow().entitlements());
    assertThat(again.yaml()).isEqualTo(file.yaml());
    assertThat(file.plan("p").orElseThrow().entitlements().features())
        .hasSize(32)
        .containsEntry("h", "2027-01-01");
  }

  @Test
  void numbers_keepEachDigit_whateverTheirForm() {
    PlanFile file =
        PlanFile.parse(PLAN.formatted("all", "price: {model: unit, price: 0.000000000000000001}"));
    assertThat(file.yaml()).contains("price: 0.000000000000000001\n");
    assertThat(file.json()).contains("\"0.000000000000000001\"");
    PlanFile asText =
        PlanFile.parse(
            PLAN.formatted("all", "price: {model: unit, price: \"0.0000000000000000010\"}"));
    assertThat(asText.yaml()).isEqualTo(file.yaml());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {model: unit, price: 0.5} | 3 | 1.50 USD
          {model: graduated, tiers: [{upTo: 10, unitPrice: 2}, {unitPrice: 1, flatPrice: 5}]} | 11 | 26.00 USD
          {model: volume, tiers: [{upTo: 10, unitPrice: 2}, {unitPrice: 1}]} | 11 | 11.00 USD
          {model: packages, size: 10, price: 15} | 11 | 30.00 USD
          {model: packages, size: 10, price: 15, counted: complete} | 11 | 15.00 USD
          {model: blocks, tiers: [{size: 100, mostBlocks: 10, price: 1}, {size: 1000, price: 1}]} | 5325 | 15.00 USD
          {model: blocks, mode: volume, tiers: [{size: 100, mostBlocks: 10, price: 1}, {size: 1000, price: 1}]} | 5325 | 6.00 USD
          {model: percentage, ratePercent: 1.3} | 800 | 10.40 USD
          {model: graduatedPercentage, tiers: [{upTo: 100, ratePercent: 10}, {ratePercent: 5}]} | 300 | 20.00 USD
          """)
  void price_ofEachModel_isThatOfTheLibrary(String price, String used, String amount) {
    assertThat(charge("price: " + price).charge().rate(Usage.of(used)).amount())
        .hasToString(amount);
  }

  @Test
  void price_ofEventsAndPeaks_saysWhichUsageItNeeds() {
    PlanCharge events =
        charge("price: {model: percentage, ratePercent: 1.3, fixedPerEvent: 2, freeAmount: 250}");
    assertThat(events.form()).isEqualTo(UsageForm.EVENTS);
    Usage amounts =
        new Usage.Events(List.of("50", "100", "250", "400").stream().map(Quantity::parse).toList());
    assertThat(events.charge().rate(amounts).amount()).hasToString("11.15 USD");

    PlanCharge peaks =
        PlanFile.parse(
                PLAN.formatted(
                        "all",
                        "price: {model: capacity, tiers: [{price: 10, most: {seats: 5, disk: 100}},"
                            + " {price: 20}]}")
                    .replace("        meter: m\n", ""))
            .plan("p")
            .orElseThrow()
            .charges()
            .get(0);
    assertThat(peaks.form()).isEqualTo(UsageForm.PEAKS);
    assertThat(peaks.meters()).containsExactly("seats", "disk");
    Usage used = new Usage.Peaks(Map.of("seats", Quantity.of(5), "disk", Quantity.of(101)));
    assertThat(peaks.charge().rate(used).amount()).hasToString("20.00 USD");
  }

  @Test
  void charge_withEveryOption_isRatedInTheOrderOfTheLibrary() {
    PlanCharge charge =
        charge(
            """
            price: {model: unit, price: 0.10}
                    dimension: model
                    prices: {gpt-4: {model: unit, price: 1}}
                    conversion: {operation: divide, factor: 1000, rounding: up}
                    includedUnits: 5
                    discountedUnits: 1
                    discount: {percent: 10}
                    minimum: 2.00 USD
                    maximum: 50
            """
                .stripTrailing());
    Usage used = new Usage.ByValue(Map.of("gpt-4", Usage.of("20500"), "x", Usage.of("9001")));
    // 21 units of gpt-4, 6 free: 15.00; 10 of x: 1.00; less 10 %.
    assertThat(charge.charge().rate(used).amount()).hasToString("14.40 USD");
    assertThat(charge.charge().rate(new Usage.ByValue(Map.of())).amount()).hasToString("2.00 USD");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          price: {model: unit, price: -1} | plans[0].charges[0].price.price must be a number from 0
          price: {model: unit, prise: 1} | plans[0].charges[0].price.price must be a number from 0
          price: {model: unit, price: 1, tiers: []} | plans[0].charges[0].price.tiers must be left out
          price: {model: linear} | plans[0].charges[0].price.model must be one of flat, unit, graduated
          price: {model: flat, amount: 1} | plans[0].charges[0].price.model must be another than flat
          price: {model: volume, tiers: [{upTo: 10}, {upTo: 5}, {}]} | plans[0].charges[0].price.tiers[1].upTo must be above 10
          price: {model: volume, tiers: [{upTo: 10}]} | plans[0].charges[0].price.tiers[0].upTo must be absent
          price: {model: unit, price: 1e400} | plan file must be YAML or JSON; line 12: write the number 1e400 in plain digits
          price: {model: unit, price: 010} | plan file must be YAML or JSON; line 12: write the number 010 in plain digits
          price: *x | plan file must be YAML or JSON; line 12: anchors
          {dimension: model} | plan file must be YAML or JSON
          dimension: model | plans[0].charges[0].prices must be given
          price: {model: unit, price: 1, price: 2} | plan file must be YAML or JSON
          minimum: 5 | plans[0].charges[0].price must be given
          """)
  void parse_ofAChargeThatIsWrong_isRefusedByTheField(String rest, String message) {
    assertThatThrownBy(() -> charge(rest))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          minimum: 5 EUR | minimum must be in USD, the currency of the plan
          minimum: 5.001 | minimum must be of at most 2 decimals in USD
          maximum: -1 | maximum must be a number from 0
          discount: {percent: 101} | discount.percent must be 0 to 100
          discount: {percent: 1, amount: 1} | discount.percent must be given, or an amount, and not both
          conversion: {operation: divide, factor: 0} | conversion.factor must be above 0
          includedUnits: 9007199254740993 | includedUnits must be 0 to 9007199254740992
          dimension: colour | dimension must be one of model, module
          """)
  void parse_ofAnOptionThatIsWrong_isRefusedByTheField(String option, String message) {
    assertThatThrownBy(() -> charge("price: {model: unit, price: 1}\n        " + option))
        .hasMessageStartingWith("plans[0].charges[0]." + message);
  }

  @Test
  void parse_ofPricesByModelWithoutADefault_isRefusedWhereAModelWouldHaveNone() {
    String byModel = "dimension: model\n        prices: {a: {model: unit, price: 1}}";
    assertThatThrownBy(() -> charge("all", byModel))
        .hasMessage(
            "plans[0].charges[0].price must be given:"
                + " the default for each model that prices does not list");
    assertThatThrownBy(() -> charge("[a, b*]", byModel)).hasMessageContaining("must be given");
    assertThatThrownBy(() -> charge("[a, b]", byModel))
        .hasMessageStartingWith("plans[0].charges[0].prices must be given for each model")
        .hasMessageEndingWith("none for b");
    assertThat(charge("[a]", byModel).charge().dimension()).isEqualTo("model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          quotas: [{meter: m, limit: -5, mode: hard}] | quotas[0].limit must be a number from 0
          quotas: [{meter: m, limit: 5, mode: soft}] | quotas[0].mode must be one of hard, overage, notify
          quotas: [{meter: m, limit: 5, mode: hard, overageCap: 1}] | quotas[0].overageCap must be left out
          quotas: [{meter: m, limit: 5, mode: hard, thresholds: [80, 50]}] | quotas[0].thresholds must be whole numbers
          quotas: [{meter: m, limit: 5, mode: hard, thresholdEvery: 0}] | quotas[0].thresholdEvery must be a whole number from 1 to 1000
          quotas: [{meter: m, limit: 5, mode: hard}, {meter: m, limit: 6, mode: hard}] | quotas[1].meter must be another one
          rate: {perSecond: 0, burst: 1} | rate.perSecond must be 0.001 to 1000000
          groups: [none] | groups[0] must be the name of a group of modelGroups
          features: {sla: 5} | features.sla must be a text
          """)
  void parse_ofEntitlementsThatAreWrong_isRefusedByTheField(String field, String message) {
    String plan = PLAN.formatted("[a], " + field, "price: {model: unit, price: 1}");
    assertThatThrownBy(() -> PlanFile.parse(plan))
        .hasMessageStartingWith("plans[0].entitlements." + message);
  }

  @Test
  void diff_ofTwoFiles_namesWhatIsNewGoneAndOther() {
    PlanFile old = PlanFile.shipped();
    PlanFile other =
        PlanFile.parse(
            PlanFile.shippedText()
                .replace("amount: 29", "amount: 39")
                .replace("        customQuotas: true\n", "")
                .replace("sla: true", "sla: 99.9 %"));
    assertThat(old.diff(other).changes())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "- plans[pro].entitlements.features.customQuotas: true",
            "~ plans[pro].charges[base].price.amount: 29 -> 39",
            "- plans[enterprise].entitlements.features.customQuotas: true",
            "~ plans[enterprise].entitlements.features.sla: true -> 99.9 %");
  }
}
