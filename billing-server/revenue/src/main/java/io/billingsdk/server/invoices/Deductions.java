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

  /** A credit that pays. */
  record Paid(UsableCredit credit, Money amount) {}

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
    Optional<Money> balance = means.stream().map(UsableCredit::remaining).reduce(Money::plus);
    InvoiceTotals totals = InvoiceTotals.of(lines, all, balance);
    return new Applied(new Deductions(allowed, paid(means, totals.prepaid())), totals);
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
        paid.add(new Paid(credit, used));
        open = open.minus(used);
      }
    }
    return paid;
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
    payments.forEach(each -> credits.add(new Part(each.credit().id(), each.amount())));
    return new CreditUse(coupons, credits);
  }
}
