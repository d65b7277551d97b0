package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertRule.Scope;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.alerts.RuleRows.WatchedCosts;
import io.billingsdk.server.costs.CostChange;
import io.billingsdk.server.costs.CostListener;
import io.billingsdk.server.costs.CostRow;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Notes whose sums a change of costs touches, in the transaction that changes them: a rule is
 * judged after it, also when the server is killed between. Thread-safe.
 */
final class TouchedSums implements CostListener {
  private static final String ADD =
      """
      INSERT INTO alert_touched (scope, about, quarter)
      SELECT * FROM unnest(:scopes, :abouts, :quarters)
      """;

  private static final String TAKE =
      "SELECT touch_no, scope, about, quarter FROM alert_touched ORDER BY touch_no LIMIT :most";

  private static final String DONE = "DELETE FROM alert_touched WHERE touch_no = ANY (:done)";

  /**
   * A sum that is another one.
   *
   * @param about the operation, user, service or execution; empty for a budget
   * @param quarter of an hour, in which the cost is
   */
  record Touch(Scope scope, String about, Instant quarter) {}

  @Override
  public void changed(Handle transaction, List<CostChange> changes) {
    List<WatchedCosts> watched = RuleRows.watched(transaction);
    Set<Touch> touched = new LinkedHashSet<>();
    for (CostChange each : changes) {
      note(touched, watched, each.before());
      note(touched, watched, each.after());
    }
    if (!touched.isEmpty()) {
      add(transaction, List.copyOf(touched));
    }
  }

  private static void note(Set<Touch> touched, List<WatchedCosts> watched, @Nullable CostRow cost) {
    BigDecimal amount = cost == null ? null : cost.cost().amount();
    if (cost == null || amount == null) {
      return;
    }
    for (WatchedCosts each : watched) {
      String about = about(each.scope(), cost);
      boolean isMeant =
          each.currency().equals(cost.cost().currency())
              && (each.scope() != Scope.OPERATION || amount.compareTo(each.least()) >= 0);
      if (isMeant && about != null) {
        touched.add(new Touch(each.scope(), about, LocalDays.quarterOf(cost.at())));
      }
    }
  }

  private static @Nullable String about(Scope scope, CostRow cost) {
    return switch (scope) {
      case OPERATION -> cost.what().operation();
      case USER -> cost.owner().subject();
      case SERVICE -> cost.what().service();
      case EXECUTION -> cost.owner().execution();
      case BUDGET -> "";
    };
  }

  private static void add(Handle handle, List<Touch> touched) {
    handle
        .createUpdate(ADD)
        .bind(
            "scopes",
            SqlArrays.texts(touched.stream().map(each -> RuleRows.text(each.scope())).toList()))
        .bind("abouts", SqlArrays.texts(touched.stream().map(Touch::about).toList()))
        .bind("quarters", SqlArrays.times(touched.stream().map(Touch::quarter).toList()))
        .execute();
  }

  private record TakenTouch(long number, Touch touch) {}

  /** Takes the first so many; they are gone when the transaction commits. */
  static List<Touch> take(Handle handle, int most) {
    List<TakenTouch> taken =
        handle
            .createQuery(TAKE)
            .bind("most", most)
            .map(
                ResultRow.to(
                    row ->
                        new TakenTouch(
                            row.number("touch_no"),
                            new Touch(
                                RuleRows.scope(row.text("scope")),
                                row.text("about"),
                                row.time("quarter")))))
            .list();
    handle
        .createUpdate(DONE)
        .bind("done", SqlArrays.numbers(taken.stream().map(TakenTouch::number).toList()))
        .execute();
    return taken.stream().map(TakenTouch::touch).toList();
  }
}
