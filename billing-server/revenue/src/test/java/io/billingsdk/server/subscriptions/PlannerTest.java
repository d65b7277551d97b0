package io.billingsdk.server.subscriptions;

import static io.billingsdk.server.subscriptions.Samples.ENTERPRISE;
import static io.billingsdk.server.subscriptions.Samples.FREE;
import static io.billingsdk.server.subscriptions.Samples.PRO;
import static io.billingsdk.server.subscriptions.Samples.PRO_2;
import static io.billingsdk.server.subscriptions.Samples.TRIAL;
import static io.billingsdk.server.subscriptions.Samples.UTC;
import static io.billingsdk.server.subscriptions.Samples.YEARLY;
import static io.billingsdk.server.subscriptions.Samples.advanced;
import static io.billingsdk.server.subscriptions.Samples.after;
import static io.billingsdk.server.subscriptions.Samples.amounts;
import static io.billingsdk.server.subscriptions.Samples.change;
import static io.billingsdk.server.subscriptions.Samples.start;
import static io.billingsdk.server.subscriptions.Samples.started;
import static io.billingsdk.server.subscriptions.Samples.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Switch;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.Outcome.Refused;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes of subscriptions, with amounts that were reckoned by hand or come from other systems. */
final class PlannerTest {

  @Test
  void start_withinAMonth_chargesTheRestOfTheMonth() {
    Change begun = change(null, start(PRO, UTC, null), "2026-03-11T15:30:00Z");
    assertThat(amounts(begun)).containsExactly("advance 19.65 USD");
    assertThat(begun.lines().get(0).share()).hasToString("21/31");
    assertThat(begun.lines().get(0).from()).isEqualTo(time("2026-03-11"));
    assertThat(begun.after().segments().get(0).from()).isEqualTo("2026-03-11T15:30:00Z");
    assertThat(begun.after().dueAt()).contains(time("2026-04-01"));
  }

  @Test
  void start_withAnAnchor_chargesUpToIt_andThenWholePeriods() {
    PlanVersion ten = Samples.monthly("ten", 1, "USD", "10.00");
    Change begun = change(null, start(ten, UTC, LocalDate.of(2011, 8, 15)), "2011-09-01");
    assertThat(amounts(begun)).containsExactly("advance 4.52 USD");
    List<Change> later = Samples.until(begun.after(), time("2011-10-14"), 10);
    assertThat(later).hasSize(1);
    assertThat(amounts(later.get(0))).containsExactly("advance 10.00 USD");
    assertThat(later.get(0).at()).isEqualTo(time("2011-09-15"));
  }

  @Test
  void anchor_onThe31st_isTheLastDayOfShorterMonths_andThe31stAgain() {
    Subscription begun =
        change(null, start(PRO, UTC, LocalDate.of(2026, 1, 31)), "2026-01-31").after();
    assertThat(Samples.until(begun, time("2026-05-01"), 10))
        .extracting(Change::at)
        .containsExactly(time("2026-02-28"), time("2026-03-31"), time("2026-04-30"));
  }

  @Test
  void year_withBothEndsPartial_keepsWhatWasUsed() {
    PlanVersion year = Samples.plan("y", 1, "USD", BillingInterval.YEAR, 0, "1200.00");
    Change begun = change(null, start(year, UTC, LocalDate.of(2010, 1, 17)), "2011-01-10");
    assertThat(amounts(begun)).containsExactly("advance 23.01 USD");
    Subscription last = advanced(begun.after(), "2012-03-04");
    Change ended = change(last, new Plain(Act.CANCEL_NOW), "2012-03-04");
    // 1200.00 less 154.10, which the 47 of 366 days cost.
    assertThat(amounts(ended)).containsExactly("credit -1045.90 USD");
  }

