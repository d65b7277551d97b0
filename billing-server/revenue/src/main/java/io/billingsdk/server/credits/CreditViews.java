package io.billingsdk.server.credits;

import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.server.credits.Coupons.Gift;
import io.billingsdk.server.credits.Coupons.StoredCoupon;
import io.billingsdk.server.credits.CreditRows.Movement;
import io.billingsdk.server.credits.CreditRows.StoredCredit;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Coupons and credits as the API shows them. */
final class CreditViews {
  private CreditViews() {}

  record CouponView(
      String couponId,
      String name,
      @Nullable String percent,
      @Nullable String amount,
      @Nullable String currency,
      @Nullable Integer invoices,
      Instant validFrom,
      @Nullable Instant validTo,
      Instant createdAt) {
    static CouponView of(StoredCoupon coupon) {
      @Nullable Money flat =
          coupon.discount() instanceof Discount.Amount each ? each.amount() : null;
      return new CouponView(
          coupon.id(),
          coupon.name(),
          coupon.discount() instanceof Discount.Percent share
              ? share.percent().toPlainString()
              : null,
          flat == null ? null : flat.amount().toPlainString(),
          flat == null ? null : flat.currency(),
          coupon.invoices(),
          coupon.validFrom(),
          coupon.validTo(),
          coupon.createdAt());
    }
  }

  record GiftView(
      UUID giftId,
      String couponId,
      String customerId,
      @Nullable UUID subscriptionId,
      @Nullable Integer invoices,
      int uses,
      Instant givenAt,
      @Nullable Instant endedAt) {
    static GiftView of(Gift gift) {
      return new GiftView(
          gift.id(),
          gift.coupon(),
          gift.customer(),
          gift.subscription(),
          gift.invoices(),
          gift.uses(),
          gift.givenAt(),
          gift.endedAt());
    }
  }

  record CreditView(
      UUID creditId,
      String customerId,
      String kind,
      String source,
      String currency,
      String amount,
      String remaining,
      int priority,
      Instant grantedAt,
      @Nullable Instant expiresAt,
      @Nullable String reference,
      String reason,
      @Nullable RolloverView rollover) {
    static CreditView of(StoredCredit credit) {
      return new CreditView(
          credit.id(),
          credit.customer(),
          credit.kind().text(),
          credit.source(),
          credit.amount().currency(),
          credit.amount().amount().toPlainString(),
          credit.remaining().amount().toPlainString(),
          credit.priority(),
          credit.grantedAt(),
          credit.expiresAt(),
          credit.reference(),
          credit.reason(),
          RolloverView.of(credit.rollover()));
    }
  }

  record RolloverView(String least, String most, boolean keepOverage) {
    static @Nullable RolloverView of(@Nullable CreditRollover rollover) {
      return rollover == null
          ? null
          : new RolloverView(
              rollover.least().amount().toPlainString(),
              rollover.most().amount().toPlainString(),
              rollover.keepsOverage());
    }
  }

  record CreditLedgerView(CreditView credit, List<MovementView> movements) {
    static CreditLedgerView of(StoredCredit credit, List<Movement> movements) {
      return new CreditLedgerView(
          CreditView.of(credit), movements.stream().map(MovementView::of).toList());
    }
  }

  record MovementView(
      int ordinal,
      String kind,
      String change,
      String remaining,
      @Nullable String document,
      String actor,
      Instant at) {
    static MovementView of(Movement movement) {
      return new MovementView(
          movement.ordinal(),
          movement.kind().text(),
          movement.change().toPlainString(),
          movement.remaining().toPlainString(),
          movement.document(),
          movement.actor(),
          movement.at());
    }
  }
}
