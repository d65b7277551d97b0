package io.billingsdk.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Command.Switch;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.SubscriptionLine.LineKind;
import io.billingsdk.testbed.Proof;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change of plans on every day of four years, one of them a leap year, in 20 zones. */
@Tag("simulation")
final class KeptAndCreditOfChangesTest {
  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);
  private static final LocalDate END = LocalDate.of(2027, 1, 1);
  private static final List<PlanVersion> PLANS =
      List.of(
          Samples.monthly("pro", 1, "USD", "29.00"),
          Samples.monthly("large", 1, "EUR", "99.99"),
          Samples.plan("year", 1, "JPY", BillingInterval.YEAR, 0, "9800"));

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final LongAdder changes = new LongAdder();

  @Test
  void change_onEachDay_keepsAndCreditsWhatWasCharged() {
    Histories.ZONES.parallelStream().forEach(this::everyPlan);
    Proof.of("subscription-kept-and-credit")
        .with("changes", changes.sum())
        .with("zones", Histories.ZONES.size())
        .with("plans", PLANS.size() * 2)
        .with("wrong", wrong.size())
        .print();
    assertThat(changes.sum()).isPositive();
    assertThat(wrong.stream().limit(10)).isEmpty();
  }

  private void everyPlan(ZoneId zone) {
    for (PlanVersion plan : PLANS) {
      everyDay(zone, plan, null);
      everyDay(zone, plan, LocalDate.of(2020, 1, 31));
    }
  }

  private void everyDay(ZoneId zone, PlanVersion plan, @Nullable LocalDate anchor) {
    Subscription present =
        ((Change) Planner.plan(null, Samples.start(plan, zone, anchor), noon(FIRST, zone))).after();
    PlanVersion other = Samples.monthly("other", 1, plan.currency(), "500");
    for (LocalDate day = FIRST; day.isBefore(END); day = day.plusDays(1)) {
      Instant at = noon(day, zone);
      for (Change due : Samples.until(present, at, 10)) {
        present = due.after();
      }
      Change change = (Change) Planner.plan(present, new Switch(other, Timing.NOW), at);
      check(present.facts().charged().get(0), change, day, zone);
      changes.increment();
    }
  }

  private void check(SubscriptionLine charged, Change change, LocalDate day, ZoneId zone) {
    SubscriptionLine credit = change.lines().get(0);
    Money kept = charged.amount().plus(credit.amount());
    // The kept part is what the days before the change cost by themselves, to the last minor unit.
    Money alone =
        Money.rounded(
            kept.currency(),
            charged
                .amount()
                .exactly()
                .times(charged.share().minus(credit.share()))
                .dividedBy(charged.share()));
    boolean holds =
        credit.kind() == LineKind.CREDIT
            && kept.equals(alone)
            && kept.signum() >= 0
            && credit.amount().signum() <= 0
            && credit.from().equals(day.atStartOfDay(zone).toInstant())
            && credit.to().equals(charged.to())
            && change.lines().get(1).from().equals(credit.from());
    if (!holds) {
      wrong.add(day + " in " + zone + ": " + charged + " " + change.lines());
    }
  }

  private static Instant noon(LocalDate day, ZoneId zone) {
    return day.atTime(LocalTime.NOON).atZone(zone).toInstant();
  }
}
