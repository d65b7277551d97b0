package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertRule;
import io.billingsdk.costs.AlertRule.Scope;
import io.billingsdk.costs.AlertWindow;
import io.billingsdk.costs.Budget;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.server.alerts.StoredRule.Only;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Rules and budgets as requests say them. */
final class AlertRequests {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}([.][0-9]{1,12})?");
  private static final Set<String> ZONES = new TreeSet<>(ZoneId.getAvailableZoneIds());
  private static final List<String> SCOPES = List.of("operation", "user", "service", "execution");
  private static final List<String> PERIODS = List.of("daily", "weekly", "monthly", "rolling");
  private static final int MOST_BOUNDS = 20;
  private static final int MOST_DAYS = 366;
  private static final int CHARS = 64;
  private static final int NAME_CHARS = 200;

  private AlertRequests() {}

  /** The name in the path. */
  static String name(Request request) {
    String name = request.path("rule");
    if (!NAME.matcher(name).matches()) {
      throw Request.invalid("rule", "1 to 64 of a-z, 0-9, _ and -, with a letter first");
    }
    return name;
  }

  /** A rule that is no budget. */
  static StoredRule rule(String name, JsonBody body) {
    String scope = oneOf(body, "scope", SCOPES, Optional.empty());
    String currency = currency(body);
    List<BigDecimal> bounds = decimals(body, "bounds");
    boolean isInclusive = body.flag("inclusive");
    AlertWindow window = window(body, "daily");
    body.end();
    try {
      AlertRule rule =
          new AlertRule(
              name, RuleRows.scope(scope), currency, bounds, isInclusive, window.isRolling());
      return new StoredRule(1, rule, window, null, Only.ANYTHING, false, false);
    } catch (CostInputException refused) {
      throw Request.invalid(refused.field(), refused.expectation());
    }
  }

  /** A budget. */
  static StoredRule budget(String name, JsonBody body) {
    String currency = currency(body);
    BigDecimal amount = body.amount("amount");
    List<BigDecimal> thresholds = decimals(body, "thresholds");
    AlertWindow window = window(body, "monthly");
    Only only =
        new Only(
            body.optionalText("service", NAME_CHARS).orElse(null),
            body.optionalText("user", NAME_CHARS).orElse(null));
    body.end();
    if (only.service() != null && only.user() != null) {
      throw Request.invalid("user", "left out where there is a service");
    }
    try {
      Budget budget = new Budget(name, currency, amount, thresholds, window.isRolling());
      return new StoredRule(1, budget.rule(), window, budget, only, false, false);
    } catch (CostInputException refused) {
      throw Request.invalid(refused.field(), refused.expectation());
    }
  }

  private static String currency(JsonBody body) {
    String currency = body.optionalText("currency", CHARS).orElse("USD");
    if (!currency.matches("[A-Z]{3}")) {
      throw body.wrong("currency", "an ISO 4217 code, as USD");
    }
    return currency;
  }

  private static AlertWindow window(JsonBody body, String usual) {
    String period = oneOf(body, "period", PERIODS, Optional.of(usual));
    int days = body.whole("days", 1, MOST_DAYS).orElse(0L).intValue();
    String zone = body.optionalText("zone", CHARS).orElse("UTC");
    boolean isRolling = period.equals(AlertWindow.ROLLING);
    if (isRolling != (days > 0)) {
      throw body.wrong(
          "days", "1 to " + MOST_DAYS + " with the period rolling, and left out otherwise");
    }
    if (!ZONES.contains(zone)) {
      throw body.wrong("zone", "a time zone, as Asia/Kathmandu");
    }
    return RuleRows.window(period, days, ZoneId.of(zone));
  }

  private static String oneOf(
      JsonBody body, String name, List<String> values, Optional<String> usual) {
    String expected = "one of " + String.join(", ", values);
    String value =
        body.optionalText(name, CHARS)
            .or(() -> usual)
            .orElseThrow(() -> body.wrong(name, expected));
    if (!values.contains(value)) {
      throw body.wrong(name, expected);
    }
    return value;
  }

  private static List<BigDecimal> decimals(JsonBody body, String name) {
    String expected = "1 to " + MOST_BOUNDS + " texts of decimals, each above the one before";
    List<String> texts = body.texts(name, MOST_BOUNDS, CHARS);
    if (texts.isEmpty() || !texts.stream().allMatch(each -> DECIMAL.matcher(each).matches())) {
      throw body.wrong(name, expected);
    }
    return texts.stream().map(BigDecimal::new).toList();
  }

  /** The scope of a budget is none that a rule can have. */
  static boolean isBudget(StoredRule rule) {
    return rule.scope() == Scope.BUDGET;
  }
}
