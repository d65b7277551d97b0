package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The inputs of documents that operators asked for. */
final class CorrectionRows {
  private CorrectionRows() {}

  static void add(Handle handle, String number, String inputs) {
    handle
        .createUpdate("INSERT INTO invoice_correction (number, inputs) VALUES (:number, :inputs)")
        .bind("number", number)
        .bind("inputs", inputs)
        .execute();
  }

  /** Empty for a document that time and usage brought. */
  static Optional<Correction> find(Handle handle, String number) {
    return handle
        .createQuery("SELECT inputs FROM invoice_correction WHERE number = :number")
        .bind("number", number)
        .map(ResultRow.to(row -> CorrectionJson.read(row.text("inputs"))))
        .findFirst();
  }

  /** Of one span and kind: each document has its own. */
  static int nextRevision(Handle handle, Issued invoice, String kind) {
    return handle
        .createQuery(
            """
            SELECT coalesce(max(revision), 0) + 1 AS next FROM invoice
            WHERE subscription_id = :id AND span = :span AND kind = :kind
            """)
        .bind("id", invoice.subscription())
        .bind("span", invoice.span())
        .bind("kind", kind)
        .map(ResultRow.to(row -> row.integer("next")))
        .one();
  }
}
