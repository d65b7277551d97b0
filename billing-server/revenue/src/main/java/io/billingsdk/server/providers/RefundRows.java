package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.payments.ProviderBooks.BookedPayment;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of refunds. */
final class RefundRows {
  private static final String SELECT =
      """
      SELECT refund_id, position, payment_id, customer_id, provider, charge_reference, currency,
        amount, reason, state, reference, problem, credit_note,
        created_at
      FROM charge_refund
      """;

  private static final String INSERT =
      """
      INSERT INTO charge_refund (refund_id, payment_id, customer_id, provider, charge_reference,
        currency, amount, reason, state, reference, problem, credit_note, look_at, actor,
        created_at, changed_at)
      VALUES (:id, :payment, :customer, :provider, :charge, :currency, :amount, :reason, :state,
        :reference, :problem, :creditNote, :lookAt, :actor, :at, :at)
      """;

  private static final String UNDER_WAY =
      """
      SELECT coalesce(sum(amount), 0) AS amount FROM charge_refund
      WHERE payment_id = :payment AND state = 'created'
      """;

  private RefundRows() {}

  /**
   * A refund.
   *
   * @param reference of the provider; null while that is not known
   * @param problem why it failed; null if it has not
   * @param creditNote that was issued with it; null if none was
   */
  record StoredRefund(
      String id,
      long position,
      String paymentId,
      String customer,
      ProviderName provider,
      String chargeReference,
      Money amount,
      String reason,
      RefundState state,
      @Nullable String reference,
      @Nullable String problem,
      @Nullable String creditNote,
      Instant createdAt) {}

  static void insert(Handle handle, StoredRefund refund, @Nullable Instant lookAt, Actor actor) {
    handle
        .createUpdate(INSERT)
        .bind("id", refund.id())
        .bind("payment", refund.paymentId())
        .bind("customer", refund.customer())
        .bind("provider", refund.provider().text())
        .bind("charge", refund.chargeReference())
        .bind("currency", refund.amount().currency())
        .bind("amount", refund.amount().amount())
        .bind("reason", refund.reason())
        .bind("state", refund.state().text())
        .bind("reference", refund.reference())
        .bind("problem", refund.problem())
        .bind("creditNote", refund.creditNote())
        .bind("lookAt", lookAt)
        .bind("actor", actor.name())
        .bind("at", refund.createdAt())
        .execute();
  }

  /** One that was made at the provider. */
  static void insertSeen(
      Handle handle, ProviderName provider, BookedPayment of, SeenRefund seen, Instant now) {
    StoredRefund refund =
        new StoredRefund(
            "rfd_" + UUID.randomUUID().toString().replace("-", ""),
            0,
            of.id(),
            of.customer(),
            provider,
            seen.payment(),
            seen.amount(),
            "made at " + provider.text(),
            seen.state(),
            seen.reference(),
            seen.problem(),
            /* creditNote= */ null,
            now);
    insert(handle, refund, null, ChargeDesk.actor(provider));
  }

  static void settle(
      Handle handle,
      String id,
      RefundState state,
      @Nullable String reference,
      @Nullable String problem,
      Instant now) {
    handle
        .createUpdate(
            """
            UPDATE charge_refund SET state = :state, reference = coalesce(:reference, reference),
              problem = :problem, look_at = NULL, changed_at = :at
            WHERE refund_id = :id
            """)
        .bind("state", state.text())
        .bind("reference", reference)
        .bind("problem", problem)
        .bind("at", now)
        .bind("id", id)
        .execute();
  }

  /** A problem is one that a person has to see to. */
  static void lookAgain(Handle handle, String id, Instant at, @Nullable String problem) {
    handle
        .createUpdate(
            """
            UPDATE charge_refund SET look_at = :at, problem = :problem
            WHERE refund_id = :id AND state = 'created'
            """)
        .bind("at", at)
        .bind("problem", problem)
        .bind("id", id)
        .execute();
  }

  static Optional<StoredRefund> find(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE refund_id = :id")
        .bind("id", id)
        .map(ResultRow.to(RefundRows::refund))
        .findFirst();
  }

  static Optional<StoredRefund> ofReference(
      Handle handle, ProviderName provider, String reference) {
    return handle
        .createQuery(SELECT + "WHERE provider = :provider AND reference = :reference")
        .bind("provider", provider.text())
        .bind("reference", reference)
        .map(ResultRow.to(RefundRows::refund))
        .findFirst();
  }

  /** Money on its way back to the payer that is not booked yet. */
  static Money underWay(Handle handle, String payment, String currency) {
    return handle
        .createQuery(UNDER_WAY)
        .bind("payment", payment)
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("amount"))))
        .one();
  }

  static List<StoredRefund> toLook(Handle handle, Instant upTo, int most) {
    return handle
        .createQuery(SELECT + "WHERE look_at <= :upTo ORDER BY look_at, refund_id LIMIT :most")
        .bind("upTo", upTo)
        .bind("most", most)
        .map(ResultRow.to(RefundRows::refund))
        .list();
  }

  /** The latest first, below a position. */
  static List<StoredRefund> page(Handle handle, @Nullable String customer, long below, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE position < :below AND (:customer::text IS NULL OR customer_id = :customer)
                ORDER BY position DESC LIMIT :most
                """)
        .bind("below", below)
        .bind("customer", customer)
        .bind("most", most)
        .map(ResultRow.to(RefundRows::refund))
        .list();
  }

  private static StoredRefund refund(ResultRow row) {
    return new StoredRefund(
        row.text("refund_id"),
        row.number("position"),
        row.text("payment_id"),
        row.text("customer_id"),
        ProviderName.of(row.text("provider")),
        row.text("charge_reference"),
        Money.of(row.text("currency"), row.decimal("amount")),
        row.text("reason"),
        RefundState.of(row.text("state")),
        row.textOrNull("reference"),
        row.textOrNull("problem"),
        row.textOrNull("credit_note"),
        row.time("created_at"));
  }
}
