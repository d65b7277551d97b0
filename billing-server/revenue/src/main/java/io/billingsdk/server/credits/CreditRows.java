package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditState.UsableCredit;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of credits and of their movements. */
final class CreditRows {
  private static final String SELECT =
      """
      SELECT credit_id, position, customer_id, kind, source, currency, amount, remaining, priority,
        granted_at, expires_at, reference, reason, rollover_least, rollover_most, keep_overage
      FROM credit_grant
      """;

  private static final String INSERT =
      """
      WITH granted AS (
        INSERT INTO credit_grant (credit_id, customer_id, kind, source, currency, amount, priority,
          granted_at, expires_at, reference, reason, rollover_least, rollover_most, keep_overage,
          actor, movements, remaining)
        VALUES (:id, :customer, :kind, :source, :currency, :amount, :priority, :at, :expires,
          :reference, :reason, :least, :most, :keep, :actor, 1, :amount)
        RETURNING credit_id
      )
      INSERT INTO credit_movement (credit_id, ordinal, kind, before, change, remaining, document,
        actor, at)
      SELECT credit_id, 1, 'grant', 0, :amount, :amount, :reference, :actor, :at FROM granted
      """;

  // The row of the grant is locked by it: a second burn waits, and sees what the first one left.
  private static final String MOVE =
      """
      WITH moved AS (
        UPDATE credit_grant SET remaining = remaining + :change, movements = movements + 1
        WHERE credit_id = :id AND remaining + :change >= 0
        RETURNING movements, remaining
      )
      INSERT INTO credit_movement (credit_id, ordinal, kind, before, change, remaining, document,
        actor, at)
      SELECT :id, movements, :kind, remaining - :change, :change, remaining, :document, :actor, :at
      FROM moved
      """;

  private CreditRows() {}

  /** A grant as its row has it. */
  record StoredCredit(
      UUID id,
      long position,
      String customer,
      CreditKind kind,
      String source,
      Money amount,
      Money remaining,
      int priority,
      Instant grantedAt,
      @Nullable Instant expiresAt,
      @Nullable String reference,
      String reason,
      @Nullable CreditRollover rollover) {}

  /** What changes the rest of a credit. */
  enum MovementKind {
    /** It began. */
    GRANT,
    /** An invoice used it. */
    BURN,
    /** An invoice that used it is void. */
    RETURN,
    /** Its time is over. */
    EXPIRE,
    /** A person took the rest away. */
    WITHDRAW,
    /** A billing period begins, and its rest with it. */
    RESET;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A movement.
   *
   * @param change above 0 if there is more afterwards
   * @param document that used it or gave it back; null for none
   */
  record Movement(
      int ordinal,
      MovementKind kind,
      BigDecimal change,
      BigDecimal remaining,
      @Nullable String document,
      String actor,
      Instant at) {}

  static void add(Handle handle, UUID id, NewCredit credit, Instant at, String actor) {
    CreditRollover rollover = credit.rollover();
    handle
        .createUpdate(INSERT)
        .bind("id", id)
        .bind("customer", credit.customer())
        .bind("kind", credit.kind().text())
        .bind("source", credit.source().text())
        .bind("currency", credit.amount().currency())
        .bind("amount", credit.amount().amount())
        .bind("priority", credit.priority())
        .bind("at", at)
        .bind("expires", credit.expiresAt())
        .bind("reference", credit.reference())
        .bind("reason", credit.reason())
        .bind("least", rollover == null ? null : rollover.least().amount())
        .bind("most", rollover == null ? null : rollover.most().amount())
        .bind("keep", rollover != null && rollover.keepsOverage())
        .bind("actor", actor)
        .execute();
  }

  /** Whether the credit has that much. */
  static boolean move(Handle handle, UUID id, Movement movement) {
    return handle
            .createUpdate(MOVE)
            .bind("id", id)
            .bind("kind", movement.kind().text())
            .bind("change", movement.change())
            .bind("document", movement.document())
            .bind("actor", movement.actor())
            .bind("at", movement.at())
            .execute()
        == 1;
  }

  static Optional<StoredCredit> find(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "WHERE credit_id = :id")
        .bind("id", id)
        .map(ResultRow.to(CreditRows::credit))
        .findFirst();
  }

  /** What a payment bought. */
  static List<StoredCredit> ofTopUp(Handle handle, String payment) {
    return handle
        .createQuery(SELECT + "WHERE source = 'top_up' AND reference = :payment")
        .bind("payment", payment)
        .map(ResultRow.to(CreditRows::credit))
        .list();
  }

