package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.costs.AdviceInput.Operation;
import io.billingsdk.costs.AdviceInput.Tokens;
import io.billingsdk.costs.AdviceInput.Waste;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AdvisorTest {
  private static final Advisor ADVISOR = Advisor.of(AdviceLimits.usual());

  @Test
  void userRule_atItsBoundAndAboveIt_firesAboveAlone() {
    Map<String, BigDecimal> at = Map.of("a", d("3"), "b", d("0"), "c", d("0.5"), "d", d("0.5"));
    assertThat(users(at).advice()).as("exactly three times 1").isEmpty();
    Map<String, BigDecimal> above =
        Map.of("a", d("3.1"), "b", d("0"), "c", d("0.5"), "d", d("0.5"));
    Advice advice = users(above).advice().get(0);
    assertThat(advice.type()).isEqualTo("user_cost_alert");
    assertThat(advice.priority()).isEqualTo(Advice.Priority.MEDIUM);
    assertThat(advice.money()).isEqualByComparingTo("0.025");
    assertThat(advice.rule()).contains("3 x average");
  }

  @Test
  void userRule_withThreeUsers_saysThatItCannotFire() {
    Advisor.Report report = users(Map.of("a", d("1000"), "b", d("0"), "c", d("0")));
    assertThat(report.advice()).isEmpty();
    assertThat(report.notes()).singleElement().asString().contains("cannot fire with 3 users");
  }

  @Test
  void serviceRule_atSixtyPercent_firesAboveAlone() {
    assertThat(services("60", "40").advice()).isEmpty();
    Advice advice = services("61", "39").advice().get(0);
    assertThat(advice.type()).isEqualTo("service_dominance");
    assertThat(advice.money()).isEqualByComparingTo("1");
    assertThat(services("0", "0").advice()).isEmpty();
  }

  @Test
  void dearPrompts_aboveTheBoundOfACall_comeFirst() {
    assertThat(operation(10, "1", Waste.NONE, Tokens.NONE, "", "").advice()).isEmpty();
    Advice advice = operation(10, "1.5", Waste.NONE, Tokens.NONE, "", "").advice().get(0);
    assertThat(advice.type()).isEqualTo("prompt_optimization");
    assertThat(advice.priority()).isEqualTo(Advice.Priority.HIGH);
    assertThat(advice.money()).isEqualByComparingTo("0.5");
    assertThat(advice.data()).containsEntry("avg_cost", "0.15");
  }

  @Test
  void unusedCache_ofLongPrompts_namesTheSaving() {
    Tokens uncached = new Tokens(d("50000"), d("0"), d("9000"));
    assertThat(types(operation(20, "1", Waste.NONE, uncached, "0.4", "")))
        .containsExactly("unused_cache");
    assertThat(operation(20, "1", Waste.NONE, uncached, "0.4", "").advice().get(0).money())
        .isEqualByComparingTo("0.6");
    Tokens cached = new Tokens(d("50000"), d("10000"), d("9000"));
    assertThat(types(operation(20, "1", Waste.NONE, cached, "0.4", ""))).isEmpty();
    assertThat(types(operation(10, "1", Waste.NONE, uncached, "0.4", "")))
        .as("too few calls")
        .isEmpty();
    assertThat(types(operation(20, "1", Waste.NONE, uncached, "", "")))
        .as("a model without a cache")
        .isEmpty();
    Tokens brief = new Tokens(d("20480"), d("0"), d("9000"));
    assertThat(types(operation(20, "1", Waste.NONE, brief, "0.4", ""))).as("short").isEmpty();
  }

  @Test
  void dearShortAnswers_withACheaperModel_nameIt() {
    Tokens brief = new Tokens(d("100"), d("0"), d("1999"));
    assertThat(types(operation(20, "1", Waste.NONE, brief, "", "0.2")))
        .containsExactly("dear_short_answers");
    Tokens longer = new Tokens(d("100"), d("0"), d("2000"));
    assertThat(types(operation(20, "1", Waste.NONE, longer, "", "0.2"))).isEmpty();
    assertThat(types(operation(20, "1", Waste.NONE, brief, "", "1"))).isEmpty();
  }

  @Test
  void paidFailuresAndRetries_nameTheirCosts() {
    Waste waste = new Waste(2, d("0.2"), 1, d("0.1"));
    Advisor.Report report = operation(20, "1", waste, Tokens.NONE, "", "");
    assertThat(types(report)).containsExactly("paid_failures", "paid_retries");
    assertThat(report.advice().get(0).money()).isEqualByComparingTo("0.2");
    Waste free = new Waste(2, d("0"), 1, d("0"));
    assertThat(types(operation(20, "1", free, Tokens.NONE, "", ""))).isEmpty();
  }

  @Test
  void dismissedAdvice_isNotShown() {
    AdviceInput input = new AdviceInput("USD", Map.of(), Map.of("a", d("1")), List.of());
    assertThat(ADVISOR.advise(input, Set.of()).advice()).hasSize(1);
    assertThat(ADVISOR.advise(input, Set.of("service_dominance a")).advice()).isEmpty();
  }

  private static List<String> types(Advisor.Report report) {
    return report.advice().stream().map(Advice::type).toList();
  }

  private static Advisor.Report users(Map<String, BigDecimal> users) {
    return ADVISOR.advise(new AdviceInput("USD", users, Map.of(), List.of()), Set.of());
  }

  private static Advisor.Report services(String one, String other) {
    Map<String, BigDecimal> services = Map.of("a", d(one), "b", d(other));
    return ADVISOR.advise(new AdviceInput("USD", Map.of(), services, List.of()), Set.of());
  }

  private static Advisor.Report operation(
      long calls, String cost, Waste waste, Tokens tokens, String cached, String cheaper) {
    Operation operation =
        new Operation(
            "prompt", true, calls, d(cost), waste, tokens, optional(cached), optional(cheaper));
    AdviceInput input = new AdviceInput("USD", Map.of(), Map.of(), List.of(operation));
    return ADVISOR.advise(input, Set.of());
  }

  private static Optional<BigDecimal> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(d(text));
  }

  private static BigDecimal d(String text) {
    return new BigDecimal(text);
  }
}
