package io.billingsdk.server.credits;

import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.server.credits.Coupons.Gift;
import io.billingsdk.server.credits.Coupons.NewCoupon;
import io.billingsdk.server.credits.Coupons.StoredCoupon;
import io.billingsdk.server.credits.CreditState.GivenCoupon;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The rows of coupons, of who has them, and of what they counted on. */
final class CouponRows {
  private static final String SELECT =
      """
      SELECT coupon_id, name, percent, amount, currency, invoices, valid_from, valid_to, created_at
      FROM coupon
      """;

  private static final String GIFT =
      """
      SELECT gift_id, position, coupon_id, customer_id, subscription_id, invoices, uses, given_at,
        ended_at
      FROM coupon_gift
      """;

  // An amount of another currency could not be taken off. The first given one counts first.
  private static final String USABLE =
      """
      SELECT g.gift_id, g.coupon_id, g.uses, c.percent, c.amount, c.currency
      FROM coupon_gift g JOIN coupon c USING (coupon_id)
      WHERE g.customer_id = :customer AND g.ended_at IS NULL
        AND (g.subscription_id IS NULL OR g.subscription_id = :subscription)
        AND (g.invoices IS NULL OR g.uses < g.invoices)
        AND (c.currency IS NULL OR c.currency = :currency)
        AND c.valid_from <= :end AND (c.valid_to IS NULL OR c.valid_to > :end)
      ORDER BY g.position
      """;

  private static final String USE =
      """
      WITH moved AS (
        UPDATE coupon_gift SET uses = uses + :change, movements = movements + 1
        WHERE gift_id = :gift RETURNING movements
      )
      INSERT INTO coupon_use (gift_id, ordinal, kind, document, amount, at)
      SELECT :gift, movements, :kind, :document, :amount, :at FROM moved
      """;

  private CouponRows() {}

  /** Whether there was none of the id. */
  static boolean add(Handle handle, NewCoupon coupon, Instant from, String actor) {
    Update update =
        handle.createUpdate(
            """
            INSERT INTO coupon (coupon_id, name, percent, amount, currency, invoices, valid_from,
              valid_to, actor)
            VALUES (:id, :name, :percent::numeric, :amount::numeric, :currency, :invoices::integer,
              :from, :to::timestamptz, :actor)
            ON CONFLICT DO NOTHING
            """);
    @Nullable Money flat = coupon.discount() instanceof Discount.Amount each ? each.amount() : null;
    return update
            .bind("id", coupon.id())
            .bind("name", coupon.name())
            .bind(
                "percent",
                coupon.discount() instanceof Discount.Percent share ? share.percent() : null)
            .bind("amount", flat == null ? null : flat.amount())
            .bind("currency", flat == null ? null : flat.currency())
            .bind("invoices", coupon.invoices())
            .bind("from", from)
            .bind("to", coupon.validTo())
            .bind("actor", actor)
            .execute()
        > 0;
  }

  static Optional<StoredCoupon> find(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE coupon_id = :id")
        .bind("id", id)
        .map(ResultRow.to(CouponRows::coupon))
        .findFirst();
  }

  static List<StoredCoupon> after(Handle handle, String after, int most) {
    return handle
        .createQuery(SELECT + "WHERE coupon_id > :after ORDER BY coupon_id LIMIT :most")
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(CouponRows::coupon))
        .list();
  }

  /** Whether the customer did not have it. */
  static boolean give(Handle handle, Gift gift, String actor) {
    return handle
            .createUpdate(
                """
                INSERT INTO coupon_gift (gift_id, coupon_id, customer_id, subscription_id, invoices,
                  actor, given_at)
                VALUES (:id, :coupon, :customer, :subscription::uuid, :invoices::integer, :actor, :at)
                ON CONFLICT DO NOTHING
                """)
            .bind("id", gift.id())
            .bind("coupon", gift.coupon())
            .bind("customer", gift.customer())
            .bind("subscription", gift.subscription())
            .bind("invoices", gift.invoices())
            .bind("actor", actor)
            .bind("at", gift.givenAt())
            .execute()
        > 0;
  }

  static void end(Handle handle, UUID gift, Instant at) {
    handle
        .createUpdate(
            "UPDATE coupon_gift SET ended_at = :at WHERE gift_id = :id AND ended_at IS NULL")
        .bind("at", at)
        .bind("id", gift)
        .execute();
  }

  static Optional<Gift> gift(Handle handle, UUID id) {
    return handle
        .createQuery(GIFT + "WHERE gift_id = :id")
        .bind("id", id)
        .map(ResultRow.to(CouponRows::gift))
        .findFirst();
  }

  static List<Gift> of(Handle handle, String customer, long after, int most) {
    return handle
        .createQuery(
            GIFT
                + "WHERE customer_id = :customer AND position > :after"
                + " ORDER BY position LIMIT :most")
        .bind("customer", customer)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(CouponRows::gift))
        .list();
  }

  /** Those that count on an invoice whose time ends then. */
  static List<GivenCoupon> usable(
      Handle handle, String customer, UUID subscription, String currency, Instant end) {
    return handle
        .createQuery(USABLE)
        .bind("customer", customer)
        .bind("subscription", subscription)
        .bind("currency", currency)
        .bind("end", end)
        .map(
            ResultRow.to(
                row ->
                    new GivenCoupon(
                        row.uuid("gift_id"),
                        row.text("coupon_id"),
                        discount(row),
                        row.integer("uses"))))
        .list();
  }

  static void use(Handle handle, CreditUse.Part part, String document, Instant at) {
    move(handle, part, "use", 1, document, at);
  }

  /** The coupons that a document used. */
  static List<CreditUse.Part> usedBy(Handle handle, String document, String currency) {
    return handle
        .createQuery(
            "SELECT gift_id, amount FROM coupon_use WHERE document = :document AND kind = 'use'")
        .bind("document", document)
        .map(
            ResultRow.to(
                row ->
                    new CreditUse.Part(
                        row.uuid("gift_id"), Money.of(currency, row.decimal("amount")))))
        .list();
  }

  static void giveBack(Handle handle, CreditUse.Part part, String document, Instant at) {
    move(handle, part, "return", -1, document, at);
  }

  private static void move(
      Handle handle, CreditUse.Part part, String kind, int change, String document, Instant at) {
    int moved =
        handle
            .createUpdate(USE)
            .bind("change", change)
            .bind("gift", part.id())
            .bind("kind", kind)
            .bind("document", document)
            .bind("amount", part.amount().amount())
            .bind("at", at)
            .execute();
    if (moved != 1) {
      throw new IllegalStateException("there is no gift " + part.id() + " of a coupon");
    }
  }

  private static StoredCoupon coupon(ResultRow row) {
    return new StoredCoupon(
        row.text("coupon_id"),
        row.text("name"),
        discount(row),
        row.isNull("invoices") ? null : row.integer("invoices"),
        row.time("valid_from"),
        row.timeOrNull("valid_to"),
        row.time("created_at"));
  }

  private static Discount discount(ResultRow row) {
    return row.isNull("percent")
        ? Discount.amount(Money.of(row.text("currency"), row.decimal("amount")))
        : Discount.percent(row.decimal("percent").toPlainString());
  }

  private static Gift gift(ResultRow row) {
    return new Gift(
        row.uuid("gift_id"),
        row.number("position"),
        row.text("coupon_id"),
        row.text("customer_id"),
        row.uuidOrNull("subscription_id"),
        row.isNull("invoices") ? null : row.integer("invoices"),
        row.integer("uses"),
        row.time("given_at"),
        row.timeOrNull("ended_at"));
  }
}
