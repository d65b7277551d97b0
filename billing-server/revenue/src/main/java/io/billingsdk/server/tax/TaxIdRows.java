package io.billingsdk.server.tax;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/** The rows of what offices say of tax ids. */
final class TaxIdRows {
  private TaxIdRows() {}

  /** The knowledge of an id in one form. */
  static IdStatus status(Handle handle, String taxId) {
    return handle
        .createQuery("SELECT status FROM tax_id_check WHERE tax_id = :id")
        .bind("id", taxId)
        .map(ResultRow.to(row -> IdStatus.valueOf(row.text("status").toUpperCase(Locale.ROOT))))
        .findFirst()
        .orElse(IdStatus.UNCHECKED);
  }

  /** From now on it is to be asked for. */
  static void ask(Handle handle, String taxId) {
    handle
        .createUpdate(
            """
            INSERT INTO tax_id_check (tax_id, status) VALUES (:id, 'pending')
            ON CONFLICT (tax_id) DO NOTHING
            """)
        .bind("id", taxId)
        .execute();
  }

  /** Those that are to be asked for now. */
  static List<String> pending(Handle handle, int most) {
    return handle
        .createQuery(
            """
            SELECT tax_id FROM tax_id_check WHERE status = 'pending' AND next_at <= now()
            ORDER BY next_at, tax_id LIMIT :most
            """)
        .bind("most", most)
        .map(ResultRow.to(row -> row.text("tax_id")))
        .list();
  }

  /** Stores an answer; false if another server was faster. */
  static boolean answered(Handle handle, String taxId, IdStatus status) {
    return handle
            .createUpdate(
                """
                UPDATE tax_id_check SET status = :status, asked = asked + 1, checked_at = now()
                WHERE tax_id = :id AND status = 'pending'
                """)
            .bind("status", status.text())
            .bind("id", taxId)
            .execute()
        > 0;
  }

  static void later(Handle handle, String taxId, Duration pause) {
    handle
        .createUpdate(
            """
            UPDATE tax_id_check SET asked = asked + 1,
              next_at = now() + make_interval(secs => :seconds)
            WHERE tax_id = :id AND status = 'pending'
            """)
        .bind("seconds", pause.toSeconds())
        .bind("id", taxId)
        .execute();
  }
}
