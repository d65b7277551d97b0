package io.billingsdk.server.dunning;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of cases, one for each invoice. */
final class CaseRows {
  private static final String SELECT =
      """
      SELECT number, customer_id, state, attempts, decline_class, decline_code, first_on, last_on,
        next_on, forced, reason, changed_at
      FROM dunning_case
      """;

  private static final String STORE =
      """
      INSERT INTO dunning_case AS c (number, customer_id, state, attempts, decline_class,
        decline_code, first_on, last_on, next_on, forced, reason)
      VALUES (:number, :customer, :state, :attempts, :class, :code, :first, :last, :next, :forced,
        :reason)
      ON CONFLICT (number) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
        decline_class = excluded.decline_class, decline_code = excluded.decline_code,
        last_on = excluded.last_on, next_on = excluded.next_on, forced = excluded.forced,
        reason = excluded.reason, changed_at = now()
      """;

  private CaseRows() {}

  static void store(Handle handle, RetryCase each) {
    handle
        .createUpdate(STORE)
        .bind("number", each.number())
        .bind("customer", each.customer())
        .bind("state", each.state().text())
        .bind("attempts", each.attempts())
        .bind("class", each.declineClass().text())
        .bind("code", each.declineCode())
        .bind("first", each.firstOn())
        .bind("last", each.lastOn())
        .bind("next", each.nextOn())
        .bind("forced", each.isForced())
        .bind("reason", each.reason())
        .execute();
  }

  static Optional<RetryCase> find(Handle handle, String number) {
    return handle
        .createQuery(SELECT + "WHERE number = :number")
        .bind("number", number)
        .map(ResultRow.to(CaseRows::read))
        .findFirst();
  }

  /** The same, alone with it until the transaction ends. */
  static Optional<RetryCase> lock(Handle handle, String number) {
    return handle
        .createQuery(SELECT + "WHERE number = :number FOR UPDATE")
        .bind("number", number)
        .map(ResultRow.to(CaseRows::read))
        .findFirst();
  }

  /** Those whose day may have come, and those that a server has left in the middle. */
  static List<RetryCase> due(Handle handle, LocalDate upTo, String after, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE ((state = 'waiting' AND next_on <= :upTo) OR state = 'charging')
                  AND number > :after
                ORDER BY number LIMIT :most
                """)
        .bind("upTo", upTo)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(CaseRows::read))
        .list();
  }

  static List<RetryCase> ofCustomer(Handle handle, String customer) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = :customer ORDER BY number")
        .bind("customer", customer)
        .map(ResultRow.to(CaseRows::read))
        .list();
  }

  /** In the order of their numbers. */
  static List<RetryCase> page(
      Handle handle, @Nullable String customer, @Nullable String state, String after, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE number > :after AND (:customer::text IS NULL OR customer_id = :customer)
                  AND (:state::text IS NULL OR state = :state)
                ORDER BY number LIMIT :most
                """)
        .bind("after", after)
        .bind("customer", customer)
        .bind("state", state)
        .bind("most", most)
        .map(ResultRow.to(CaseRows::read))
        .list();
  }

  private static RetryCase read(ResultRow row) {
    @Nullable String next = row.textOrNull("next_on");
    return new RetryCase(
        row.text("number"),
        row.text("customer_id"),
        CaseState.of(row.text("state")),
        row.integer("attempts"),
        DeclineKind.of(row.text("decline_class")),
        row.text("decline_code"),
        LocalDate.parse(row.text("first_on")),
        LocalDate.parse(row.text("last_on")),
        next == null ? null : LocalDate.parse(next),
        row.flag("forced"),
        row.textOrNull("reason"),
        row.time("changed_at"));
  }
}
