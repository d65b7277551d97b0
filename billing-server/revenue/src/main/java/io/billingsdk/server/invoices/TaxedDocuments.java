package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;

/** The issued documents of a seller, for who reports their taxes. Thread-safe. */
public final class TaxedDocuments {
  private static final int PAGE = 500;

  /** Series of customers with test clocks have a tilde; no id of a seller has one. */
  private static final String SELECT =
      """
      SELECT position, document FROM invoice
      WHERE seller_id = :seller AND issue_date >= :from AND issue_date < :to
        AND position > :after AND (:withTests OR strpos(series, '~') = 0)
      ORDER BY position LIMIT :most
      """;

  private final Database database;

  /** In a database. */
  public TaxedDocuments(Database database) {
    this.database = database;
  }

  private record Row(long position, String document) {}

  /**
   * Hands over each document, in the order of issue.
   *
   * @param from the first day of issue
   * @param to the day after the last one
   * @param withTests also those of customers with test clocks
   */
  public void forEach(
      String seller, LocalDate from, LocalDate to, boolean withTests, Consumer<JsonNode> taker) {
    long last = 0;
    List<Row> page = page(seller, from, to, withTests, last);
    while (!page.isEmpty()) {
      page.forEach(row -> taker.accept(CanonicalJson.stored(row.document())));
      last = page.get(page.size() - 1).position();
      page = page(seller, from, to, withTests, last);
    }
  }

  private List<Row> page(
      String seller, LocalDate from, LocalDate to, boolean withTests, long after) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT)
                .bind("seller", seller)
                .bind("from", from)
                .bind("to", to)
                .bind("withTests", withTests)
                .bind("after", after)
                .bind("most", PAGE)
                .map(ResultRow.to(row -> new Row(row.number("position"), row.text("document"))))
                .list());
  }
}
