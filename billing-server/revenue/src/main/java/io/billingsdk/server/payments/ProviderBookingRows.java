package io.billingsdk.server.payments;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.payments.ProviderBooks.BookedPayment;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which moves of providers are in the books. */
final class ProviderBookingRows {
  private static final String INSERT =
      """
      INSERT INTO provider_booking (provider, reference, kind, payment_id)
      VALUES (:provider, :reference, :kind, :payment)
      ON CONFLICT DO NOTHING
      """;

  private static final String PAYMENT =
      """
      SELECT payment_id FROM provider_booking
      WHERE provider = :provider AND reference = :reference AND kind = :kind
      """;

  private static final String BOOKED =
      """
      SELECT b.payment_id, p.customer_id, b.provider, b.reference
      FROM provider_booking b JOIN payment p USING (payment_id)
      WHERE b.kind = 'payment'
      """;

  private static final String TOP_UP =
      """
      SELECT EXISTS (SELECT 1 FROM posting WHERE payment_id = :payment AND kind = 'top_up') AS there
      """;

  private static final String NUMBERS =
      """
      SELECT DISTINCT e.number FROM posting p JOIN posting_entry e USING (posting_id)
      WHERE p.payment_id = :payment AND e.account = 'receivable' ORDER BY e.number
      """;

  private ProviderBookingRows() {}

  /** False when it is there already. */
  static boolean insert(
      Handle handle, String provider, String reference, String kind, String payment) {
    return handle
            .createUpdate(INSERT)
            .bind("provider", provider)
            .bind("reference", reference)
            .bind("kind", kind)
            .bind("payment", payment)
            .execute()
        > 0;
  }

  static Optional<String> payment(Handle handle, String provider, String reference, String kind) {
    return handle
        .createQuery(PAYMENT)
        .bind("provider", provider)
        .bind("reference", reference)
        .bind("kind", kind)
        .map(ResultRow.to(row -> row.text("payment_id")))
        .findFirst();
  }

  static Optional<BookedPayment> booked(Handle handle, String provider, String reference) {
    return handle
        .createQuery(BOOKED + "AND b.provider = :provider AND b.reference = :reference")
        .bind("provider", provider)
        .bind("reference", reference)
        .map(ResultRow.to(ProviderBookingRows::payment))
        .findFirst();
  }

  static Optional<BookedPayment> ofPayment(Handle handle, String payment) {
    return handle
        .createQuery(BOOKED + "AND b.payment_id = :payment")
        .bind("payment", payment)
        .map(ResultRow.to(ProviderBookingRows::payment))
        .findFirst();
  }

  private static BookedPayment payment(ResultRow row) {
    return new BookedPayment(
        row.text("payment_id"),
        row.text("customer_id"),
        row.text("provider"),
        row.text("reference"));
  }

  static boolean isTopUp(Handle handle, String payment) {
    return handle
        .createQuery(TOP_UP)
        .bind("payment", payment)
        .map(ResultRow.to(row -> row.flag("there")))
        .one();
  }

  /** The invoices that a payment has been for. */
  static List<String> paidNumbers(Handle handle, String payment) {
    return handle
        .createQuery(NUMBERS)
        .bind("payment", payment)
        .map(ResultRow.to(row -> row.text("number")))
        .list();
  }
}
