package io.billingsdk.server.documents;

import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of reminders and receipts as documents, and of those that are still to make. */
final class NoticeRows {
  private static final String WANT =
      """
      INSERT INTO notice_document_wanted (number, kind, event, happened)
      SELECT :number, :kind, :event, :happened
      WHERE NOT EXISTS (
        SELECT 1 FROM notice_document d WHERE d.number = :number AND d.kind = :kind)
      ON CONFLICT DO NOTHING
      """;

  private static final String DUE =
      """
      SELECT number, kind, event, happened, failures FROM notice_document_wanted
      WHERE next_try <= now() ORDER BY next_try, number, kind LIMIT :most
      """;

  private static final String ADD =
      """
      INSERT INTO notice_document (number, kind, customer_id, facts, bytes, sha256, renderer)
      VALUES (:number, :kind, :customer, :facts, :bytes, encode(sha256(:bytes), 'hex'), :renderer)
      ON CONFLICT DO NOTHING
      """;

  private static final String FAULT =
      """
      UPDATE notice_document_wanted SET reason = :reason, failures = failures + 1,
        tried_at = now(), next_try = now() + make_interval(secs => :pause)
      WHERE number = :number AND kind = :kind RETURNING failures
      """;

  private static final String DONE =
      """
      DELETE FROM notice_document_wanted WHERE number = :number AND kind = :kind
      RETURNING failures
      """;

  private NoticeRows() {}

  /**
   * A document that is to be made.
   *
   * @param number of the invoice; of a receipt the id of the payment
   * @param event the payload of the event that asks for it
   * @param happened the day of the customer at the event
   * @param failures how often it could not be made
   */
  record WantedNotice(String number, String kind, String event, LocalDate happened, int failures) {}

  /** A document that is made. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record MadeNotice(String customer, String facts, byte[] bytes, String renderer) {}

  /** Notes that it is to be made; twice is once. */
  static void want(Handle handle, WantedNotice wanted) {
    handle
        .createUpdate(WANT)
        .bind("number", wanted.number())
        .bind("kind", wanted.kind())
        .bind("event", wanted.event())
        .bind("happened", wanted.happened())
        .execute();
  }

  static List<WantedNotice> due(Handle handle, int most) {
    return handle
        .createQuery(DUE)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new WantedNotice(
                        row.text("number"),
                        row.text("kind"),
                        row.text("event"),
                        LocalDate.parse(row.text("happened")),
                        row.integer("failures"))))
        .list();
  }

  /**
   * Stores it.
   *
   * @return whether that is the first that becomes of it: false after a fault, and if it is there
   */
  static boolean add(Handle handle, WantedNotice wanted, MadeNotice made) {
    handle
        .createUpdate(ADD)
        .bind("number", wanted.number())
        .bind("kind", wanted.kind())
        .bind("customer", made.customer())
        .bind("facts", made.facts())
        .bind("bytes", made.bytes())
        .bind("renderer", made.renderer())
        .execute();
    return handle
        .createQuery(DONE)
        .bind("number", wanted.number())
        .bind("kind", wanted.kind())
        .map(ResultRow.to(row -> row.integer("failures")))
        .list()
        .equals(List.of(0));
  }

  /** Notes a fault; whether it is the first one. */
  static boolean failed(Handle handle, WantedNotice wanted, String reason, Duration pause) {
    return handle
        .createQuery(FAULT)
        .bind("reason", reason)
        .bind("pause", pause.toSeconds())
        .bind("number", wanted.number())
        .bind("kind", wanted.kind())
        .map(ResultRow.to(row -> row.integer("failures")))
        .list()
        .equals(List.of(1));
  }

  static Optional<byte[]> bytes(Handle handle, String number, String kind) {
    return handle
        .createQuery("SELECT bytes FROM notice_document WHERE number = :number AND kind = :kind")
        .bind("number", number)
        .bind("kind", kind)
        .map(ResultRow.to(row -> row.bytes("bytes")))
        .findFirst();
  }
}