  @Test
  void leapYear_startedWithinIt_costsItsDays() {
    PlanVersion year = Samples.plan("y", 1, "EUR", BillingInterval.YEAR, 0, "1188.00");
    Change begun = change(null, start(year, UTC, LocalDate.of(2023, 7, 19)), "2023-11-19");
    assertThat(amounts(begun)).containsExactly("advance 788.75 EUR");
  }

  @Test
  void upgrade_now_creditsTheOldRest_andChargesTheNewOne() {
    PlanVersion ten = Samples.monthly("ten", 1, "USD", "10.00");
    PlanVersion twenty = Samples.monthly("twenty", 1, "USD", "20.00");
    Change up =
        change(started(ten, "2024-03-01"), new Switch(twenty, null), "2024-03-15T18:00:00Z");
    assertThat(up.act()).isEqualTo(Act.UPGRADE);
    assertThat(amounts(up)).containsExactly("credit -5.48 USD", "advance 10.97 USD");
    assertThat(up.after().segments())
        .extracting(each -> each.plan().plan(), Segment::from, Segment::to)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ten", time("2024-03-01"), up.at()),
            org.assertj.core.groups.Tuple.tuple("twenty", up.at(), null));
  }

  @Test
  void upgrade_ofFeesInArrears_chargesTheOldDaysAtOnce_andTheNewOnesAtTheEnd() {
    PlanVersion old = inArrears("old", "100.00");
    PlanVersion fresh = inArrears("new", "200.00");
    Change up = change(started(old, "2023-01-01"), new Switch(fresh, null), "2023-01-15");
    assertThat(amounts(up)).containsExactly("arrears 45.16 EUR");
    Change end = Samples.until(up.after(), time("2023-02-01"), 10).get(0);
    assertThat(amounts(end)).containsExactly("arrears 109.68 EUR");
  }

  @Test
  void upgrade_onTheDayOfTheCharge_creditsAllOfIt() {
    PlanVersion old = Samples.monthly("old", 1, "USD", "249.95");
    PlanVersion fresh = Samples.monthly("new", 1, "USD", "599.95");
    Change up = change(started(old, "2012-05-01"), new Switch(fresh, null), "2012-05-01T09:00:00Z");
    assertThat(amounts(up)).containsExactly("credit -249.95 USD", "advance 599.95 USD");
  }

  @Test
  void upgrade_onTheLastDay_creditsOneDay() {
    PlanVersion old = Samples.monthly("old", 1, "EUR", "10.00");
    PlanVersion fresh = Samples.monthly("new", 1, "EUR", "20.00");
    Change up = change(started(old, "2026-03-01"), new Switch(fresh, null), "2026-03-31");
    assertThat(amounts(up)).containsExactly("credit -0.32 EUR", "advance 0.65 EUR");
  }

  @Test
  void upgrade_halfwayBySeconds_creditsHalf() {
    PlanVersion ten = Samples.monthly("ten", 1, "USD", "10.00");
    PlanVersion twenty = Samples.monthly("twenty", 1, "USD", "20.00");
    Subscription begun =
        change(null, start(ten, UTC, null, ProrationRule.INSTANT), "2026-06-01").after();
    Change up = change(begun, new Switch(twenty, null), "2026-06-16");
    assertThat(amounts(up)).containsExactly("credit -5.00 USD", "advance 10.00 USD");
  }

  @Test
  void downgrade_byDefault_waitsForTheEndOfThePeriod() {
    Change down = change(started(PRO, "2026-03-01"), new Switch(FREE, null), "2026-03-10");
    assertThat(down.act()).isEqualTo(Act.DOWNGRADE);
    assertThat(down.lines()).isEmpty();
    assertThat(down.after().plan()).isEqualTo(PRO);
    assertThat(down.after().nextPlan()).contains(FREE);
    Subscription april = advanced(down.after(), "2026-04-01");
    assertThat(april.plan()).isEqualTo(FREE);
    assertThat(april.nextPlan()).isEmpty();
    assertThat(april.segments())
        .extracting(Segment::from)
        .containsExactly(time("2026-03-01"), time("2026-04-01"));
  }

  @Test
  void downgrade_atOnce_ifTheCallSaysSo_creditsTheRest() {
    Change down =
        change(started(ENTERPRISE, "2026-02-01"), new Switch(FREE, Timing.NOW), "2026-02-15");
    assertThat(amounts(down)).containsExactly("credit -49.50 USD", "advance 0.00 USD");
  }

  @Test
  void upgrade_toAYear_keepsTheAnchor_andCostsTheRestOfTheYear() {
    Subscription march = advanced(started(PRO, "2026-01-01"), "2026-03-11");
    Change up = change(march, new Switch(YEARLY, Timing.NOW), "2026-03-11");
    // 21 of 31 days of 29.00 come back; 296 of 365 days of 290.00 are left of the year.
    assertThat(amounts(up)).containsExactly("credit -19.65 USD", "advance 235.18 USD");
    assertThat(up.after().dueAt()).contains(time("2027-01-01"));
  }

  @Test
  void priceADay_decides_betweenMonthAndYear() {
    assertThat(Planner.actOf(started(PRO, "2026-01-01"), new Switch(YEARLY, null)))
        .isEqualTo(Act.DOWNGRADE);
    PlanVersion same = Samples.plan("same", 1, "USD", BillingInterval.YEAR, 0, "348.00");
    assertThat(Planner.actOf(started(PRO, "2026-01-01"), new Switch(same, null)))
        .isEqualTo(Act.UPGRADE);
  }

  @Test
  void twoChanges_atOneMoment_keepTheirOrder() {
    Subscription begun = started(FREE, "2026-03-01");
    Change first = change(begun, new Switch(PRO, null), "2026-03-11");
    Change second = change(first.after(), new Switch(ENTERPRISE, null), "2026-03-11");
    assertThat(amounts(second)).containsExactly("credit -19.65 USD", "advance 67.06 USD");
    assertThat(second.after().segments())
        .extracting(each -> each.plan().plan())
        .containsExactly("free", "pro", "enterprise");
    assertThat(second.after().segmentAt(second.at()).orElseThrow().plan()).isEqualTo(ENTERPRISE);
  }

  @Test
  void change_beforeTheLastOne_isRefused() {
    Change up = change(started(FREE, "2026-03-01"), new Switch(PRO, null), "2026-03-11");
    assertThat(Planner.plan(up.after(), new Plain(Act.PAUSE), time("2026-03-10")))
        .isEqualTo(new Refused(Refusal.IN_THE_PAST));
  }

  @Test
  void segment_thatEndsBeforeItBegins_isRefused() {
    assertThatThrownBy(() -> new Segment(1, PRO, false, time("2026-03-11"), time("2026-03-10")))
        .hasMessageContaining("to must be at or after from, 2026-03-11T00:00:00Z");
  }

  @Test
  void plan_inAnotherCurrency_isRefused() {
    PlanVersion euro = Samples.monthly("euro", 1, "EUR", "99.00");
    assertThat(Planner.plan(started(PRO, "2026-03-01"), new Switch(euro, null), time("2026-03-02")))
        .isEqualTo(new Refused(Refusal.CURRENCY));
  }

  @Test
  void samePlan_andAMigrationToAnotherPlan_areRefused() {
    Subscription begun = started(PRO, "2026-03-01");
    assertThat(Planner.plan(begun, new Switch(PRO, null), time("2026-03-02")))
        .isEqualTo(new Refused(Refusal.SAME_PLAN));
    assertThat(Planner.plan(begun, new Migrate(ENTERPRISE, null), time("2026-03-02")))
        .isEqualTo(new Refused(Refusal.OTHER_PLAN));
  }

  @Test
  void pause_andResume_costOnlyTheTimeInUse() {
    PlanVersion year = Samples.plan("y", 1, "USD", BillingInterval.YEAR, 0, "100.00");
    Subscription begun = change(null, start(year, UTC, null), "2014-01-01").after();
    Change paused = change(begun, new Plain(Act.PAUSE), "2014-01-14");
    Change resumed = change(paused.after(), new Plain(Act.RESUME), "2014-02-08");
    // 25 of 365 days of 100.00 are 6.85.
    assertThat(amounts(paused)).containsExactly("credit -96.44 USD");
    assertThat(amounts(resumed)).containsExactly("advance 89.59 USD");
    assertThat(paused.after().accessAt(time("2014-01-20")))
        .isEqualTo(new CustomerAccess.Barred("paused"));
    assertThat(paused.after().dueAt()).isEmpty();
  }

  @Test
  void pause_whileSomethingWaitsForThePeriod_isRefused() {
    Subscription down =
        change(started(PRO, "2026-03-01"), new Switch(FREE, null), "2026-03-02").after();
    assertThat(Planner.plan(down, new Plain(Act.PAUSE), time("2026-03-03")))
        .isEqualTo(new Refused(Refusal.CHANGE_PENDING));
    Subscription ending = after(down, Act.CANCEL_AT_END, "2026-03-03");
    assertThat(Planner.plan(ending, new Plain(Act.PAUSE), time("2026-03-04")))
        .isEqualTo(new Refused(Refusal.CANCEL_PENDING));
    assertThat(Planner.plan(ending, new Switch(ENTERPRISE, null), time("2026-03-04")))
        .isEqualTo(new Refused(Refusal.CANCEL_PENDING));
  }

  @Test
  void cancel_atTheEnd_leavesThePeriodInUse_andUndoTakesItBack() {
    Subscription ending = after(started(PRO, "2026-03-01"), Act.CANCEL_AT_END, "2026-03-10");
    assertThat(ending.endsWithPeriod()).isTrue();
    assertThat(ending.accessAt(time("2026-03-31"))).isInstanceOf(CustomerAccess.Granted.class);
    Subscription ended = advanced(ending, "2026-06-01");
    assertThat(ended.state()).isEqualTo(SubscriptionState.CANCELLED);
    assertThat(ended.accessAt(time("2026-04-01")))
        .isEqualTo(new CustomerAccess.Barred("cancelled"));
    Subscription undone = after(ending, Act.UNDO, "2026-03-11");
    assertThat(advanced(undone, "2026-06-01").state()).isEqualTo(SubscriptionState.ACTIVE);
  }

  @Test
  void reactivation_beginsANewSegment_onTheSameAnchor() {
    Subscription ended = after(started(PRO, "2026-03-01"), Act.CANCEL_NOW, "2026-03-11");
    Change back = change(ended, new Plain(Act.REACTIVATE), "2026-05-11");
    assertThat(amounts(back)).containsExactly("advance 19.65 USD");
    assertThat(back.after().segments()).hasSize(2);
    assertThat(back.after().dueAt()).contains(time("2026-06-01"));
  }

  @Test
  void trial_endsAtALocalMidnight_andIsChargedFromThen() {
    Subscription begun =
        change(null, start(TRIAL, ZoneId.of("America/New_York"), null), "2026-03-01T12:00:00Z")
            .after();
    assertThat(begun.state()).isEqualTo(SubscriptionState.TRIALING);
    List<Change> changes = Samples.until(begun, time("2026-03-31"), 10);
    assertThat(changes).hasSize(1);
    // Summer time has begun meanwhile.
    assertThat(changes.get(0).at()).isEqualTo("2026-03-15T04:00:00Z");
    assertThat(amounts(changes.get(0))).containsExactly("advance 15.90 USD");
    assertThat(changes.get(0).after().segments())
        .extracting(Segment::isTrial)
        .containsExactly(true, false);
  }

  @Test
  void switch_inATrial_costsNothing_andKeepsItsEnd() {
    Subscription begun = started(TRIAL, "2026-03-01");
    Change down = change(begun, new Switch(FREE, null), "2026-03-03");
    assertThat(down.lines()).isEmpty();
    assertThat(down.after().plan()).isEqualTo(FREE);
    assertThat(down.after().dueAt()).isEqualTo(begun.dueAt());
  }

  @Test
  void migration_byDefault_waitsForTheEndOfThePeriod() {
    Change migrated = change(started(PRO, "2026-03-01"), new Migrate(PRO_2, null), "2026-03-10");
    assertThat(migrated.lines()).isEmpty();
    Change april = Samples.until(migrated.after(), time("2026-04-01"), 1).get(0);
    assertThat(amounts(april)).containsExactly("advance 31.00 USD");
  }

  @Test
  void zoneChange_leavesNoGapAndNoOverlap() {
    Subscription begun =
        change(null, start(PRO, ZoneId.of("Europe/Berlin"), null), "2026-02-28T23:00:00Z").after();
    Subscription moved =
        change(begun, new ChangeZone(ZoneId.of("America/New_York")), "2026-03-10").after();
    List<Change> ends = Samples.until(moved, time("2026-06-02"), 10);
    assertThat(ends)
        .extracting(Change::at)
        .containsExactly(
            time("2026-03-31T22:00:00Z"),
            time("2026-05-01T04:00:00Z"),
            time("2026-06-01T04:00:00Z"));
    assertThat(ends)
        .allSatisfy(end -> assertThat(amounts(end)).containsExactly("advance 29.00 USD"));
  }

  private static PlanVersion inArrears(String plan, String price) {
    return Samples.withCharges(
        plan,
        1,
        "EUR",
        BillingInterval.MONTH,
        0,
        List.of(Samples.fee("base", Kind.FLAT_IN_ARREARS, "EUR", price)));
  }

  @Test
  void earlierBillDay_thatCutsThePeriod_creditsTheRestWhenItEnds() {
    Subscription started =
        Samples.change(
                null,
                Samples.start(Samples.PRO, Samples.UTC, LocalDate.of(2026, 3, 20)),
                "2026-03-20")
            .after();
    ChangeBillDay cut = new ChangeBillDay(10, RunningPeriod.IS_CUT);
    Subscription changed = Samples.change(started, cut, "2026-03-25").after();
    assertThat(changed.billDay()).isEqualTo(10);
    assertThat(changed.dueAt()).contains(Samples.time("2026-04-10"));
    // 21 of 31 days are used of 29.00, and then a whole month begins.
    assertThat(Samples.amounts(Timeline.next(changed, Samples.time("2026-04-10"))))
        .containsExactly("credit -9.35 USD", "advance 29.00 USD");
  }

  @Test
  void billDay_ofYears_keepsTheirMonth() {
    Subscription started =
        Samples.change(
                null,
                Samples.start(Samples.YEARLY, Samples.UTC, LocalDate.of(2026, 3, 20)),
                "2026-03-20")
            .after();
    ChangeBillDay later = new ChangeBillDay(31, RunningPeriod.STAYS);
    Subscription changed = Samples.change(started, later, "2026-05-01").after();
    assertThat(changed.dueAt()).contains(Samples.time("2027-03-20"));
    Subscription next = Timeline.next(changed, Samples.time("2027-03-20")).after();
    assertThat(next.dueAt()).contains(Samples.time("2027-03-31"));
    Subscription whole = Timeline.next(next, Samples.time("2027-03-31")).after();
    assertThat(whole.dueAt()).contains(Samples.time("2028-03-31"));
  }

  @Test
  void billDay_ofWeeks_isRefused() {
    PlanVersion weekly =
        Samples.plan("weekly", 1, "USD", new BillingInterval(2, BillingInterval.Unit.WEEK), 0, "5");
    Subscription started = Samples.started(weekly, "2026-03-11");
    assertThat(
            Planner.plan(
                started, new ChangeBillDay(10, RunningPeriod.STAYS), Samples.time("2026-03-12")))
        .isEqualTo(new Outcome.Refused(Refusal.WEEKS));
  }
}
