package io.billingsdk.server.revenue;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.server.subscriptions.PlanTime;
import io.billingsdk.server.subscriptions.RandomCourses;
import io.billingsdk.server.subscriptions.RandomCourses.FeeState;
import io.billingsdk.server.subscriptions.RandomCourses.RandomCourse;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The walk of recurring revenue over random lives of customers, beside a naive model of it. */
@Tag("simulation")
class MrrWalkTest {
  private static final int RUNS = "release".equals(System.getProperty("size")) ? 20_000 : 1_000;
  private static final int RELEASE = 20_000;
  private static final long SEED = Long.getLong("revenue.seed", new Random().nextInt());
  private static final Money ZERO = Money.zero("USD");
  private static final YearMonth FIRST = YearMonth.of(2025, 12);
  private static final int MONTHS = 18;

  private static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static PlanTime time(String monthly, String from, String to) {
    return new PlanTime(
        "c",
        Money.of("USD", monthly),
        Instant.parse(from + "T00:00:00Z"),
        to.isEmpty() ? null : Instant.parse(to + "T00:00:00Z"));
  }

  private static MrrWalk walk(String from, String to, PlanTime... times) {
    MrrWalk walk =
        new MrrWalk(Instant.parse(from + "T00:00:00Z"), Instant.parse(to + "T00:00:00Z"));
    walk.add(List.of(times));
    return walk;
  }

  private static List<String> shown(MrrSums sums) {
    return List.of(
            sums.opening(),
            sums.gained(),
            sums.expansion(),
            sums.contraction(),
            sums.churn(),
            sums.reactivation(),
            sums.closing())
        .stream()
        .map(each -> each.amount().toPlainString())
        .toList();
  }

  @Test
  void walk_ofUpgradeDowngradeGapAndReturn_namesEachMovement() {
    MrrWalk walk =
        walk(
            "2026-03-01",
            "2026-04-01",
            time("10", "2026-02-10", "2026-03-05"),
            time("30", "2026-03-05", "2026-03-10"),
            time("20", "2026-03-10", "2026-03-15"),
            time("20", "2026-03-20", ""));
    assertThat(shown(sums(walk)))
        .containsExactly("10.00", "0.00", "20.00", "10.00", "20.00", "20.00", "20.00");
    assertThat(walk.counts().lost()).isZero();
  }

  @Test
  void walk_ofATrialThatBecomesPaid_isAConversion_alsoAtTheFirstMoment() {
    PlanTime trial = time("0", "2026-02-10", "2026-03-01");
    PlanTime paid = time("29", "2026-03-01", "");
    MrrWalk walk = walk("2026-03-01", "2026-04-01", trial, paid);
    assertThat(shown(sums(walk))).startsWith("0.00", "29.00").endsWith("29.00");
    assertThat(walk.counts().free()).isEqualTo(1);
    assertThat(walk.counts().converted()).isEqualTo(1);
    MrrWalk later = walk("2026-04-01", "2026-05-01", trial, paid);
    assertThat(later.counts().free()).isZero();
    assertThat(shown(sums(later))).startsWith("29.00", "0.00");
  }

  @Test
  void walk_ofAChangeAtTheEnd_isOneOfTheNextMonth() {
    PlanTime paid = time("29", "2026-02-10", "2026-04-01");
    MrrWalk march = walk("2026-03-01", "2026-04-01", paid);
    assertThat(sums(march).closing()).isEqualTo(Money.of("USD", "29"));
    assertThat(march.counts().payingAtEnd()).isEqualTo(1);
    MrrWalk april = walk("2026-04-01", "2026-05-01", paid);
    assertThat(sums(april).churn()).isEqualTo(Money.of("USD", "29"));
    assertThat(april.counts().lost()).isEqualTo(1);
  }

