package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.invoices.IssuedDocuments.CustomerMonth;
import io.billingsdk.server.invoices.IssuedDocuments.DocumentSums;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedDocument;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The rows of issued documents, by their issue dates. */
final class DocumentRows {
  // No id of a seller has a tilde: it is in the series of what a test clock brings.
  private static final String SELECTED =
      """
      FROM invoice WHERE issue_date >= :from AND issue_date < :to
        AND (strpos(series, '~') > 0) = :tests
      """;

  private static final String SUMS =
      """
      SELECT to_char(issue_date, 'YYYY-MM') AS month, seller_id, currency,
        kind = 'invoice' AS is_invoice, count(*) AS documents, sum(taxable) AS net, sum(tax) AS tax
      """;

  private static final String SUMS_ORDER =
      "GROUP BY 1, 2, 3, 4 ORDER BY month, seller_id, currency, is_invoice";

  private static final String BY_CUSTOMER =
      """
      SELECT customer_id, to_char(issue_date, 'YYYY-MM') AS month, currency,
        count(*) AS documents,
        sum(CASE WHEN kind = 'invoice' THEN taxable ELSE -taxable END) AS net,
        sum(CASE WHEN kind = 'invoice' THEN tax ELSE -tax END) AS tax
      """;

  // The order of bytes, in which a caller can sort too.
  private static final String AFTER =
      "AND customer_id COLLATE \"C\" > :after"
          + " AND (:upTo::text IS NULL OR customer_id COLLATE \"C\" <= :upTo)";

  private static final String BY_CUSTOMER_ORDER =
      " GROUP BY 1, 2, 3 ORDER BY customer_id COLLATE \"C\", month, currency";

  private static final String PAGE =
      "SELECT position, number, kind, issue_date::text AS issue_date, document ";

  private static final String PAGE_ORDER = "AND position >= :first ORDER BY position LIMIT :most";

  private static final String OF_SELLER =
      """
      FROM invoice
      WHERE seller_id = :seller AND issue_date >= :from AND issue_date < :to
        AND position > :after AND (:withTests OR strpos(series, '~') = 0)
      ORDER BY position LIMIT :most
      """;

  private DocumentRows() {}

  static List<DocumentSums> sums(Handle handle, Selection selection) {
    return query(handle, selection, SUMS, SUMS_ORDER)
        .map(
            ResultRow.to(
                row ->
                    new DocumentSums(
                        row.text("month"),
                        row.text("seller_id"),
                        row.text("currency"),
                        row.flag("is_invoice"),
                        row.number("documents"),
                        row.decimal("net"),
                        row.decimal("tax"))))
        .list();
  }

  static List<CustomerMonth> customerMonths(
      Handle handle, Selection selection, String after, @Nullable String upTo) {
    return query(handle, selection, BY_CUSTOMER, AFTER + BY_CUSTOMER_ORDER)
        .bind("after", after)
        .bind("upTo", upTo)
        .map(
            ResultRow.to(
                row ->
                    new CustomerMonth(
                        row.text("customer_id"),
                        row.text("month"),
                        row.text("currency"),
                        row.number("documents"),
                        row.decimal("net"),
                        row.decimal("tax"))))
        .list();
  }

  static List<IssuedDocument> page(Handle handle, Selection selection, long first, int most) {
    return query(handle, selection, PAGE, PAGE_ORDER)
        .bind("first", first)
        .bind("most", most)
        .map(ResultRow.to(DocumentRows::document))
        .list();
  }

  private static IssuedDocument document(ResultRow row) {
    return new IssuedDocument(
        row.number("position"),
        row.text("number"),
        row.text("kind").equals("invoice"),
        LocalDate.parse(row.text("issue_date")),
        row.text("document"));
  }

  /** Those of a seller after a position, also of test clocks if they are asked for. */
  static List<IssuedDocument> ofSeller(
      Handle handle,
      String seller,
      LocalDate from,
      LocalDate to,
      boolean withTests,
      long after,
      int most) {
    return handle
        .createQuery(PAGE + OF_SELLER)
        .bind("seller", seller)
        .bind("from", from)
        .bind("to", to)
        .bind("withTests", withTests)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(DocumentRows::document))
        .list();
  }

  private static Query query(Handle handle, Selection selection, String select, String order) {
    String customer = selection.customer();
    String seller = selection.seller();
    StringBuilder sql = new StringBuilder(select).append(SELECTED);
    // Only what is asked for: a condition that may be void would hide the indexes.
    sql.append(customer == null ? "" : "AND customer_id = :customer ");
    sql.append(seller == null ? "" : "AND seller_id = :seller ");
    Query query =
        handle
            .createQuery(sql.append(order).toString())
            .bind("from", selection.from())
            .bind("to", selection.to())
            .bind("tests", selection.ofTestClocks());
    if (customer != null) {
      query.bind("customer", customer);
    }
    if (seller != null) {
      query.bind("seller", seller);
    }
    return query;
  }
}
