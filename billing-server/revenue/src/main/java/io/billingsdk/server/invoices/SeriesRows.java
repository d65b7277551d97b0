package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The numbers of documents: in each series without gaps, and with dates that never decrease. */
final class SeriesRows {
  // The row is locked until the transaction ends: one that is rolled back leaves no gap. A restored
  // database gives no number, until somebody says the last ones that were sent out.
  private static final String NEXT =
      """
      INSERT INTO invoice_series AS s (series, last_number, last_date)
      SELECT :series::text, 1, :today::date
      FROM invoice_numbering n JOIN ledger l ON l.id = n.ledger_id
      ON CONFLICT (series) DO UPDATE SET last_number = s.last_number + 1,
        last_date = greatest(s.last_date, excluded.last_date)
      RETURNING last_number, last_date::text AS last_date
      """;

  private SeriesRows() {}

  /** A place in a series. */
  record SeriesPlace(String series, long number, LocalDate date) {
    /** The number of a document. */
    String text() {
      return "%s-%06d".formatted(series, number);
    }
  }

  /**
   * The series of a seller, or one of its customer's own. What a test clock brings has a series of
   * its own: its dates run ahead, and its numbers are no numbers of the books. No id has a tilde.
   */
  static String of(Pinned pinned, String seller, String customer, boolean isTest) {
    if (isTest) {
      return seller + "~" + customer;
    }
    // Nor has one a plus: so the series of two sellers are never one.
    String own = pinned.customer().path("series").asText("");
    return own.isEmpty() ? seller : seller + "+" + own;
  }

  /** The next place; empty while numbering is suspended. */
  static Optional<SeriesPlace> next(Handle handle, String series, LocalDate today) {
    return handle
        .createQuery(NEXT)
        .bind("series", series)
        .bind("today", today)
        .map(
            ResultRow.to(
                row ->
                    new SeriesPlace(
                        series, row.number("last_number"), LocalDate.parse(row.text("last_date")))))
        .findOne();
  }
}
