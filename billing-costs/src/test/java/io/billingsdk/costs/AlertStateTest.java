package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AlertStateTest {
  private static final Budget BUDGET =
      new Budget("team", "USD", d("10"), List.of(d("0.8"), d("1")), false);

  @Test
  void thousandObservations_overABound_areOneAlertAndOneResolve() {
    AlertRule rule = BUDGET.rule();
    AlertState state = AlertState.NEW;
    List<AlertState.Alert> alerts = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      AlertState.Step step = state.step(rule, "2026-11", d("8").add(BigDecimal.valueOf(i, 4)));
      alerts.addAll(step.alerts());
      // A restart knows only the components.
      state =
          new AlertState(step.state().period(), step.state().raised(), step.state().said(), false);
    }
    assertThat(alerts).extracting(AlertState.Alert::kind).containsExactly(AlertState.Kind.RAISED);
    assertThat(BUDGET.thresholdOf(alerts.get(0))).isEqualByComparingTo("0.8");
    AlertState.Step next = state.step(rule, "2026-12", d("0.1"));
    assertThat(next.alerts())
        .singleElement()
        .extracting(AlertState.Alert::kind, AlertState.Alert::period)
        .containsExactly(AlertState.Kind.RESOLVED, "2026-11");
    assertThat(next.state().step(rule, "2026-12", d("0.2")).alerts()).isEmpty();
  }

  @Test
  void correction_belowTheBound_resolvesAndDoesNotAlertTwiceInThePeriod() {
    AlertState raised = AlertState.NEW.step(BUDGET.rule(), "2026-11", d("9")).state();
    AlertState.Step below = raised.step(BUDGET.rule(), "2026-11", d("7"));
    assertThat(below.alerts())
        .extracting(AlertState.Alert::kind)
        .containsExactly(AlertState.Kind.RESOLVED);
    assertThat(below.state().step(BUDGET.rule(), "2026-11", d("9")).alerts()).isEmpty();
  }

  @Test
  void rollingBudget_afterItWasResolved_alertsAgain() {
    AlertRule rule = new Budget("r", "USD", d("10"), List.of(d("1")), true).rule();
    AlertState state = AlertState.NEW.step(rule, "rolling", d("11")).state();
    state = state.step(rule, "rolling", d("5")).state();
    assertThat(state.step(rule, "rolling", d("12")).alerts())
        .extracting(AlertState.Alert::kind)
        .containsExactly(AlertState.Kind.RAISED);
  }

  @Test
  void mutedState_saysNothing_alsoAfterwards() {
    AlertState.Step muted = AlertState.NEW.withMuted(true).step(BUDGET.rule(), "2026-11", d("20"));
    assertThat(muted.alerts()).isEmpty();
    assertThat(muted.state().withMuted(false).step(BUDGET.rule(), "2026-11", d("21")).alerts())
        .isEmpty();
  }

  @Test
  void mutedState_thatPassedABound_resolvesNothingLater() {
    AlertState passed =
        AlertState.NEW.withMuted(true).step(BUDGET.rule(), "2026-11", d("20")).state();
    AlertState loud = passed.withMuted(false);
    assertThat(loud.step(BUDGET.rule(), "2026-11", d("1")).alerts()).isEmpty();
    assertThat(loud.step(BUDGET.rule(), "2026-12", d("1")).alerts()).isEmpty();
  }

  @Test
  void alert_whoseCostFellWhileMuted_isResolvedOnceAfterwards() {
    AlertState raised = AlertState.NEW.step(BUDGET.rule(), "2026-11", d("9")).state();
    AlertState.Step muted = raised.withMuted(true).step(BUDGET.rule(), "2026-11", d("1"));
    assertThat(muted.alerts()).isEmpty();
    AlertState.Step loud = muted.state().withMuted(false).step(BUDGET.rule(), "2026-11", d("1"));
    assertThat(loud.alerts())
        .extracting(AlertState.Alert::kind)
        .containsExactly(AlertState.Kind.RESOLVED);
    assertThat(loud.state().step(BUDGET.rule(), "2026-11", d("1")).alerts()).isEmpty();
  }

  @Test
  void highCost_ofOneOperation_isAboveOneDollar() {
    AlertRule rule = AlertRule.highCost();
    assertThat(AlertState.NEW.step(rule, "call-1", d("1.00")).alerts()).isEmpty();
    assertThat(AlertState.NEW.step(rule, "call-2", d("1.01")).alerts()).hasSize(1);
    assertThat(BUDGET.left(d("12"))).isEqualByComparingTo("-2");
  }

  @Test
  void bounds_thatDoNotAscend_areRefused() {
    assertThatThrownBy(
            () ->
                new AlertRule(
                    "r", AlertRule.Scope.USER, "USD", List.of(d("2"), d("2")), true, false))
        .hasMessageContaining("bounds[1]");
    assertThatThrownBy(
            () -> new AlertRule("r", AlertRule.Scope.USER, "USD", List.of(), true, false))
        .hasMessageContaining("bounds");
  }

  @Test
  void budget_thatHasNoRule_isRefusedWhereItIsMade() {
    refusedBudget("usd", "10", List.of(d("1")), "currency");
    refusedBudget("USD", "0", List.of(d("1")), "amount");
    refusedBudget("USD", "10", List.of(), "thresholds");
    refusedBudget("USD", "10", List.of(d("1"), d("0.8")), "thresholds[1]");
    refusedBudget("USD", "10", List.of(d("1e14")), "thresholds times amount");
    refusedBudget("USD", "0.0000000001", List.of(d("1e-10")), "thresholds times amount");
  }

  private static void refusedBudget(
      String currency, String amount, List<BigDecimal> thresholds, String field) {
    assertThatThrownBy(() -> new Budget("b", currency, d(amount), thresholds, false))
        .isInstanceOf(CostInputException.class)
        .extracting(e -> ((CostInputException) e).field())
        .isEqualTo(field);
  }

  private static BigDecimal d(String text) {
    return new BigDecimal(text);
  }
}
