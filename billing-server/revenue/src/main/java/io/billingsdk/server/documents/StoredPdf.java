package io.billingsdk.server.documents;

import io.billingsdk.server.db.Database;
import java.util.Optional;

/** The stored PDF of invoices and credit notes, for other features. Thread-safe. */
public final class StoredPdf {
  private final Database database;

  /** In a database. */
  public StoredPdf(Database database) {
    this.database = database;
  }

  /** By the number of the invoice; empty when it is not made yet. */
  public Optional<byte[]> find(String number) {
    return database.read(handle -> DocumentRows.bytes(handle, number, DocumentKind.PDF));
  }
}
