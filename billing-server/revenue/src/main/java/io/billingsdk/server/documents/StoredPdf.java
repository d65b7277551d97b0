package io.billingsdk.server.documents;

import io.billingsdk.server.db.Database;
import java.util.Optional;

/** The stored PDF of documents, for other features; empty for those not made yet. Thread-safe. */
public final class StoredPdf {
  private final Database database;

  /** In a database. */
  public StoredPdf(Database database) {
    this.database = database;
  }

  /** Of an invoice or credit note, by its number. */
  public Optional<byte[]> find(String number) {
    return database.read(handle -> DocumentRows.bytes(handle, number, DocumentKind.PDF));
  }

  /** Of a reminder of an invoice, by the step of dunning. */
  public Optional<byte[]> reminder(String number, String step) {
    return notice(number, NoticeNoter.REMINDER + step);
  }

  /** Of the receipt for a payment, by its id. */
  public Optional<byte[]> receipt(String payment) {
    return notice(payment, NoticeNoter.RECEIPT);
  }

  private Optional<byte[]> notice(String number, String kind) {
    return database.read(handle -> NoticeRows.bytes(handle, number, kind));
  }
}
