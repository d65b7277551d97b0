package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of account credit that came of money of the customer. */
final class MoneyCreditRows {
  private static final String OF_MONEY =
      "g.kind = 'account' AND g.source IN ('credit_note', 'void', 'over_payment') ";

  private MoneyCreditRows() {}

  /** The rest of each, the latest first. */
  static List<CreditUse.Part> left(Handle handle, String customer, String currency) {
    return handle
        .createQuery(
            "SELECT g.credit_id, g.remaining FROM credit_grant AS g WHERE "
                + OF_MONEY
                + "AND g.customer_id = :customer AND g.currency = :currency AND g.remaining > 0"
                + " ORDER BY g.position DESC")
        .bind("customer", customer)
        .bind("currency", currency)
        .map(ResultRow.to(row -> part(row.uuid("credit_id"), currency, row)))
        .list();
  }

  private static CreditUse.Part part(UUID id, String currency, ResultRow row) {
    return new CreditUse.Part(id, Money.of(currency, row.decimal("remaining")));
  }

  /**
   * How much of such credit a document has moved.
   *
   * @param kind of the movements
   */
  static Money moved(
      Handle handle, String document, String currency, CreditRows.MovementKind kind) {
    return sum(
        handle,
        "SELECT coalesce(sum(abs(m.change)), 0) AS moved FROM credit_movement AS m"
            + " JOIN credit_grant AS g USING (credit_id) WHERE "
            + OF_MONEY
            + "AND m.document = :document AND m.kind = :kind",
        document,
        currency,
        kind);
  }

  /** The same of all credit that pays: it came of money, or somebody gave it, or it was bought. */
  static Money movedOfAll(
      Handle handle, String document, String currency, CreditRows.MovementKind kind) {
    return sum(
        handle,
        "SELECT coalesce(sum(abs(m.change)), 0) AS moved FROM credit_movement AS m"
            + " JOIN credit_grant AS g USING (credit_id)"
            + " WHERE g.kind <> 'promotional' AND m.document = :document AND m.kind = :kind",
        document,
        currency,
        kind);
  }

  private static Money sum(
      Handle handle, String sql, String document, String currency, CreditRows.MovementKind kind) {
    return handle
        .createQuery(sql)
        .bind("document", document)
        .bind("kind", kind.text())
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("moved"))))
        .one();
  }
}