  @Test
  void randomLives_closeInEachMonth_andMoveAsTheirEventsSay() {
    List<String> wrong = new ArrayList<>();
    Map<String, Long> moved = new TreeMap<>();
    for (int run = 0; run < RUNS; run++) {
      RandomCourse course = RandomCourses.of(SEED + run);
      Money closing = ZERO;
      for (int month = 0; month < MONTHS; month++) {
        Instant from = begin(FIRST.plusMonths(month));
        Instant to = begin(FIRST.plusMonths(month + 1));
        MrrWalk walk = new MrrWalk(from, to);
        walk.add(course.times());
        MrrSums sums = sums(walk);
        Map<String, Money> naive = naive(course.states(), from, to);
        String found = named(sums).toString();
        if (!found.equals(naive.toString()) || !sums.opening().equals(closing) || !closes(sums)) {
          wrong.add("seed " + (SEED + run) + ", " + from + ": " + found + ", not " + naive);
        }
        closing = sums.closing();
        named(sums).forEach((name, each) -> moved.merge(name, (long) each.signum(), Long::sum));
      }
    }
    Proof proof =
        Proof.sized("mrr-walk", RUNS, RELEASE)
            .with("lives", RUNS)
            .with("months", (long) RUNS * MONTHS)
            .with("wrong", wrong.size())
            .with("seed", SEED);
    moved.forEach(proof::with);
    proof.print();
    assertThat(wrong.stream().limit(5)).as("of seed %s", SEED).isEmpty();
    assertThat(moved.values()).allSatisfy(each -> assertThat(each).isPositive());
  }

  /** A check that finds nothing would pass any walk. */
  @Test
  void randomLives_withOneTimeChanged_areFound() {
    int planted = 0;
    int found = 0;
    for (int run = 0; run < 200; run++) {
      RandomCourse course = RandomCourses.of(SEED + run);
      if (course.times().isEmpty()) {
        continue;
      }
      PlanTime first = course.times().get(0);
      List<PlanTime> changed = new ArrayList<>(course.times());
      changed.set(
          0,
          new PlanTime(
              "acme", first.monthly().plus(Money.of("USD", "0.01")), first.from(), first.to()));
      planted++;
      found += differs(course, changed) ? 1 : 0;
    }
    Proof.of("mrr-walk-changed").with("planted", planted).with("found", found).print();
    assertThat(found).isEqualTo(planted);
  }

  private static boolean differs(RandomCourse course, List<PlanTime> changed) {
    Instant from = begin(FIRST);
    Instant to = begin(FIRST.plusMonths(MONTHS + 24));
    MrrWalk walk = new MrrWalk(from, to);
    walk.add(changed);
    return !named(sums(walk)).toString().equals(naive(course.states(), from, to).toString());
  }

  /** A life of empty times, as of a start that is cancelled at once, is in no currency. */
  private static MrrSums sums(MrrWalk walk) {
    return walk.sums().getOrDefault("USD", new MrrSums(ZERO));
  }

  private static boolean closes(MrrSums sums) {
    BigDecimal walked =
        sums.opening()
            .plus(sums.gained())
            .plus(sums.expansion())
            .minus(sums.contraction())
            .minus(sums.churn())
            .plus(sums.reactivation())
            .amount();
    return walked.compareTo(sums.closing().amount()) == 0;
  }

  private static Map<String, Money> named(MrrSums sums) {
    Map<String, Money> named = new TreeMap<>();
    named.put("opening", sums.opening());
    named.put("gained", sums.gained());
    named.put("expansion", sums.expansion());
    named.put("contraction", sums.contraction());
    named.put("churn", sums.churn());
    named.put("reactivation", sums.reactivation());
    named.put("closing", sums.closing());
    return named;
  }

  /** From event to event: of those of one moment the last. */
  private static Map<String, Money> naive(List<FeeState> states, Instant from, Instant to) {
    Map<String, Money> sums = new TreeMap<>();
    for (String name :
        List.of(
            "opening", "gained", "expansion", "contraction", "churn", "reactivation", "closing")) {
      sums.put(name, ZERO);
    }
    Money fee = ZERO;
    boolean hasPaid = false;
    for (int i = 0; i < states.size(); i++) {
      FeeState state = states.get(i);
      boolean isLast = i + 1 == states.size() || !states.get(i + 1).at().equals(state.at());
      if (!isLast || !state.at().isBefore(to)) {
        continue;
      }
      Money change = state.monthly().minus(fee);
      String name = "";
      if (state.at().isBefore(from)) {
        name = "opening";
      } else if (change.signum() > 0) {
        name = fee.signum() > 0 ? "expansion" : hasPaid ? "reactivation" : "gained";
      } else {
        name = state.monthly().signum() > 0 ? "contraction" : "churn";
        change = change.negated();
      }
      sums.merge(name, change, Money::plus);
      fee = state.monthly();
      hasPaid |= fee.signum() > 0;
    }
    sums.put("closing", fee);
    return sums;
  }
}
