package io.billingsdk.server.alerts;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.alerts.AlertRows.AlertRow;
import io.billingsdk.server.alerts.AlertRows.Cause;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.DearCosts;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Changes rules and budgets, with entries in the audit log. */
final class AlertDesk {
  private static final int MOST_RULES = 200;

  private final Database database;
  private final Actor actor;
  private final Instant now;

  AlertDesk(Database database, Actor actor, Instant now) {
    this.database = database;
    this.actor = actor;
    this.now = now;
  }

  /**
   * Adds a rule, or puts it in the place of the one of its name, whose alerts are resolved. All
   * costs of now are looked at by it soon.
   */
  StoredRule put(StoredRule rule) {
    return database.inTransaction(
        (Handle handle) -> {
          hold(handle);
          StoredRule old = RuleRows.find(handle, rule.name()).orElse(null);
          if (old == null && RuleRows.count(handle) >= MOST_RULES) {
            throw RequestRefusedException.conflict(
                "rule", "there are " + MOST_RULES + " rules already; remove one");
          }
          if (old != null) {
            resolveAll(handle, rule.name(), Cause.RULE_CHANGED);
          }
          RuleRows.put(handle, rule);
          StoredRule put = require(handle, rule.name());
          audit(handle, "alert_rule.put", rule.name(), old, put);
          return put;
        });
  }

  /** Holds the messages of a rule back, or lets them go. */
  StoredRule mute(String name, boolean muted) {
    return database.inTransaction(
        (Handle handle) -> {
          hold(handle);
          StoredRule old = require(handle, name);
          RuleRows.mute(handle, name, muted);
          StoredRule changed = require(handle, name);
          audit(handle, muted ? "alert_rule.mute" : "alert_rule.unmute", name, old, changed);
          return changed;
        });
  }

  /** Removes a rule; its alerts are resolved. */
  void remove(String name) {
    database.useTransaction(
        handle -> {
          hold(handle);
          StoredRule old = require(handle, name);
          resolveAll(handle, name, Cause.RULE_REMOVED);
          RuleRows.remove(handle, name);
          audit(handle, "alert_rule.remove", name, old, null);
        });
  }

  /** No cost is made by the rules as they were, and none is judged, until the transaction ends. */
  private static void hold(Handle handle) {
    DearCosts.holdStill(handle);
    AlertJob.lock(handle);
  }

  private void resolveAll(Handle handle, String name, Cause cause) {
    for (AlertRow each : AlertRows.live(handle, name)) {
      AlertRows.resolve(handle, each, each.amount(), cause, now);
      if (each.isOpen()) {
        AlertMessages.resolved(handle, each, each.amount(), cause);
      }
    }
  }

  private static StoredRule require(Handle handle, String name) {
    return RuleRows.find(handle, name)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "rule", "there is no alert rule or budget " + name));
  }

  private void audit(
      Handle handle,
      String action,
      String name,
      @Nullable StoredRule before,
      @Nullable StoredRule after) {
    AuditLog.write(handle, actor, action, name, shown(before), shown(after));
  }

  private static @Nullable Map<String, @Nullable Object> shown(@Nullable StoredRule rule) {
    if (rule == null) {
      return null;
    }
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("scope", RuleRows.text(rule.scope()));
    shown.put("currency", rule.rule().currency());
    List<String> bounds = rule.rule().bounds().stream().map(AlertMessages::plain).toList();
    shown.put("bounds", bounds);
    shown.put("period", RuleRows.text(rule.window()));
    shown.put("days", rule.window().days());
    shown.put("zone", rule.window().zone().getId());
    shown.put("service", rule.only().service());
    shown.put("user", rule.only().user());
    shown.put("muted", rule.muted());
    return shown;
  }
}
