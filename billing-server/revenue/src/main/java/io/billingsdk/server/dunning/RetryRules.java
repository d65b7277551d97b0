package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.util.Map;

/** When declined charges are tried again, and from which amount on: an operator sets it. */
final class RetryRules {
  private final Database database;
  private final Actor actor;

  RetryRules(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  Map<DeclineKind, RetryRule> rules() {
    return database.read(RuleRows::rules);
  }

  Map<String, Money> thresholds() {
    return database.read(RuleRows::thresholds);
  }

  /** Sets the days of a class. Those that count from one day need no order. */
  RetryRule set(DeclineKind of, RetryRule wanted) {
    RetryRule rule = wanted.isFromPrevious() ? wanted : wanted.rising();
    if (!of.isTriedAgain() && !rule.days().isEmpty()) {
      throw RequestRefusedException.invalid(
          "days", "none: the networks forbid another attempt after a decline of this class");
    }
    database.useTransaction(
        handle -> {
          Map<String, String> before = Map.of("rule", RuleRows.rule(handle, of).toString());
          RuleRows.store(handle, of, rule);
          Map<String, String> after = Map.of("rule", rule.toString());
          AuditLog.write(handle, actor, "dunning.rule", of.text(), before, after);
        });
    return rule;
  }

  /** Sets what a customer must owe in the currency of an amount. */
  Money setThreshold(Money least) {
    if (least.signum() < 0) {
      throw RequestRefusedException.invalid("least", "0 or more");
    }
    database.useTransaction(
        handle -> {
          Map<String, String> before =
              Map.of("least", RuleRows.least(handle, least.currency()).toString());
          RuleRows.store(handle, least);
          Map<String, String> after = Map.of("least", least.toString());
          AuditLog.write(handle, actor, "dunning.threshold", least.currency(), before, after);
        });
    return least;
  }
}
