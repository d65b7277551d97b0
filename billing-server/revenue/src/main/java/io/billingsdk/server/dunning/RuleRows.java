package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The rows of rules and of thresholds. */
final class RuleRows {
  private RuleRows() {}

  static Map<DeclineKind, RetryRule> rules(Handle handle) {
    record Row(DeclineKind of, RetryRule rule) {}
    Map<DeclineKind, RetryRule> rules = new EnumMap<>(DeclineKind.class);
    List<Row> rows =
        handle
            .createQuery(
                "SELECT decline_class, days, from_previous, window_days FROM dunning_rule"
                    + " ORDER BY decline_class")
            .map(
                ResultRow.to(
                    row ->
                        new Row(
                            DeclineKind.of(row.text("decline_class")),
                            new RetryRule(
                                days(row.text("days")),
                                row.flag("from_previous"),
                                row.integer("window_days")))))
            .list();
    rows.forEach(each -> rules.put(each.of(), each.rule()));
    return rules;
  }

  private static List<Integer> days(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  static RetryRule rule(Handle handle, DeclineKind of) {
    return rules(handle).getOrDefault(of, new RetryRule(List.of(), false, 0));
  }

  static void store(Handle handle, DeclineKind of, RetryRule rule) {
    handle
        .createUpdate(
            """
            UPDATE dunning_rule SET days = :days, from_previous = :previous, window_days = :window
            WHERE decline_class = :class
            """)
        .bind("class", of.text())
        .bind("days", rule.days().stream().map(String::valueOf).collect(Collectors.joining(",")))
        .bind("previous", rule.isFromPrevious())
        .bind("window", rule.windowDays())
        .execute();
  }

  /** What a customer must owe in a currency for an attempt; 0 where nobody has set anything. */
  static Money least(Handle handle, String currency) {
    return thresholds(handle).getOrDefault(currency, Money.zero(currency));
  }

  static Map<String, Money> thresholds(Handle handle) {
    Map<String, Money> all = new TreeMap<>();
    List<Money> rows =
        handle
            .createQuery("SELECT currency, least FROM dunning_threshold ORDER BY currency")
            .map(ResultRow.to(row -> Money.of(row.text("currency"), row.decimal("least"))))
            .list();
    rows.forEach(each -> all.put(each.currency(), each));
    return all;
  }

  static void store(Handle handle, Money least) {
    handle
        .createUpdate(
            """
            INSERT INTO dunning_threshold (currency, least) VALUES (:currency, :least)
            ON CONFLICT (currency) DO UPDATE SET least = excluded.least
            """)
        .bind("currency", least.currency())
        .bind("least", least.amount())
        .execute();
  }
}