  static List<StoredCredit> of(Handle handle, String customer, long after, int most) {
    return handle
        .createQuery(
            SELECT
                + "WHERE customer_id = :customer AND position > :after"
                + " ORDER BY position LIMIT :most")
        .bind("customer", customer)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(CreditRows::credit))
        .list();
  }

  /** Those that can pay for a time that ends then, or that begin a period again after it. */
  static List<UsableCredit> usable(Handle handle, String customer, String currency, Instant end) {
    return handle
        .createQuery(
            SELECT
                + "WHERE customer_id = :customer AND currency = :currency"
                + " AND (remaining > 0 OR rollover_most IS NOT NULL)"
                + " AND (expires_at IS NULL OR expires_at > :end) ORDER BY position")
        .bind("customer", customer)
        .bind("currency", currency)
        .bind("end", end)
        .map(ResultRow.to(CreditRows::usable))
        .list();
  }

  private static UsableCredit usable(ResultRow row) {
    StoredCredit credit = credit(row);
    return new UsableCredit(
        credit.id(),
        credit.position(),
        credit.kind(),
        credit.remaining(),
        credit.priority(),
        credit.grantedAt(),
        credit.expiresAt(),
        credit.rollover());
  }

  /** What a document took of each credit. */
  static List<CreditUse.Part> burntBy(Handle handle, String document, String currency) {
    return handle
        .createQuery(
            """
            SELECT credit_id, sum(-change) AS used FROM credit_movement
            WHERE document = :document AND kind = 'burn' GROUP BY credit_id ORDER BY credit_id
            """)
        .bind("document", document)
        .map(
            ResultRow.to(
                row ->
                    new CreditUse.Part(
                        row.uuid("credit_id"), Money.of(currency, row.decimal("used")))))
        .list();
  }

  static Money balance(Handle handle, String customer, String currency) {
    return handle
        .createQuery(
            """
            SELECT coalesce(sum(remaining), 0) AS balance FROM credit_grant
            WHERE customer_id = :customer AND currency = :currency AND kind <> 'promotional'
              AND remaining > 0
            """)
        .bind("customer", customer)
        .bind("currency", currency)
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("balance"))))
        .one();
  }

  /** A credit that may have expired, with its place in the order of expiry. */
  record ExpiringCredit(UUID id, String customer, Instant expiresAt, long position) {}

  /** Those with something left that expire at some time, in pages. */
  static List<ExpiringCredit> expiring(Handle handle, Instant after, long position, int most) {
    return handle
        .createQuery(
            """
            SELECT credit_id, customer_id, expires_at, position FROM credit_grant
            WHERE remaining > 0 AND expires_at IS NOT NULL
              AND (expires_at, position) > (:after, :position)
            ORDER BY expires_at, position LIMIT :most
            """)
        .bind("after", after)
        .bind("position", position)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new ExpiringCredit(
                        row.uuid("credit_id"),
                        row.text("customer_id"),
                        row.time("expires_at"),
                        row.number("position"))))
        .list();
  }

  static List<Movement> movements(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            SELECT ordinal, kind, change, remaining, document, actor, at FROM credit_movement
            WHERE credit_id = :id ORDER BY ordinal
            """)
        .bind("id", id)
        .map(
            ResultRow.to(
                row ->
                    new Movement(
                        row.integer("ordinal"),
                        MovementKind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
                        row.decimal("change"),
                        row.decimal("remaining"),
                        row.textOrNull("document"),
                        row.text("actor"),
                        row.time("at"))))
        .list();
  }

  private static StoredCredit credit(ResultRow row) {
    String currency = row.text("currency");
    return new StoredCredit(
        row.uuid("credit_id"),
        row.number("position"),
        row.text("customer_id"),
        CreditKind.of(row.text("kind")),
        row.text("source"),
        Money.of(currency, row.decimal("amount")),
        Money.of(currency, row.decimal("remaining")),
        row.integer("priority"),
        row.time("granted_at"),
        row.timeOrNull("expires_at"),
        row.textOrNull("reference"),
        row.text("reason"),
        rollover(row, currency));
  }

  private static @Nullable CreditRollover rollover(ResultRow row, String currency) {
    String most = row.textOrNull("rollover_most");
    return most == null
        ? null
        : new CreditRollover(
            Money.of(currency, row.decimal("rollover_least")),
            Money.of(currency, most),
            row.flag("keep_overage"));
  }
}
