package io.billingsdk.server.payments;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Which reminders were sent. */
final class ReminderRows {
  private ReminderRows() {}

  /** False if it was sent. */
  static boolean insert(Handle handle, String number, String step, Instant at) {
    return handle
            .createUpdate(
                """
                INSERT INTO payment_reminder (number, step, sent_at) VALUES (:number, :step, :at)
                ON CONFLICT DO NOTHING
                """)
            .bind("number", number)
            .bind("step", step)
            .bind("at", at)
            .execute()
        > 0;
  }
}
