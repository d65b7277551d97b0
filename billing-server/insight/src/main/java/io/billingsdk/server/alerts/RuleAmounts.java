package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.costs.DearCosts;
import io.billingsdk.server.costs.DearCosts.Among;
import io.billingsdk.server.performance.Spending;
import io.billingsdk.server.performance.Spending.Spent;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The amounts that a rule is about. */
final class RuleAmounts {
  private final Handle handle;
  private final StoredRule rule;

  RuleAmounts(Handle handle, StoredRule rule) {
    this.handle = handle;
    this.rule = rule;
  }

  /** Of some; one without a cost is left out. */
  Map<String, BigDecimal> of(Slice slice, Collection<String> abouts) {
    Range range = slice.range();
    String currency = rule.rule().currency();
    Among among = new Among(range, currency, BigDecimal.ZERO);
    return switch (rule.scope()) {
      case OPERATION -> DearCosts.operations(handle, among, abouts);
      case EXECUTION -> DearCosts.executions(handle, among, abouts);
      case USER -> known(Spending.by(handle, Spending.Of.USERS, range, currency, abouts));
      case SERVICE -> known(Spending.by(handle, Spending.Of.SERVICES, range, currency, abouts));
      case BUDGET -> Map.of(rule.aboutBudget(), spent(slice).amount());
    };
  }

  /** Of all that can have reached a bound. */
  Map<String, BigDecimal> all(Slice slice) {
    Range range = slice.range();
    String currency = rule.rule().currency();
    Among among = new Among(range, currency, rule.rule().bounds().get(0));
    return switch (rule.scope()) {
      case OPERATION -> DearCosts.operations(handle, among);
      case EXECUTION -> DearCosts.executions(handle, among);
      case USER -> {
        Map<String, BigDecimal> users =
            known(Spending.by(handle, Spending.Of.USERS, range, currency));
        // Uses without a user are nobody's.
        users.remove("");
        yield users;
      }
      case SERVICE -> known(Spending.by(handle, Spending.Of.SERVICES, range, currency));
      case BUDGET -> Map.of(rule.aboutBudget(), spent(slice).amount());
    };
  }

  /** The amount that a budget has lost. */
  Spent spent(Slice slice) {
    Range range = slice.range();
    String currency = rule.rule().currency();
    String about = rule.aboutBudget();
    if (rule.only().service() == null && rule.only().user() == null) {
      return Spending.total(handle, range, currency);
    }
    Spending.Of of = rule.only().service() == null ? Spending.Of.USERS : Spending.Of.SERVICES;
    return Spending.by(handle, of, range, currency, List.of(about))
        .getOrDefault(about, Spent.NOTHING);
  }

  private static Map<String, BigDecimal> known(Map<String, Spent> spent) {
    Map<String, BigDecimal> known = new HashMap<>();
    spent.forEach((name, each) -> known.put(name, each.amount()));
    return known;
  }
}
