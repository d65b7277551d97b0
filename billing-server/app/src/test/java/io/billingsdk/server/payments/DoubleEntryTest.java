package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random invoices, credit notes, payments, refunds, returns and write-offs: accounts add up to 0
 * after each commit, and balances are those of a naive model.
 */
@Tag("postgres")
class DoubleEntryTest {
  private static final int ACTS = Integer.getInteger("double.entry.acts", 400);
  private static final Money ZERO = PaymentWorld.usd("0");

  @TempDir Path directory;

  private final Map<String, Money> open = new LinkedHashMap<>();
  private final Map<String, Money> creditable = new LinkedHashMap<>();
  private final Map<String, Money> left = new LinkedHashMap<>();
  private Money kept = ZERO;
  private int number;
  private int refused;

  @Test
  void acts_inAnyOrder_addUp_andEqualANaiveModel() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (PaymentWorld world = new PaymentWorld(directory)) {
      world.customer("c", "UTC");
      for (int i = 0; i < ACTS; i++) {
        act(world, random);
        check(world, seed);
      }
    }
    Proof.sized("double-entry", ACTS, 10_000)
        .with("acts", ACTS)
        .with("refused", refused)
        .with("invoices", open.size())
        .with("payments", left.size())
        .with("wrong", 0)
        .with("seed", seed)
        .print();
    assertThat(refused).isLessThan(ACTS / 2);
  }

  private static Money amount(Random random, long most) {
    return Money.of("USD", java.math.BigDecimal.valueOf(1 + random.nextLong(most), 2));
  }

  private void act(PaymentWorld world, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> invoice(world, amount(random, 20_000));
      case 1 -> creditNote(world, random);
      case 2, 3 -> pay(world, amount(random, 30_000));
      case 4 -> refund(world, random);
      default -> writeOff(world, random);
    }
  }

  private void invoice(PaymentWorld world, Money amount) {
    String name = "s-%06d".formatted(++number);
    world.invoice("c", name, amount.amount().toPlainString(), "0");
    open.put(name, amount);
    creditable.put(name, amount);
  }

  private void creditNote(PaymentWorld world, Random random) {
    if (creditable.isEmpty()) {
      return;
    }
    String name = one(creditable, random);
    Money rest = creditable.getOrDefault(name, ZERO);
    if (rest.signum() == 0) {
      return;
    }
    Money amount = amount(random, rest.minorUnits().longValueExact());
    world.creditNote("c", "s-%06d".formatted(++number), amount.amount().toPlainString(), "0", name);
    creditable.put(name, rest.minus(amount));
    Money less = amount.min(open.getOrDefault(name, ZERO));
    open.put(name, open.getOrDefault(name, ZERO).minus(less));
    kept = kept.plus(amount).minus(less);
  }

  private void pay(PaymentWorld world, Money amount) {
    Payment payment = world.pay("c", amount.amount().toPlainString());
    Money rest = amount;
    // All were issued on one day: those that are due first are in the order of their numbers.
    for (String name : List.copyOf(open.keySet())) {
      Money paid = rest.min(open.getOrDefault(name, ZERO));
      open.put(name, open.getOrDefault(name, ZERO).minus(paid));
      rest = rest.minus(paid);
    }
    kept = kept.plus(rest);
    left.put(payment.id(), amount);
  }

  private void refund(PaymentWorld world, Random random) {
    if (left.isEmpty()) {
      return;
    }
    String id = one(left, random);
    Money amount = amount(random, 30_000);
    Payment before = world.payments().require(id);
    boolean isReturn = random.nextBoolean();
    try {
      Payment after = world.payments().refund(id, amount, "r", isReturn);
      Money opened = ZERO;
      for (Map.Entry<String, Money> each : before.settled().entrySet()) {
        Money again = each.getValue().minus(after.settled().getOrDefault(each.getKey(), ZERO));
        open.put(each.getKey(), open.getOrDefault(each.getKey(), ZERO).plus(again));
        opened = opened.plus(again);
      }
      Money ofCredit = isReturn ? amount.minus(amount.min(sum(before))) : amount.min(kept);
      assertThat(opened).isEqualTo(amount.minus(ofCredit));
      kept = kept.minus(ofCredit);
      left.put(id, left.getOrDefault(id, ZERO).minus(amount));
    } catch (RequestRefusedException tooMuch) {
      refused++;
      boolean isAbove = amount.compareTo(left.getOrDefault(id, ZERO)) > 0;
      Money most = isReturn ? sum(before).plus(kept) : kept.plus(sum(before));
      assertThat(isAbove || amount.compareTo(most) > 0).as(tooMuch.getMessage()).isTrue();
    }
  }

  private static Money sum(Payment payment) {
    return payment.settled().values().stream().reduce(ZERO, Money::plus);
  }

  private void writeOff(PaymentWorld world, Random random) {
    List<String> owed = new ArrayList<>();
    open.forEach((name, amount) -> add(owed, name, amount));
    if (!owed.isEmpty() && random.nextInt(4) == 0) {
      String name = owed.get(random.nextInt(owed.size()));
      var unused = world.payments().writeOff(name, "given up");
      open.put(name, ZERO);
    }
  }

  private static void add(List<String> owed, String name, Money amount) {
    if (amount.signum() > 0) {
      owed.add(name);
    }
  }

  private static String one(Map<String, Money> of, Random random) {
    return List.copyOf(of.keySet()).get(random.nextInt(of.size()));
  }

  private void check(PaymentWorld world, long seed) throws Exception {
    Payments.CustomerBalance balance = world.payments().balance("c");
    Money owed = open.values().stream().reduce(ZERO, Money::plus);
    assertThat(balance.owed()).as("seed %d", seed).isEqualTo(owed);
    assertThat(balance.kept()).as("seed %d", seed).isEqualTo(kept);
    assertThat(
            world
                .http
                .world()
                .count(
                    "SELECT count(*) FROM (SELECT sum(amount) AS s"
                        + " FROM posting_entry) AS a WHERE s <> 0"))
        .isZero();
  }
}
