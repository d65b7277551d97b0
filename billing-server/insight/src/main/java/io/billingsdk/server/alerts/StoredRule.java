package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertRule;
import io.billingsdk.costs.AlertRule.Scope;
import io.billingsdk.costs.AlertWindow;
import io.billingsdk.costs.Budget;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is kept. Immutable.
 *
 * @param revision another one with each change
 * @param rule its bounds
 * @param window the times that it is about
 * @param budget null of a rule that is none
 * @param only what a budget is for
 * @param muted whether its messages are held back
 * @param checked whether all costs of now were looked at since it was changed
 */
record StoredRule(
    int revision,
    AlertRule rule,
    AlertWindow window,
    @Nullable Budget budget,
    Only only,
    boolean muted,
    boolean checked) {
  /** What a budget for everything is about. */
  static final String ALL = "all";

  /** What a budget is for; without both it is for all costs. */
  record Only(@Nullable String service, @Nullable String user) {
    static final Only ANYTHING = new Only(null, null);
  }

  String name() {
    return rule.name();
  }

  Scope scope() {
    return rule.scope();
  }

  /** What the alerts of a budget are about. */
  String aboutBudget() {
    if (only.service() != null) {
      return only.service();
    }
    return only.user() == null ? ALL : only.user();
  }
}
