package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertRule;
import io.billingsdk.costs.AlertRule.Scope;
import io.billingsdk.costs.AlertWindow;
import io.billingsdk.costs.Budget;
import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.server.alerts.StoredRule.Only;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of rules. */
final class RuleRows {
  private static final String SELECT =
      """
      SELECT rule, revision, scope, currency, bounds::text[] AS bounds, inclusive, period, days,
        zone, service, subject, amount, thresholds::text[] AS thresholds, muted, checked
      FROM alert_rule WHERE NOT removed
      """;

  private static final String PUT =
      """
      INSERT INTO alert_rule AS r (rule, revision, scope, currency, bounds, inclusive, period, days,
        zone, service, subject, amount, thresholds)
      VALUES (:rule, 1, :scope, :currency, :bounds, :inclusive, :period, :days,
        :zone, :service, :subject, :amount, :thresholds)
      ON CONFLICT (rule) DO UPDATE SET revision = r.revision + 1, scope = excluded.scope,
        currency = excluded.currency, bounds = excluded.bounds, inclusive = excluded.inclusive,
        period = excluded.period, days = excluded.days, zone = excluded.zone,
        service = excluded.service, subject = excluded.subject, amount = excluded.amount,
        thresholds = excluded.thresholds, removed = false, checked = false, changed_at = now(),
        muted = CASE WHEN r.removed THEN false ELSE r.muted END
      """;

  private static final String MUTE =
      "UPDATE alert_rule SET muted = :muted, checked = false WHERE rule = :rule";
  private static final String REMOVE =
      "UPDATE alert_rule SET removed = true, changed_at = now() WHERE rule = :rule";
  private static final String CHECKED = "UPDATE alert_rule SET checked = true WHERE rule = :rule";
  private static final String COUNT =
      "SELECT count(*)::int AS found FROM alert_rule WHERE NOT removed";

  private static final String WATCHED =
      """
      SELECT scope, currency, min(bounds[1]) AS least FROM alert_rule WHERE NOT removed
      GROUP BY scope, currency
      """;

  private RuleRows() {}

  /** All rules, by name. */
  static List<StoredRule> all(Handle handle) {
    return handle.createQuery(SELECT + "ORDER BY rule").map(ResultRow.to(RuleRows::rule)).list();
  }

  /** One that is not removed, locked. */
  static Optional<StoredRule> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT + "AND rule = :rule FOR UPDATE")
        .bind("rule", name)
        .map(ResultRow.to(RuleRows::rule))
        .findOne();
  }

  static int count(Handle handle) {
    return handle.createQuery(COUNT).map(ResultRow.to(row -> row.integer("found"))).one();
  }

  /**
   * What rules look at.
   *
   * @param least the lowest bound
   */
  record WatchedCosts(Scope scope, String currency, BigDecimal least) {}

  static List<WatchedCosts> watched(Handle handle) {
    return handle
        .createQuery(WATCHED)
        .map(
            ResultRow.to(
                row ->
                    new WatchedCosts(
                        scope(row.text("scope")), row.text("currency"), row.decimal("least"))))
        .list();
  }

  /** Adds a rule, or puts it in the place of the one of its name. */
  static void put(Handle handle, StoredRule stored) {
    AlertRule rule = stored.rule();
    Budget budget = stored.budget();
    handle
        .createUpdate(PUT)
        .bind("rule", rule.name())
        .bind("scope", text(rule.scope()))
        .bind("currency", rule.currency())
        .bind("bounds", SqlArrays.decimals(rule.bounds()))
        .bind("inclusive", rule.inclusive())
        .bind("period", text(stored.window()))
        .bind("days", stored.window().days())
        .bind("zone", stored.window().zone().getId())
        .bind("service", stored.only().service())
        .bind("subject", stored.only().user())
        .bind("amount", budget == null ? null : budget.amount())
        .bind("thresholds", budget == null ? null : SqlArrays.decimals(budget.thresholds()))
        .execute();
  }

  static void mute(Handle handle, String name, boolean muted) {
    handle.createUpdate(MUTE).bind("rule", name).bind("muted", muted).execute();
  }

  static void remove(Handle handle, String name) {
    handle.createUpdate(REMOVE).bind("rule", name).execute();
  }

  static void checked(Handle handle, String name) {
    handle.createUpdate(CHECKED).bind("rule", name).execute();
  }

  static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static String text(AlertWindow window) {
    return window.period().map(RuleRows::text).orElse(AlertWindow.ROLLING);
  }

  static Scope scope(String text) {
    return Scope.valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** A window of its words. */
  static AlertWindow window(String period, int days, ZoneId zone) {
    Optional<Period> whole =
        period.equals(AlertWindow.ROLLING)
            ? Optional.empty()
            : Optional.of(Period.valueOf(period.toUpperCase(Locale.ROOT)));
    return new AlertWindow(zone, whole, days);
  }

  private static StoredRule rule(ResultRow row) {
    AlertWindow window =
        window(row.text("period"), row.integer("days"), ZoneId.of(row.text("zone")));
    AlertRule rule =
        new AlertRule(
            row.text("rule"),
            scope(row.text("scope")),
            row.text("currency"),
            decimals(row.texts("bounds")),
            row.flag("inclusive"),
            window.isRolling());
    return new StoredRule(
        row.integer("revision"),
        rule,
        window,
        budget(row, window),
        new Only(row.textOrNull("service"), row.textOrNull("subject")),
        row.flag("muted"),
        row.flag("checked"));
  }

  private static @Nullable Budget budget(ResultRow row, AlertWindow window) {
    return row.isNull("amount")
        ? null
        : new Budget(
            row.text("rule"),
            row.text("currency"),
            row.decimal("amount"),
            decimals(row.texts("thresholds")),
            window.isRolling());
  }

  private static List<BigDecimal> decimals(List<String> texts) {
    return texts.stream().map(BigDecimal::new).toList();
  }
}
