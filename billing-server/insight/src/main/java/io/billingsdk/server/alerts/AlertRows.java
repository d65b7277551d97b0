package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertState.Alert;
import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of alerts. */
final class AlertRows {
  private static final String SELECT =
      """
      SELECT alert_no, a.rule, a.revision, r.scope, r.currency, about, a.period, ends, bound,
        bound_amount, state, a.amount, raised_at, resolved_amount, resolved_at, cause
      FROM alert a JOIN alert_rule r USING (rule)
      """;

  // Those of a rolling window that are over count no longer: it may alert again.
  private static final String OF =
      SELECT
          + """
          WHERE a.rule = :rule AND a.revision = :revision AND a.period = :period
            AND about = ANY (:abouts) AND (a.period <> 'rolling' OR state <> 'resolved')
          ORDER BY alert_no
          """;

  private static final String LIVE =
      SELECT + "WHERE a.rule = :rule AND state <> 'resolved' ORDER BY alert_no";

  private static final String LIST =
      SELECT
          + """
          WHERE alert_no < :below AND state = coalesce(:state, state) AND state <> 'muted'
            AND a.rule = coalesce(:rule, a.rule)
          ORDER BY alert_no DESC LIMIT :most
          """;

  private static final String ADD =
      """
      INSERT INTO alert (rule, revision, about, period, ends, bound, bound_amount, state, amount,
        raised_at)
      VALUES (:rule, :revision, :about, :period, :ends, :bound, :limit, :state, :amount, :now)
      RETURNING alert_no
      """;

  private static final String RESOLVE =
      """
      UPDATE alert SET state = 'resolved', resolved_amount = :amount, resolved_at = :now,
        cause = :cause
      WHERE alert_no = :number
      """;

  private AlertRows() {}

  /** Why there is no alert any longer. */
  enum Cause {
    BELOW,
    PERIOD_OVER,
    RULE_CHANGED,
    RULE_REMOVED
  }

  /**
   * An alert.
   *
   * @param ends of its period; null of a rolling one
   * @param state open, over or muted, as the database names it
   */
  record AlertRow(
      long number,
      String rule,
      int revision,
      String scope,
      String currency,
      String about,
      String period,
      @Nullable Instant ends,
      int bound,
      BigDecimal limit,
      String state,
      BigDecimal amount,
      Instant raisedAt,
      @Nullable BigDecimal resolvedAmount,
      @Nullable Instant resolvedAt,
      @Nullable String cause) {
    boolean isOpen() {
      return state.equals("open");
    }
  }

  /** The alerts of a slice about some. */
  static List<AlertRow> of(Handle handle, StoredRule rule, Slice slice, Collection<String> abouts) {
    return handle
        .createQuery(OF)
        .bind("rule", rule.name())
        .bind("revision", rule.revision())
        .bind("period", slice.name())
        .bind("abouts", SqlArrays.texts(abouts))
        .map(ResultRow.to(AlertRows::row))
        .list();
  }

  /** All of a rule that are open or muted, of any revision. */
  static List<AlertRow> live(Handle handle, String rule) {
    return handle.createQuery(LIVE).bind("rule", rule).map(ResultRow.to(AlertRows::row)).list();
  }

  /** The latest first; muted ones were never said. */
  static List<AlertRow> list(
      Handle handle, long below, @Nullable String state, @Nullable String rule, int most) {
    return handle
        .createQuery(LIST)
        .bind("below", below)
        .bind("state", state)
        .bind("rule", rule)
        .bind("most", most)
        .map(ResultRow.to(AlertRows::row))
        .list();
  }

  /** Adds one, open or muted; returns its number. */
  static long add(
      Handle handle,
      StoredRule rule,
      Slice slice,
      String about,
      Alert alert,
      boolean muted,
      Instant now) {
    return handle
        .createQuery(ADD)
        .bind("rule", rule.name())
        .bind("revision", rule.revision())
        .bind("about", about)
        .bind("period", slice.name())
        .bind("ends", rule.window().isRolling() ? null : slice.range().to())
        .bind("bound", alert.bound())
        .bind("limit", alert.limit())
        .bind("state", muted ? "muted" : "open")
        .bind("amount", alert.amount())
        .bind("now", now)
        .map(ResultRow.to(row -> row.number("alert_no")))
        .one();
  }

  static void resolve(
      Handle handle, AlertRow alert, @Nullable BigDecimal amount, Cause cause, Instant now) {
    handle
        .createUpdate(RESOLVE)
        .bind("number", alert.number())
        .bind("amount", amount)
        .bind("cause", cause.name().toLowerCase(Locale.ROOT))
        .bind("now", now)
        .execute();
  }

  private static AlertRow row(ResultRow row) {
    return new AlertRow(
        row.number("alert_no"),
        row.text("rule"),
        row.integer("revision"),
        row.text("scope"),
        row.text("currency"),
        row.text("about"),
        row.text("period"),
        row.timeOrNull("ends"),
        row.integer("bound"),
        row.decimal("bound_amount"),
        row.text("state"),
        row.decimal("amount"),
        row.time("raised_at"),
        row.isNull("resolved_amount") ? null : row.decimal("resolved_amount"),
        row.timeOrNull("resolved_at"),
        row.textOrNull("cause"));
  }
}
