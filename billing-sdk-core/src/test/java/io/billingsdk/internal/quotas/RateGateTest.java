package io.billingsdk.internal.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.LeaseGrant.RateShare;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How often a key may be used in this process. */
final class RateGateTest {
  private static final long SECOND = 1_000_000_000L;

  private static RateGate gate(String perSecond, long burst) {
    RateGate gate = new RateGate("k", rate(1, 1), 0);
    assertThat(gate.become(share(1, perSecond, burst), 0, 0)).isTrue();
    return gate;
  }

  private static KeyRecord.Rate rate(long perSecond, long burst) {
    return new KeyRecord.Rate(BigDecimal.valueOf(perSecond), burst);
  }

  private static RateShare share(long number, String perSecond, long burst) {
    return new RateShare(
        "k", number, new BigDecimal(perSecond), burst, 3_600_000_000L, true, false);
  }

  @Test
  void pass_burst_thenOneEachInterval() {
    RateGate gate = gate("10", 3);
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isEqualTo(100_000_000);
    assertThat(gate.pass(99_999_999, true)).isEqualTo(1);
    assertThat(gate.pass(100_000_000, true)).isZero();
    assertThat(gate.pass(100_000_000, true)).isEqualTo(100_000_000);
  }

  @Test
  void pass_retryAfter_isExact() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      RateGate gate = gate(String.valueOf(1 + random.nextInt(5_000)), 1 + random.nextInt(5));
      long now = 0;
      for (int call = 0; call < 50; call++) {
        now += random.nextInt(2_000_000);
        long wait = gate.pass(now, true);
        if (wait > 0) {
          assertThat(gate.pass(now + wait - 1, true)).isEqualTo(1);
          assertThat(gate.pass(now + wait, true)).isZero();
          now += wait;
        }
      }
    }
  }

  @Test
  void pass_anyWindow_hasAtMostRateTimesTimeAndBurst() {
    Random random = new Random(11);
    for (int run = 0; run < 200; run++) {
      int perSecond = 1 + random.nextInt(1_000);
      int burst = 1 + random.nextInt(20);
      RateGate gate = gate(String.valueOf(perSecond), burst);
      List<Long> passed = new ArrayList<>();
      long now = 0;
      for (int i = 0; i < 300; i++) {
        now += random.nextInt(4) == 0 ? random.nextInt((int) SECOND / 4) : random.nextInt(1_000);
        if (gate.pass(now, true) == 0) {
          passed.add(now);
        }
      }
      for (int from = 0; from < passed.size(); from++) {
        for (int to = from; to < passed.size(); to++) {
          long window = passed.get(to) - passed.get(from);
          assertThat((to - from + 1 - burst) * SECOND).isLessThanOrEqualTo(window * perSecond);
        }
      }
    }
  }

  @Test
  void pass_nearTheOverflowOfTheClock_goesOn() {
    long now = Long.MAX_VALUE - 50_000_000;
    RateGate gate = new RateGate("k", rate(1, 1), now);
    assertThat(gate.become(share(1, "10", 1), now, now)).isTrue();
    assertThat(gate.pass(now, true)).isZero();
    assertThat(gate.pass(now, true)).isEqualTo(100_000_000);
    assertThat(gate.pass(now + 100_000_000, true)).as("the clock has overflowed").isZero();
  }

  @Test
  void become_lowerShare_isIgnored() {
    RateGate gate = gate("10", 3);
    assertThat(gate.become(share(4, "1", 1), 0, 0)).isTrue();
    assertThat(gate.become(share(3, "100", 100), 0, 0)).isFalse();
    assertThat(gate.number()).isEqualTo(4);
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isEqualTo(SECOND);
  }

  @Test
  void become_burstThatGrows_bringsNoCallsUnlessTheyAreNobodyElses() {
    RateGate gate = gate("10", 3);
    for (int i = 0; i < 3; i++) {
      assertThat(gate.pass(0, true)).isZero();
    }
    RateShare more = new RateShare("k", 2, BigDecimal.TEN, 9, 60_000, false, false);
    assertThat(gate.become(more, 0, 0)).isTrue();
    assertThat(gate.pass(0, true)).isEqualTo(100_000_000);
    assertThat(gate.become(more, 0, 0)).as("the same again").isTrue();
    assertThat(gate.pass(0, true)).isEqualTo(100_000_000);
    RateShare all = new RateShare("k", 3, BigDecimal.TEN, 11, 60_000, true, false);
    assertThat(gate.become(all, 0, 0)).isTrue();
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isZero();
    assertThat(gate.pass(0, true)).isEqualTo(100_000_000);
  }

  @Test
  void become_firstShareThatIsNotFull_beginsWithoutCalls() {
    RateGate gate = new RateGate("k", rate(1, 1), 0);
    assertThat(gate.become(new RateShare("k", 1, BigDecimal.TEN, 5, 60_000, false, false), 0, 0))
        .isTrue();
    assertThat(gate.pass(0, true)).isEqualTo(100_000_000);
  }

  @Test
  void become_unasked_keepsItsEnd() {
    RateGate gate = gate("10", 3);
    assertThat(gate.become(new RateShare("k", 2, BigDecimal.TEN, 3, 0, false, false), 0, 0))
        .isTrue();
    assertThat(gate.pass(SECOND, true)).isZero();
  }

  @Test
  void become_zeroOrTinyRate_doesNotOverflow() {
    RateGate none = gate("0", 2);
    assertThat(none.pass(0, true)).isZero();
    assertThat(none.pass(0, true)).isZero();
    assertThat(none.pass(SECOND, true)).isPositive();
    RateGate tiny = gate("0.000000000000000001", 1_000_000);
    assertThat(tiny.pass(0, true)).isZero();
    assertThat(gate("1", 0).pass(0, true)).as("no part").isEqualTo(RateGate.NO_SHARE);
  }

  @Test
  void pass_shareRunOut_goesOnOnlyWhileTheBillingSystemIsAway() {
    RateGate gate = new RateGate("k", rate(1, 1), 0);
    assertThat(gate.become(new RateShare("k", 1, BigDecimal.TEN, 1, 10_000, true, false), 0, 0))
        .isTrue();
    assertThat(gate.pass(8_999_999_999L, true)).isZero();
    assertThat(gate.pass(9_100_000_000L, true)).isEqualTo(RateGate.NO_SHARE);
    assertThat(gate.pass(9_100_000_000L, false)).isZero();
  }

  @Test
  void pass_nobodyGivesShares_hasTheWholeRateAfterASecond() {
    RateGate gate = new RateGate("k", rate(2, 2), 0);
    assertThat(gate.pass(SECOND - 1, false)).isEqualTo(RateGate.NO_SHARE);
    assertThat(gate.pass(SECOND, false)).isZero();
    assertThat(gate.pass(SECOND, false)).isZero();
    assertThat(gate.pass(SECOND, false)).isEqualTo(SECOND / 2);
    assertThat(gate.pass(9 * SECOND, true)).as("somebody does").isEqualTo(RateGate.NO_SHARE);
  }

  @Test
  void admit_rate_isRefusedExactlyAndCounted() {
    QuotaBench bench = new QuotaBench();
    bench.server.share(new RateShare("k-one", 3, BigDecimal.ONE, 2, 60_000, true, false));
    bench.keys(rate(10, 20)).up();
    Refused first = (Refused) bench.admit(QuotaBench.event(1));
    assertThat(first.reason()).as("no share yet").isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(bench.lastRequest().demands())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.keyId()).isEqualTo("k-one");
              assertThat(each.share()).isZero();
              assertThat(each.asked()).isEqualTo(1);
            });
    assertThat(bench.admit(QuotaBench.event(1))).isInstanceOf(Admitted.class);
    assertThat(bench.admit(QuotaBench.event(1))).isInstanceOf(Admitted.class);
    Admission third = bench.admit(QuotaBench.event(1));
    assertThat(third)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(DenialReason.RATE_LIMITED);
              assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1));
              assertThat(refused.limit()).isNull();
            });
    assertThat(bench.admit(QuotaBench.event(QuotaBench.OTHER, 1))).isInstanceOf(Admitted.class);
    bench.scheduler.advance(Duration.ofSeconds(11));
    assertThat(bench.server.refusals()).anyMatch(each -> each.reason().equals("RATE"));
  }

  @Test
  void share_toBeConfirmed_isSaidAtOnce() {
    QuotaBench bench = new QuotaBench();
    bench.server.share(new RateShare("k-one", 3, BigDecimal.ONE, 2, 60_000, true, true));
    bench.keys(rate(10, 20)).up();
    bench.answering = false;
    bench.admit(QuotaBench.event(1));
    bench.answer(bench.newRequests().get(0));
    bench.scheduler.advance(Duration.ofMillis(20));
    assertThat(bench.newRequests())
        .singleElement()
        .satisfies(each -> assertThat(each.demands().get(0).share()).isEqualTo(3));
  }

  @Test
  void demand_inUse_isSaidBeforeTheShareRunsOut() {
    QuotaBench bench = new QuotaBench();
    bench.server.share(new RateShare("k-one", 3, BigDecimal.valueOf(100), 10, 20_000, true, false));
    bench.keys(rate(100, 10)).up();
    int refused = 0;
    for (int i = 0; i < 240; i++) {
      refused += bench.admit(QuotaBench.event(1)) instanceof Refused ? 1 : 0;
      bench.scheduler.advance(Duration.ofMillis(500));
    }
    assertThat(refused).isEqualTo(1);
    assertThat(bench.requests.size()).as("in 2 minutes").isBetween(7, 20);
  }
}
