package io.billingsdk.server.credits;

import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The coupons and credits that an invoice may use, as they were before it. An invoice pins it, and
 * so can be made again. Immutable.
 *
 * @param coupons in the order in which they count
 * @param credits in no particular order
 */
public record CreditState(List<GivenCoupon> coupons, List<UsableCredit> credits) {
  /** Of a customer who has nothing. */
  public static final CreditState NONE = new CreditState(List.of(), List.of());

  /** Copies the lists. */
  public CreditState {
    coupons = List.copyOf(coupons);
    credits = List.copyOf(credits);
  }

  /** What credit is. */
  public enum CreditKind {
    /** It lowers an invoice before tax. */
    PROMOTIONAL,
    /** It was bought, and pays an invoice after tax. */
    PREPAID,
    /** A credit note or an over-payment brought it; it pays an invoice after tax. */
    ACCOUNT;

    /** As it is written: {@code prepaid}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a text that {@link #text} wrote. */
    public static CreditKind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A coupon that a customer has.
   *
   * @param usedBefore on how many invoices it has counted
   */
  public record GivenCoupon(UUID gift, String coupon, Discount discount, int usedBefore) {}

  /**
   * Credit that is left.
   *
   * @param position in the order of the grants
   * @param remaining above 0; also 0 of one with a rollover
   * @param priority a lower number is used first
   * @param expiresAt null for never
   * @param rollover of one that begins a billing period after the invoice; null: it does not
   */
  public record UsableCredit(
      UUID id,
      long position,
      CreditKind kind,
      Money remaining,
      int priority,
      Instant grantedAt,
      @Nullable Instant expiresAt,
      @Nullable CreditRollover rollover) {
    private UsableCredit less(Money used) {
      return new UsableCredit(
          id, position, kind, remaining.minus(used), priority, grantedAt, expiresAt, rollover);
    }

    private UsableCredit withoutRollover() {
      return new UsableCredit(id, position, kind, remaining, priority, grantedAt, expiresAt, null);
    }
  }

  /** The rest after an invoice, for another one of the same time. */
  public CreditState without(CreditUse use) {
    Set<UUID> usedCoupons = new HashSet<>();
    use.coupons().forEach(each -> usedCoupons.add(each.id()));
    Map<UUID, Money> used = new HashMap<>();
    use.credits().forEach(each -> used.merge(each.id(), each.amount(), Money::plus));
    return new CreditState(
        coupons.stream().filter(each -> !usedCoupons.contains(each.gift())).toList(),
        credits.stream()
            .map(each -> used.containsKey(each.id()) ? each.less(used.get(each.id())) : each)
            .filter(each -> each.remaining().signum() > 0 || each.rollover() != null)
            .toList());
  }

  /** The same where no billing period begins afterwards. */
  public CreditState withoutRollover() {
    return new CreditState(
        coupons,
        credits.stream()
            .filter(each -> each.remaining().signum() > 0)
            .map(UsableCredit::withoutRollover)
            .toList());
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return coupons.isEmpty() && credits.isEmpty();
  }
}
