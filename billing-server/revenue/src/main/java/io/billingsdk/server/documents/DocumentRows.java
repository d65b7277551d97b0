package io.billingsdk.server.documents;

import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of documents, and of those that are still to make. */
final class DocumentRows {
  private static final String WANT =
      """
      INSERT INTO invoice_document_wanted (number, kind)
      SELECT :number, wanted.kind FROM unnest(ARRAY['cii', 'ubl', 'pdf']) AS wanted (kind)
      WHERE NOT EXISTS (
        SELECT 1 FROM invoice_document d WHERE d.number = :number AND d.kind = wanted.kind)
      ON CONFLICT DO NOTHING
      """;

  private static final String DUE =
      """
      SELECT number FROM invoice_document_wanted WHERE next_try <= now()
      GROUP BY number ORDER BY min(next_try), number LIMIT :most
      """;

  private static final String ADD =
      """
      INSERT INTO invoice_document (number, kind, bytes, sha256, renderer)
      VALUES (:number, :kind, :bytes, encode(sha256(:bytes), 'hex'), :renderer)
      ON CONFLICT DO NOTHING
      """;

  private static final String FAULT =
      """
      UPDATE invoice_document_wanted SET reason = :reason, failures = failures + 1,
        tried_at = now(), next_try = now() + make_interval(secs => :pause)
      WHERE number = :number AND kind = :kind
      """;

  private static final String FAULTS =
      """
      SELECT number, kind, reason, failures, tried_at, next_try FROM (
        SELECT number, kind, reason, failures, tried_at, next_try FROM invoice_document_wanted
        UNION ALL
        SELECT number, kind, reason, failures, tried_at, next_try FROM notice_document_wanted
      ) AS wanted WHERE reason IS NOT NULL
      """;

  private DocumentRows() {}

  /** A stored document, without its bytes. */
  record StoredDocument(String kind, int size, String sha256, String renderer, Instant createdAt) {}

  /**
   * A document that could not be made.
   *
   * @param number of the invoice; of a receipt the id of the payment
   * @param nextTry null: the invoice itself rules it out, so the server does not try again
   */
  record DocumentFault(
      String number,
      String kind,
      String reason,
      int times,
      Instant triedAt,
      @Nullable Instant nextTry) {}

  /** Notes that the documents of an invoice are to make; twice is once. */
  static void want(Handle handle, String number) {
    handle.createUpdate(WANT).bind("number", number).execute();
  }

  /** Numbers of invoices with documents that are due, the longest due first. */
  static List<String> due(Handle handle, int most) {
    return handle
        .createQuery(DUE)
        .bind("most", most)
        .map(ResultRow.to(row -> row.text("number")))
        .list();
  }

  static List<DocumentKind> wanted(Handle handle, String number) {
    return handle
        .createQuery(
            "SELECT kind FROM invoice_document_wanted WHERE number = :number AND next_try <= now()")
        .bind("number", number)
        .map(ResultRow.to(DocumentRows::kind))
        .stream()
        .sorted()
        .toList();
  }

  /** False if it is stored already, which changes nothing. */
  static boolean add(
      Handle handle, String number, DocumentKind kind, byte[] bytes, String renderer) {
    int added =
        handle
            .createUpdate(ADD)
            .bind("number", number)
            .bind("kind", kind.text())
            .bind("bytes", bytes)
            .bind("renderer", renderer)
            .execute();
    handle
        .createUpdate("DELETE FROM invoice_document_wanted WHERE number = :number AND kind = :kind")
        .bind("number", number)
        .bind("kind", kind.text())
        .execute();
    return added > 0;
  }

  /**
   * Notes a fault.
   *
   * @param pause before the next try; null: never
   */
  static void failed(
      Handle handle, String number, DocumentKind kind, String reason, @Nullable Duration pause) {
    handle
        .createUpdate(FAULT)
        .bind("reason", reason)
        .bind("pause", pause == null ? null : pause.toSeconds())
        .bind("number", number)
        .bind("kind", kind.text())
        .execute();
  }

  static int failures(Handle handle, String number, DocumentKind kind) {
    return handle
        .createQuery(
            "SELECT failures FROM invoice_document_wanted WHERE number = :number AND kind = :kind")
        .bind("number", number)
        .bind("kind", kind.text())
        .map(ResultRow.to(row -> row.integer("failures")))
        .findFirst()
        .orElse(0);
  }

  /** Of an invoice with its reminders, or of a payment. */
  static List<StoredDocument> of(Handle handle, String number) {
    return handle
        .createQuery(
            """
            SELECT kind, octet_length(bytes) AS size, sha256, renderer, created_at
            FROM invoice_document WHERE number = :number
            UNION ALL
            SELECT kind, octet_length(bytes), sha256, renderer, created_at
            FROM notice_document WHERE number = :number ORDER BY kind
            """)
        .bind("number", number)
        .map(
            ResultRow.to(
                row ->
                    new StoredDocument(
                        row.text("kind"),
                        row.integer("size"),
                        row.text("sha256"),
                        row.text("renderer"),
                        row.time("created_at"))))
        .list();
  }

  static Optional<byte[]> bytes(Handle handle, String number, DocumentKind kind) {
    return handle
        .createQuery("SELECT bytes FROM invoice_document WHERE number = :number AND kind = :kind")
        .bind("number", number)
        .bind("kind", kind.text())
        .map(ResultRow.to(row -> row.bytes("bytes")))
        .findFirst();
  }

  static List<DocumentFault> faultsOf(Handle handle, String number) {
    return handle
        .createQuery(FAULTS + "AND number = :number ORDER BY kind")
        .bind("number", number)
        .map(ResultRow.to(DocumentRows::fault))
        .list();
  }

  /** All faults in the order of numbers and kinds, from one on. */
  static List<DocumentFault> faults(Handle handle, String after, String afterKind, int most) {
    return handle
        .createQuery(
            FAULTS + "AND (number, kind) > (:after, :kind) ORDER BY number, kind LIMIT :most")
        .bind("after", after)
        .bind("kind", afterKind)
        .bind("most", most)
        .map(ResultRow.to(DocumentRows::fault))
        .list();
  }

  private static DocumentFault fault(ResultRow row) {
    return new DocumentFault(
        row.text("number"),
        row.text("kind"),
        row.text("reason"),
        row.integer("failures"),
        row.time("tried_at"),
        row.timeOrNull("next_try"));
  }

  private static DocumentKind kind(ResultRow row) {
    String text = row.text("kind");
    return DocumentKind.of(text)
        .orElseThrow(() -> new IllegalStateException("unknown kind of document " + text));
  }
}
