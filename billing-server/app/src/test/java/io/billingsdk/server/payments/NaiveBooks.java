package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a customer owes and has, counted by hand beside the real books. */
final class NaiveBooks {
  private final PaymentWorld world;
  private final String customer;
  private final String currency;
  private final Money zero;
  private final Map<String, Money> open = new LinkedHashMap<>();
  private final Map<String, Money> creditable = new LinkedHashMap<>();
  private final Map<String, Money> given = new LinkedHashMap<>();
  private final Map<String, Money> left = new LinkedHashMap<>();
  private Money kept;
  private Money claim;
  private int number;
  private int refused;
  private int claims;

  NaiveBooks(PaymentWorld world, String customer, String currency) {
    this.world = world;
    this.customer = customer;
    this.currency = currency;
    this.zero = Money.zero(currency);
    this.kept = zero;
    this.claim = zero;
    world.customer(customer, "UTC", currency, PaymentWorld.START);
  }

  String customer() {
    return customer;
  }

  int refused() {
    return refused;
  }

  int invoices() {
    return open.size();
  }

  int payments() {
    return left.size();
  }

  int claims() {
    return claims;
  }

  Money owed() {
    return open.values().stream().reduce(claim, Money::plus);
  }

  Money kept() {
    return kept;
  }

  void act(Random random) {
    switch (random.nextInt(7)) {
      case 0 -> invoice(amount(random, 20_000));
      case 1 -> creditNote(random);
      case 2, 3 -> pay(amount(random, 30_000));
      case 4 -> giveBack(random, /* isReturn= */ false);
      case 5 -> giveBack(random, /* isReturn= */ true);
      default -> writeOffOrRecover(random);
    }
  }

  private Money amount(Random random, long most) {
    return Money.of(currency, BigDecimal.valueOf(1 + random.nextLong(most), zero.amount().scale()));
  }

  private static String text(Money amount) {
    return amount.amount().toPlainString();
  }

  private void invoice(Money amount) {
    String name = customer + "-%06d".formatted(++number);
    BookedInvoice.invoice(world.database, customer, name, text(amount), currency);
    open.put(name, amount);
    creditable.put(name, amount);
  }

  private void creditNote(Random random) {
    String name = one(creditable, random);
    Money rest = creditable.getOrDefault(name, zero);
    if (rest.signum() == 0) {
      return;
    }
    Money amount = amount(random, rest.minorUnits().longValueExact());
    String note = customer + "-%06d".formatted(++number);
    BookedInvoice.creditNote(world.database, customer, note, text(amount), currency, name);
    creditable.put(name, rest.minus(amount));
    Money less = amount.min(open.getOrDefault(name, zero));
    open.put(name, open.getOrDefault(name, zero).minus(less));
    kept = kept.plus(amount).minus(less);
  }

  private void pay(Money amount) {
    Payment payment = record(amount, List.of());
    Money rest = amount;
    // All were issued on one day: those that are due first are in the order of their numbers.
    for (String name : List.copyOf(open.keySet())) {
      if (open.getOrDefault(name, zero).signum() > 0) {
        rest = rest.minus(settled(name, rest));
      }
    }
    over(rest);
    left.put(payment.id(), amount);
  }

  private void over(Money rest) {
    Money claimed = rest.min(claim);
    claim = claim.minus(claimed);
    kept = kept.plus(rest).minus(claimed);
  }

  private Payment record(Money amount, List<String> numbers) {
    return world
        .payments()
        .record(
            new NewPayment(
                customer, amount, PaymentMethod.MANUAL, PaymentWorld.DAY, null, numbers));
  }

  private void giveBack(Random random, boolean isReturn) {
    if (left.isEmpty()) {
      return;
    }
    String id = one(left, random);
    Money rest = left.getOrDefault(id, zero);
    Money amount = amount(random, 30_000);
    Payment before = world.payments().require(id);
    Money settled = before.settled().values().stream().reduce(zero, Money::plus);
    try {
      Payment after = world.payments().refund(id, amount, "r", isReturn);
      Money opened = opened(before, after);
      Money ofCredit = isReturn ? amount.minus(amount.min(settled)) : amount.min(kept);
      assertThat(opened).isEqualTo(amount.minus(ofCredit));
      Money taken = ofCredit.min(kept);
      kept = kept.minus(taken);
      claims += taken.equals(ofCredit) ? 0 : 1;
      claim = claim.plus(ofCredit).minus(taken);
      left.put(id, rest.minus(amount));
    } catch (RequestRefusedException tooMuch) {
      refused++;
      boolean isAbove = amount.compareTo(rest) > 0;
      // What somebody took is gone: a return is refused for nothing else.
      boolean isUsed = !isReturn && amount.compareTo(kept.plus(settled)) > 0;
      assertThat(isAbove || isUsed).as(tooMuch.getMessage()).isTrue();
    }
  }

  private Money opened(Payment before, Payment after) {
    Money opened = zero;
    for (Map.Entry<String, Money> each : before.settled().entrySet()) {
      Money again = each.getValue().minus(after.settled().getOrDefault(each.getKey(), zero));
      open.put(each.getKey(), open.getOrDefault(each.getKey(), zero).plus(again));
      opened = opened.plus(again);
    }
    return opened;
  }

  private void writeOffOrRecover(Random random) {
    if (!given.isEmpty() && random.nextBoolean()) {
      recover(random);
      return;
    }
    List<String> owed = new ArrayList<>();
    open.forEach(
        (name, amount) -> {
          if (amount.signum() > 0) {
            owed.add(name);
          }
        });
    if (!owed.isEmpty() && random.nextInt(3) == 0) {
      String name = owed.get(random.nextInt(owed.size()));
      var unused = world.payments().writeOff(name, "given up");
      given.merge(name, open.getOrDefault(name, zero), Money::plus);
      open.put(name, zero);
    }
  }

  /** Money comes for an invoice that was given up. */
  private void recover(Random random) {
    String name = one(given, random);
    Money amount = amount(random, 30_000);
    Payment payment = record(amount, List.of(name));
    over(amount.minus(settled(name, amount)));
    left.put(payment.id(), amount);
  }

  /** First what is open, then what was given up; gives how much of it the money pays. */
  private Money settled(String name, Money money) {
    Money owed = open.getOrDefault(name, zero);
    Money lost = given.getOrDefault(name, zero);
    Money paid = money.min(owed);
    Money back = lost.min(money.minus(paid));
    open.put(name, owed.minus(paid));
    given.computeIfPresent(name, (same, before) -> before.minus(back));
    return paid.plus(back);
  }

  private static String one(Map<String, Money> of, Random random) {
    return of.isEmpty() ? "" : List.copyOf(of.keySet()).get(random.nextInt(of.size()));
  }
}
