package io.billingsdk.server.dunning;

import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The rows of attempts, each with its outcome once it is known. */
final class AttemptRows {
  static final String STARTED = "started";
  static final String DECLINED = "declined";

  private AttemptRows() {}

  /** An attempt of an invoice. */
  record Attempt(int attempt, LocalDate day, String outcome, String code) {}

  static void start(Handle handle, String number, int attempt, LocalDate day) {
    handle
        .createUpdate(
            """
            INSERT INTO dunning_attempt (number, attempt, day, outcome, code)
            VALUES (:number, :attempt, :day, 'started', '') ON CONFLICT DO NOTHING
            """)
        .bind("number", number)
        .bind("attempt", attempt)
        .bind("day", day)
        .execute();
  }

  /** False if the attempt has this outcome, or was declined: it is heard twice. */
  static boolean end(Handle handle, String number, int attempt, String outcome, String code) {
    return handle
            .createUpdate(
                """
                UPDATE dunning_attempt SET outcome = :outcome, code = :code, changed_at = now()
                WHERE number = :number AND attempt = :attempt
                  AND outcome NOT IN (:outcome, 'declined', 'succeeded')
                """)
            .bind("number", number)
            .bind("attempt", attempt)
            .bind("outcome", outcome)
            .bind("code", code)
            .execute()
        > 0;
  }

  static List<Attempt> of(Handle handle, String number) {
    return handle
        .createQuery(
            """
            SELECT attempt, day, outcome, code FROM dunning_attempt
            WHERE number = :number ORDER BY attempt
            """)
        .bind("number", number)
        .map(
            ResultRow.to(
                row ->
                    new Attempt(
                        row.integer("attempt"),
                        LocalDate.parse(row.text("day")),
                        row.text("outcome"),
                        row.text("code"))))
        .list();
  }

  /** The days of the attempts of a customer after a day, rising. */
  static List<LocalDate> days(Handle handle, String customer, LocalDate after) {
    return handle
        .createQuery(
            """
            SELECT a.day FROM dunning_attempt a JOIN dunning_case c USING (number)
            WHERE c.customer_id = :customer AND a.day > :after ORDER BY a.day
            """)
        .bind("customer", customer)
        .bind("after", after)
        .map(ResultRow.to(row -> LocalDate.parse(row.text("day"))))
        .list();
  }
}
