package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertState.Alert;
import io.billingsdk.costs.Budget;
import io.billingsdk.server.alerts.AlertRows.AlertRow;
import io.billingsdk.server.alerts.AlertRows.Cause;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Says alerts, through the outbox. */
final class AlertMessages {
  static final String RAISED = "cost.alert_raised";
  static final String RESOLVED = "cost.alert_resolved";

  private static final String SERVER = "server";

  private AlertMessages() {}

  static void raised(Handle handle, StoredRule rule, long number, String about, Alert alert) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("alert", number);
    said.put("rule", rule.name());
    said.put("scope", RuleRows.text(rule.scope()));
    said.put("about", about);
    said.put("period", alert.period());
    said.put("currency", rule.rule().currency());
    said.put("limit", plain(alert.limit()));
    said.put("amount", plain(alert.amount()));
    Budget budget = rule.budget();
    if (budget != null) {
      said.put("threshold", plain(budget.thresholdOf(alert).movePointRight(2)));
    }
    send(handle, RAISED, rule.name(), said);
  }

  static void resolved(Handle handle, AlertRow alert, BigDecimal amount, Cause cause) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("alert", alert.number());
    said.put("rule", alert.rule());
    said.put("scope", alert.scope());
    said.put("about", alert.about());
    said.put("period", alert.period());
    said.put("currency", alert.currency());
    said.put("limit", plain(alert.limit()));
    said.put("amount", plain(amount));
    said.put("cause", cause.name().toLowerCase(Locale.ROOT));
    send(handle, RESOLVED, alert.rule(), said);
  }

  /** Those of a rule come in their order. */
  private static void send(
      Handle handle, String kind, String rule, Map<String, ? extends @Nullable Object> said) {
    Outbox.add(handle, DomainEvent.of(kind, "alert/" + rule, said, SERVER));
  }

  /** Without an exponent and without zeros at the end. */
  static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
