package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of charges. */
final class ChargeRows {
  private static final String SELECT =
      """
      SELECT charge_id, position, intent, attempt, customer_id, provider, number, currency, amount,
        method_id, state, reference, decline_class, decline_code, action_url, payment_id, problem,
        looks, created_at, changed_at
      FROM charge
      """;

  private static final String INSERT =
      """
      INSERT INTO charge (charge_id, intent, attempt, customer_id, provider, number, currency,
        amount, method_id, state, look_at, created_at, changed_at)
      VALUES (:id, :intent, :attempt, :customer, :provider, :number, :currency, :amount, :method,
        'created', :lookAt, :at, :at)
      """;

  private static final String UPDATE =
      """
      UPDATE charge SET state = :state, reference = coalesce(:reference, reference),
        decline_class = :declineClass, decline_code = :declineCode,
        action_url = coalesce(:url, action_url), payment_id = :payment, problem = :problem,
        look_at = :lookAt, changed_at = :at
      WHERE charge_id = :id
      """;

  private static final String LOOK =
      """
      UPDATE charge SET looks = looks + 1, look_at = :lookAt,
        reference = coalesce(reference, :reference), problem = NULL,
        state = CASE state WHEN 'needs_operator' THEN 'created' ELSE state END
      WHERE charge_id = :id
        AND state IN ('created', 'needs_operator', 'requires_action', 'processing')
      """;

  private ChargeRows() {}

  static void insert(Handle handle, Charge charge, Instant lookAt) {
    handle
        .createUpdate(INSERT)
        .bind("id", charge.id())
        .bind("intent", charge.intent())
        .bind("attempt", charge.attempt())
        .bind("customer", charge.customer())
        .bind("provider", charge.provider().text())
        .bind("number", charge.number())
        .bind("currency", charge.amount().currency())
        .bind("amount", charge.amount().amount())
        .bind("method", charge.methodId())
        .bind("lookAt", lookAt)
        .bind("at", charge.createdAt())
        .execute();
  }

  /**
   * Writes what has changed.
   *
   * @param lookAt when the provider is asked again; null for never
   */
  static void update(Handle handle, Charge charge, @Nullable Instant lookAt) {
    DeclineClass declined = charge.declineClass();
    handle
        .createUpdate(UPDATE)
        .bind("state", charge.state().text())
        .bind("reference", charge.reference())
        .bind("declineClass", declined == null ? null : declined.text())
        .bind("declineCode", charge.declineCode())
        .bind("url", charge.actionUrl())
        .bind("payment", charge.paymentId())
        .bind("problem", charge.problem())
        .bind("lookAt", lookAt)
        .bind("at", charge.changedAt())
        .bind("id", charge.id())
        .execute();
  }

  /**
   * Nothing is known that was not known before: it is looked at again later, if nobody has settled
   * it meanwhile. The provider may have it now.
   */
  static void lookAgain(Handle handle, String id, @Nullable String reference, Instant at) {
    handle
        .createUpdate(LOOK)
        .bind("lookAt", at)
        .bind("reference", reference)
        .bind("id", id)
        .execute();
  }

  static Optional<Charge> find(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE charge_id = :id")
        .bind("id", id)
        .map(ResultRow.to(ChargeRows::charge))
        .findFirst();
  }

  /** The same, alone with it until the transaction ends. */
  static Optional<Charge> locked(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE charge_id = :id FOR UPDATE")
        .bind("id", id)
        .map(ResultRow.to(ChargeRows::charge))
        .findFirst();
  }

  static Optional<Charge> ofAttempt(Handle handle, String intent, int attempt) {
    return handle
        .createQuery(SELECT + "WHERE intent = :intent AND attempt = :attempt")
        .bind("intent", intent)
        .bind("attempt", attempt)
        .map(ResultRow.to(ChargeRows::charge))
        .findFirst();
  }

  static Optional<Charge> ofReference(Handle handle, ProviderName provider, String reference) {
    return handle
        .createQuery(SELECT + "WHERE provider = :provider AND reference = :reference")
        .bind("provider", provider.text())
        .bind("reference", reference)
        .map(ResultRow.to(ChargeRows::charge))
        .findFirst();
  }

  static Optional<Charge> ofPayment(Handle handle, String payment) {
    return handle
        .createQuery(SELECT + "WHERE payment_id = :payment")
        .bind("payment", payment)
        .map(ResultRow.to(ChargeRows::charge))
        .findFirst();
  }

  /** All attempts of an invoice, in their order. */
  static List<Charge> ofNumber(Handle handle, String number) {
    return handle
        .createQuery(SELECT + "WHERE number = :number ORDER BY attempt")
        .bind("number", number)
        .map(ResultRow.to(ChargeRows::charge))
        .list();
  }

  /** Those of the numbers that have a charge. */
  static Set<String> tried(Handle handle, List<String> numbers) {
    return handle
        .createQuery("SELECT number FROM charge WHERE number = ANY (:numbers)")
        .bind("numbers", numbers.toArray(String[]::new))
        .mapTo(String.class)
        .set();
  }

  /** Those that the provider is to be asked for. */
  static List<Charge> toLook(Handle handle, Instant upTo, int most) {
    return handle
        .createQuery(SELECT + "WHERE look_at <= :upTo ORDER BY look_at, charge_id LIMIT :most")
        .bind("upTo", upTo)
        .bind("most", most)
        .map(ResultRow.to(ChargeRows::charge))
        .list();
  }

  /** The latest first, below a position. */
  static List<Charge> page(
      Handle handle, @Nullable String customer, @Nullable ChargeState state, long below, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE position < :below AND (:customer::text IS NULL OR customer_id = :customer)
                  AND (:state::text IS NULL OR state = :state)
                ORDER BY position DESC LIMIT :most
                """)
        .bind("below", below)
        .bind("customer", customer)
        .bind("state", state == null ? null : state.text())
        .bind("most", most)
        .map(ResultRow.to(ChargeRows::charge))
        .list();
  }

  private static Charge charge(ResultRow row) {
    String declined = row.textOrNull("decline_class");
    return new Charge(
        row.text("charge_id"),
        row.number("position"),
        row.text("intent"),
        row.integer("attempt"),
        row.text("customer_id"),
        ProviderName.of(row.text("provider")),
        row.textOrNull("number"),
        Money.of(row.text("currency"), row.decimal("amount")),
        row.textOrNull("method_id"),
        ChargeState.of(row.text("state")),
        row.textOrNull("reference"),
        declined == null ? null : DeclineClass.of(declined),
        row.textOrNull("decline_code"),
        row.textOrNull("action_url"),
        row.textOrNull("payment_id"),
        row.textOrNull("problem"),
        row.integer("looks"),
        row.time("created_at"),
        row.time("changed_at"));
  }
}
