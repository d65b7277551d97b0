package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.costs.Budget;
import io.billingsdk.server.alerts.AlertRows.AlertRow;
import io.billingsdk.server.performance.Spending.Spent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rules, budgets and alerts as the API shows them: amounts are texts. */
final class AlertViews {
  private static final int PERCENT_DECIMALS = 2;

  private AlertViews() {}

  private static @Nullable String plain(@Nullable BigDecimal amount) {
    return amount == null ? null : AlertMessages.plain(amount);
  }

  private static List<String> plain(List<BigDecimal> amounts) {
    return amounts.stream().map(AlertMessages::plain).toList();
  }

  private static @Nullable Integer rollingDays(StoredRule rule) {
    return rule.window().isRolling() ? rule.window().days() : null;
  }

  record RuleListView(List<RuleView> items) {}

  record RuleView(
      String rule,
      int revision,
      String scope,
      String currency,
      List<String> bounds,
      boolean inclusive,
      String period,
      @Nullable Integer days,
      String zone,
      boolean muted) {
    static RuleView of(StoredRule rule) {
      return new RuleView(
          rule.name(),
          rule.revision(),
          RuleRows.text(rule.scope()),
          rule.rule().currency(),
          plain(rule.rule().bounds()),
          rule.rule().inclusive(),
          RuleRows.text(rule.window()),
          rollingDays(rule),
          rule.window().zone().getId(),
          rule.muted());
    }
  }

  record RemovedRuleView(String removed) {}

  record BudgetListView(List<BudgetView> items) {}

  record BudgetView(
      String rule,
      int revision,
      String currency,
      String amount,
      List<String> thresholds,
      String period,
      @Nullable Integer days,
      String zone,
      @Nullable String service,
      @Nullable String user,
      boolean muted,
      Instant from,
      Instant to,
      String spent,
      String left,
      String percent,
      long unknownCosts) {
    static BudgetView of(StoredRule rule, Slice slice, Spent spent) {
      Budget budget = Objects.requireNonNull(rule.budget(), rule.name());
      BigDecimal percent =
          spent
              .amount()
              .movePointRight(2)
              .divide(budget.amount(), PERCENT_DECIMALS, RoundingMode.HALF_UP);
      return new BudgetView(
          rule.name(),
          rule.revision(),
          budget.currency(),
          AlertMessages.plain(budget.amount()),
          plain(budget.thresholds()),
          RuleRows.text(rule.window()),
          rollingDays(rule),
          rule.window().zone().getId(),
          rule.only().service(),
          rule.only().user(),
          rule.muted(),
          slice.range().from(),
          slice.range().to(),
          AlertMessages.plain(spent.amount()),
          AlertMessages.plain(budget.left(spent.amount())),
          AlertMessages.plain(percent),
          spent.unknown());
    }
  }

  record AlertView(
      long alert,
      String rule,
      String scope,
      String about,
      String period,
      String currency,
      String limit,
      String state,
      String amount,
      Instant raisedAt,
      @Nullable String resolvedAmount,
      @Nullable Instant resolvedAt,
      @Nullable String cause) {
    static AlertView of(AlertRow row) {
      return new AlertView(
          row.number(),
          row.rule(),
          row.scope(),
          row.about(),
          row.period(),
          row.currency(),
          AlertMessages.plain(row.limit()),
          row.state(),
          AlertMessages.plain(row.amount()),
          row.raisedAt(),
          plain(row.resolvedAmount()),
          row.resolvedAt(),
          row.cause());
    }
  }
}
