package io.billingsdk.server.invoices;

import io.billingsdk.server.subscriptions.Subscription;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of running periods whose usage could not be invoiced when it reached a threshold. */
final class ProgressFailures {
  private static final String NOTE =
      """
      INSERT INTO invoice_progress_failure AS f
        (subscription_id, customer_id, number, valid_from, valid_to, failure)
      SELECT subscription_id, customer_id, number + 1, valid_to, greatest(valid_to, :to), :reason
      FROM invoice_span WHERE subscription_id = :id AND kind = 'period'
      ORDER BY number DESC LIMIT 1
      ON CONFLICT (subscription_id) DO UPDATE SET number = excluded.number,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to, failure = excluded.failure,
        failures = CASE WHEN f.number = excluded.number THEN f.failures + 1 ELSE 1 END,
        tried_at = now()
      """;

  // As a span that failed: it waits longer each time.
  private static final String RESTS =
      """
      SELECT EXISTS (SELECT FROM invoice_progress_failure WHERE subscription_id = :id
        AND tried_at >= now() - least(failures, 60) * interval '1 minute')
      """;

  private static final String REMOVE =
      "DELETE FROM invoice_progress_failure WHERE subscription_id = :id";

  private ProgressFailures() {}

  /** Whether it was noted: a subscription without a span has nothing to invoice. */
  static boolean note(Handle handle, Subscription subscription, String reason) {
    return handle
            .createUpdate(NOTE)
            .bind("id", subscription.id())
            .bind("to", subscription.dueAt().orElse(null))
            .bind("reason", reason)
            .execute()
        > 0;
  }

  /** Whether it failed a short time ago. */
  static boolean rests(Handle handle, UUID subscription) {
    return handle.createQuery(RESTS).bind("id", subscription).mapTo(Boolean.class).one();
  }

  static void remove(Handle handle, UUID subscription) {
    handle.createUpdate(REMOVE).bind("id", subscription).execute();
  }
}
