package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.invoices.InvoiceNumbering.LastNumber;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The ledger that documents are numbered in, and the last numbers of series. */
final class NumberingRows {
  private static final String RAISE =
      """
      INSERT INTO invoice_series AS s (series, last_number, last_date)
      VALUES (:series, :number, current_date)
      ON CONFLICT (series) DO UPDATE SET last_number = excluded.last_number
      WHERE s.last_number < excluded.last_number
      """;

  // Documents that were sent out after the backup have these numbers; the database will never.
  private static final String SKIP =
      """
      INSERT INTO invoice_skipped (series, first_number, last_number)
      SELECT :series, known + 1, :number
      FROM (SELECT coalesce((SELECT last_number FROM invoice_series WHERE series = :series), 0)
        AS known) AS before
      WHERE known < :number
      """;

  private NumberingRows() {}

  static UUID ledger(Handle handle) {
    return handle
        .createQuery("SELECT ledger_id FROM invoice_numbering")
        .map(ResultRow.to(row -> row.uuid("ledger_id")))
        .one();
  }

  static void lock(Handle handle) {
    var unused =
        handle.createQuery("SELECT one FROM invoice_numbering FOR UPDATE").mapToMap().one();
  }

  static void store(Handle handle, UUID ledger) {
    handle
        .createUpdate("UPDATE invoice_numbering SET ledger_id = :ledger")
        .bind("ledger", ledger)
        .execute();
  }

  /** Without those of test clocks, which are in no books. */
  static List<LastNumber> series(Handle handle) {
    return handle
        .createQuery(
            "SELECT series, last_number FROM invoice_series WHERE strpos(series, '~') = 0"
                + " ORDER BY series")
        .map(ResultRow.to(row -> new LastNumber(row.text("series"), row.number("last_number"))))
        .list();
  }

  static void raise(Handle handle, String series, long number) {
    handle.createUpdate(SKIP).bind("series", series).bind("number", number).execute();
    handle.createUpdate(RAISE).bind("series", series).bind("number", number).execute();
  }
}
