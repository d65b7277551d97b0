package io.billingsdk.server.invoices;

import io.billingsdk.rating.Allowance;
import io.billingsdk.rating.CreditGrant;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditState.GivenCoupon;
import io.billingsdk.server.credits.CreditState.UsableCredit;
import io.billingsdk.server.credits.CreditUse;
import io.billingsdk.server.credits.CreditUse.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What coupons and credits do to the lines of an invoice: coupons and promotional credit before
 * tax, prepaid and account credit after it. Pure and immutable.
 *
 * @param allowances those that take something off, in the order in which they count
 * @param payments those that pay something, in the order in which they are used
 */
record Deductions(List<Allowed> allowances, List<Paid> payments) {
  /** None. */
  static final Deductions NONE = new Deductions(List.of(), List.of());

  /** Copies the lists. */
  Deductions {
    allowances = List.copyOf(allowances);
    payments = List.copyOf(payments);
  }

  /** A coupon or a promotional credit, one of the two, with its parts of the lines. */
  record Allowed(
      @Nullable GivenCoupon coupon, @Nullable UsableCredit credit, Allowance allowance) {}

  /**
   * A credit that pays.
   *
   * @param isAfterReset whether its rest is that of the billing period that begins
   */
  record Paid(UsableCredit credit, Money amount, boolean isAfterReset) {}

  /** Deductions with the sums after them. */
  record Applied(Deductions deductions, InvoiceTotals totals) {}

  /** Applies them to lines, at least one. */
  static Applied apply(List<InvoiceLine> lines, CreditState state) {
    List<UsableCredit> promotional = inOrder(state, each -> each.kind() == CreditKind.PROMOTIONAL);
    List<Discount> discounts = new ArrayList<>();
    state.coupons().forEach(each -> discounts.add(each.discount()));
    promotional.forEach(each -> discounts.add(Discount.amount(each.remaining())));
    List<Allowance> all = Allowance.of(lines, discounts);
    List<Allowed> allowed = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      int credit = i - state.coupons().size();
      if (all.get(i).amount().signum() > 0) {
        allowed.add(
            new Allowed(
                credit < 0 ? state.coupons().get(i) : null,
                credit < 0 ? null : promotional.get(credit),
                all.get(i)));
      }
    }
    List<UsableCredit> means = inOrder(state, each -> each.kind() != CreditKind.PROMOTIONAL);
    Money total = InvoiceTotals.of(lines, all, Optional.empty()).total();
    List<Paid> paid = paid(means, total);
    Optional<Money> prepaid = paid.stream().map(Paid::amount).reduce(Money::plus);
    return new Applied(new Deductions(allowed, paid), InvoiceTotals.of(lines, all, prepaid));
  }

  private static List<UsableCredit> inOrder(CreditState state, Predicate<UsableCredit> wanted) {
    return state.credits().stream()
        .filter(wanted)
        .sorted(Comparator.comparing(Deductions::grant, CreditGrant.BURN_ORDER))
        .toList();
  }

  /** Which credits are usable was asked before; they are in their order. */
  private static List<Paid> paid(List<UsableCredit> means, Money amount) {
    List<Paid> paid = new ArrayList<>();
    Money open = amount;
    for (UsableCredit credit : means) {
      Money used = open.min(credit.remaining());
      if (used.signum() > 0) {
        paid.add(new Paid(credit, used, /* isAfterReset= */ false));
        open = open.minus(used);
      }
    }
    paid.addAll(afterReset(means, paid, open));
    return paid;
  }

  /** What credits that begin a period again, and keep the overage, pay of it. */
  private static List<Paid> afterReset(List<UsableCredit> means, List<Paid> paid, Money overage) {
    List<Paid> more = new ArrayList<>();
    Money open = overage;
    for (UsableCredit credit : means) {
      if (credit.rollover() != null && open.signum() > 0) {
        Money rest = credit.remaining();
        for (Paid each : paid) {
          rest = each.credit().equals(credit) ? rest.minus(each.amount()) : rest;
        }
        Money covered = credit.rollover().reset(rest, open).covered();
        if (covered.signum() > 0) {
          more.add(new Paid(credit, covered, /* isAfterReset= */ true));
          open = open.minus(covered);
        }
      }
    }
    return more;
  }

  private static CreditGrant grant(UsableCredit credit) {
    return new CreditGrant(
        name(credit),
        Quantity.of(credit.remaining().amount()),
        credit.priority(),
        credit.grantedAt(),
        credit.expiresAt());
  }

  /** Of one length, so that names are in the order of the grants. */
  private static String name(UsableCredit credit) {
    return "%019d".formatted(credit.position());
  }

  /** What the tables of credits note. */
  CreditUse use() {
    List<Part> coupons = new ArrayList<>();
    List<Part> credits = new ArrayList<>();
    for (Allowed each : allowances) {
      if (each.coupon() != null) {
        coupons.add(new Part(each.coupon().gift(), each.allowance().amount()));
      } else if (each.credit() != null) {
        credits.add(new Part(each.credit().id(), each.allowance().amount()));
      }
    }
    List<Part> afterReset = new ArrayList<>();
    payments.forEach(
        each ->
            (each.isAfterReset() ? afterReset : credits)
                .add(new Part(each.credit().id(), each.amount())));
    return new CreditUse(coupons, credits, afterReset);
  }
}
