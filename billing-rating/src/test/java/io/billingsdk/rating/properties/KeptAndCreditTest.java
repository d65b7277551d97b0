package io.billingsdk.rating.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.UnusedCredit;
import io.billingsdk.rating.Usage;
import io.billingsdk.testbed.Proof;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change of plans on every day of four years, one of them a leap year, in 20 zones. */
@Tag("simulation")
final class KeptAndCreditTest {
  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);
  private static final LocalDate END = LocalDate.of(2027, 1, 1);
  private static final List<Money> PRICES =
      List.of(Money.of("USD", "29.00"), Money.of("EUR", "99.99"), Money.of("JPY", "980"));

  private final List<String> wrong = new ArrayList<>();
  private long changes;

  @Test
  void change_onEachDay_keepsAndCreditsWhatWasCharged() {
    for (ZoneId zone : Gen.ZONES) {
      everyDay(BillingCalendar.months(zone));
      everyDay(BillingCalendar.monthsFrom(31, zone));
      everyDay(BillingCalendar.yearsFrom(MonthDay.of(2, 29), zone));
    }
    Proof.of("rating-kept-and-credit")
        .with("changes", changes)
        .with("zones", Gen.ZONES.size())
        .with("plans", PRICES.size() * 3)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong.stream().limit(10)).isEmpty();
  }

  private void everyDay(BillingCalendar calendar) {
    BillingPeriod period = calendar.periodOf(FIRST);
    Map<Money, Money> keptBefore = new HashMap<>();
    for (LocalDate day = FIRST; day.isBefore(END); day = day.plusDays(1)) {
      if (!day.isBefore(period.to())) {
        period = calendar.periodAt(period.end());
        keptBefore.clear();
      }
      Fraction used = ProrationRule.DAYS.shareOf(period, period.from(), day);
      Fraction rest = ProrationRule.DAYS.shareOf(period, day, period.to());
      require(used.plus(rest).equals(Fraction.ONE), day, period);
      for (Money price : PRICES) {
        Money kept = change(price, used, day, period);
        Money before = keptBefore.put(price, kept);
        require(before == null || kept.compareTo(before) >= 0, day, period);
      }
    }
  }

  private Money change(Money price, Fraction used, LocalDate day, BillingPeriod period) {
    UnusedCredit unused = UnusedCredit.of(price, used);
    // What is kept for the days up to a change is what those days cost by themselves.
    Charge charge = Charge.of(price.currency(), PriceModel.flat(price.amount()));
    Money alone = charge.prorated(used).rate(Usage.none()).amount();
    require(unused.kept().plus(unused.credit()).equals(price), day, period);
    require(unused.kept().equals(alone), day, period);
    changes++;
    return unused.kept();
  }

  private void require(boolean holds, LocalDate day, BillingPeriod period) {
    if (!holds) {
      wrong.add(day + " in " + period);
    }
  }
}
