package io.billingsdk.server.invoices;

import io.billingsdk.server.db.Database;
import java.util.Optional;

/** Issued invoices and credit notes, for features that make something of them. Thread-safe. */
public final class IssuedPapers {
  private final Database database;

  /** In a database. */
  public IssuedPapers(Database database) {
    this.database = database;
  }

  /**
   * An issued invoice or credit note. Immutable.
   *
   * @param document canonical JSON
   */
  public record IssuedPaper(String number, String seller, String customer, String document) {}

  /** By its number; empty when there is none. */
  public Optional<IssuedPaper> find(String number) {
    return database
        .read(handle -> InvoiceRows.find(handle, number))
        .map(
            each ->
                new IssuedPaper(each.number(), each.seller(), each.customer(), each.document()));
  }
}
