package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Holding;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is asked of the billing system, when, and what becomes of its answers. */
final class LeaseLineTest {
  private final QuotaBench bench = new QuotaBench();

  private static DenialReason reason(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).reason();
  }

  private void use(long calls) {
    for (int i = 0; i < calls; i++) {
      assertThat(bench.admitted(event(1)).settle(event(1)).accepted()).isTrue();
    }
  }

  @Test
  void request_belowHalfOfTheLease_asksForMoreOnce() {
    bench.hard("q", "calls", 1_000).keys(null).up();
    bench.server.leaseAtMost(100);
    use(50);
    assertThat(bench.newRequests()).as("50 of 100 in hand").hasSize(1);
    bench.scheduler.advance(Duration.ofMillis(50));
    bench.answering = false;
    use(10);
    assertThat(bench.newRequests())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.number()).isEqualTo(2);
              Ask ask = each.asks().get(0);
              assertThat(ask.epoch()).isEqualTo("1-1");
              assertThat(ask.spent()).isEqualByComparingTo("51");
              assertThat(ask.want()).isPositive();
            });
  }

  @Test
  void request_unanswered_isSentAgainUnderItsNumber() {
    bench.answering = false;
    bench.hard("q", "calls", 10).keys(null).up();
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(4));
    List<LeaseRequest> sent = bench.newRequests();
    assertThat(sent).hasSizeGreaterThanOrEqualTo(3);
    assertThat(sent).containsOnly(sent.get(0));
    bench.answer(sent.get(0));
    bench.answer(sent.get(0));
    assertThat(bench.server.leased("q", bench.server.period(bench.clock.wallMillis())))
        .isEqualByComparingTo("5");
    use(5);
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void grant_lateAndRepeated_countsOnce() {
    bench.hard("q", "calls", 1_000).keys(null).up();
    bench.server.leaseAtMost(4);
    bench.answering = false;
    bench.admit(event(1));
    LeaseRequest first = bench.lastRequest();
    var answer = bench.server.answer(first);
    for (int i = 0; i < 3; i++) {
      bench.quotas.line().granted(answer);
      bench.scheduler.run();
    }
    use(4);
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void grant_ofAnotherStream_isIgnored() {
    bench.hard("q", "calls", 10).keys(null).up();
    bench.answering = false;
    bench.admit(event(1));
    LeaseRequest sent = bench.lastRequest();
    bench
        .quotas
        .line()
        .granted(
            bench.server.answer(
                new LeaseRequest(
                    sent.number(), new UUID(3, 3), null, sent.asks(), List.of(), List.of())));
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void expiry_countsFromSendingAndEndsATenthEarlier() {
    bench.answering = false;
    bench.hard("q", "calls", 100).keys(null).up();
    bench.admit(event(1));
    LeaseRequest sent = bench.newRequests().get(0);
    bench.clock.advance(Duration.ofMillis(900));
    bench.answer(sent);
    bench.quotas.line().down();
    bench.clock.advance(Duration.ofSeconds(53));
    assertThat(bench.admit(event(1))).as("at 53.9 s").isInstanceOf(Admitted.class);
    bench.clock.advance(Duration.ofMillis(101));
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void expiry_wallClockJumps_doesNotMove() {
    bench.hard("q", "calls", 100).keys(null).up();
    bench.admitted(event(1)).close();
    bench.clock.jumpWall(Duration.ofHours(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    bench.clock.jumpWall(Duration.ofHours(-2));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
  }

  @Test
  void lease_inUse_isRenewedBeforeItExpires() {
    bench.hard("q", "calls", 1_000_000).keys(null).up();
    for (int i = 0; i < 300; i++) {
      Admission answer = bench.admit(event(1));
      if (i > 0) {
        assertThat(answer).as("second %d", i).isInstanceOf(Admitted.class);
        assertThat(((Admitted) answer).settle(event(1)).accepted()).isTrue();
      }
      bench.scheduler.advance(Duration.ofSeconds(1));
    }
    assertThat(bench.server.leases()).hasSize(1);
    assertThat(bench.server.beyond()).isEqualByComparingTo("0");
  }

  @Test
  void lease_unused_goesBackAndIsForgotten() {
    bench.hard("q", "calls", 100).keys(null).up();
    int waiting = bench.scheduler.waiting();
    use(3);
    bench.scheduler.advance(Duration.ofMinutes(3));
    assertThat(bench.server.leases())
        .singleElement()
        .satisfies(
            lease -> {
              assertThat(lease.holding).isEqualTo(Holding.DONE);
              assertThat(lease.debit()).isEqualByComparingTo("0");
              assertThat(lease.settled).isEqualByComparingTo("3");
            });
    bench.newRequests();
    bench.scheduler.advance(Duration.ofMinutes(30));
    assertThat(bench.newRequests()).isEmpty();
    assertThat(bench.scheduler.waiting()).isEqualTo(waiting);
  }

  @Test
  void lease_withEventsInTheJournal_isClosedAndNotDone() {
    bench.delivering = false;
    bench.hard("q", "calls", 100).keys(null).up();
    use(3);
    bench.scheduler.advance(Duration.ofMinutes(3));
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.CLOSED);
    assertThat(bench.server.leases().get(0).debit()).isEqualByComparingTo("3");
    bench.deliver();
    bench.scheduler.advance(Duration.ofSeconds(2));
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.DONE);
    assertThat(bench.server.beyond()).isEqualByComparingTo("0");
  }

  @Test
  void lease_withAnOpenCall_isNotDoneBeforeItEnds() {
    bench.hard("q", "usage", 100).keys(null).up();
    Admitted call = bench.admitted(event(9));
    bench.scheduler.advance(Duration.ofMinutes(3));
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.CLOSED);
    assertThat(bench.server.leases().get(0).debit()).isEqualByComparingTo("9");
    assertThat(call.settle(event(4)).accepted()).isTrue();
    bench.scheduler.advance(Duration.ofSeconds(2));
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.DONE);
    assertThat(bench.server.leases().get(0).debit()).isEqualByComparingTo("0");
    assertThat(bench.server.settled("q", bench.clock.wallMillis())).isEqualByComparingTo("4");
  }

  @Test
  void period_atItsEnd_nextLeaseIsThereAndNoCallIsRefused() {
    bench.server.periods(Duration.ofMinutes(10));
    bench.hard("q", "calls", 100_000).keys(null).up();
    long first = bench.server.period(bench.clock.wallMillis());
    int refused = 0;
    for (int i = 0; i < 2_400; i++) {
      Admission answer = bench.admit(event(1));
      if (answer instanceof Admitted call) {
        assertThat(call.settle(event(1)).accepted()).isTrue();
      } else {
        refused++;
      }
      bench.scheduler.advance(Duration.ofMillis(500));
    }
    assertThat(refused).as("but for the first call").isLessThanOrEqualTo(1);
    assertThat(bench.server.period(bench.clock.wallMillis())).isGreaterThan(first);
    assertThat(bench.server.beyond()).isEqualByComparingTo("0");
    long now = bench.clock.wallMillis();
    assertThat(bench.server.leases().stream().filter(each -> each.holding != Holding.DONE))
        .allSatisfy(each -> assertThat(each.period).isEqualTo(bench.server.period(now)));
  }

  @Test
  void period_usedUp_beginsAgainWithTheNext() {
    bench.server.periods(Duration.ofMinutes(10));
    bench.hard("q", "calls", 2).keys(null).up();
    use(2);
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofMillis(50));
    Refused refused = (Refused) bench.admit(event(1));
    assertThat(refused.reason()).isEqualTo(DenialReason.QUOTA_EXCEEDED);
    Duration untilReset = refused.retryAfter();
    assertThat(untilReset).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    long resetMillis = requireNonNull(refused.resetsAt()).toEpochMilli();
    while (bench.clock.wallMillis() < resetMillis - 1) {
      Duration left = Duration.ofMillis(resetMillis - 1 - bench.clock.wallMillis());
      bench.scheduler.advance(
          left.compareTo(Duration.ofSeconds(5)) < 0 ? left : Duration.ofSeconds(5));
      assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
    }
    bench.scheduler.advance(Duration.ofMillis(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
  }

  @Test
  void reconnect_answerLost_totalsMakeItGood() {
    bench.answering = false;
    bench.hard("q", "calls", 8).keys(null).up();
    bench.admit(event(1));
    // Granted, but the answer is lost with the connection.
    var lost = bench.server.answer(bench.lastRequest());
    assertThat(lost.leases().get(0).granted()).isEqualByComparingTo("4");
    bench.quotas.line().down();
    bench.scheduler.advance(Duration.ofSeconds(3));
    bench.answering = true;
    bench.up();
    use(8);
    assertThat(bench.server.used("q", bench.server.period(bench.clock.wallMillis())))
        .isEqualByComparingTo("8");
  }

  @Test
  void reconnect_answerLostAndNoFurtherCall_leaseGoesBack() {
    bench.answering = false;
    bench.hard("q", "calls", 8).keys(null).up();
    bench.admit(event(1));
    var lost = bench.server.answer(bench.lastRequest());
    assertThat(lost.leases().get(0).granted()).isEqualByComparingTo("4");
    bench.quotas.line().down();
    bench.scheduler.advance(Duration.ofMinutes(5));
    bench.answering = true;
    bench.up();
    bench.scheduler.advance(Duration.ofMinutes(3));
    assertThat(bench.server.leases())
        .singleElement()
        .satisfies(
            lease -> {
              assertThat(lease.holding).isEqualTo(Holding.DONE);
              assertThat(lease.debit()).isEqualByComparingTo("0");
            });
    bench.newRequests();
    bench.scheduler.advance(Duration.ofMinutes(30));
    assertThat(bench.newRequests()).as("nothing is left to say").isEmpty();
  }

  @Test
  void outage_leaseInHandIsSpentThenCallsAreRefused() {
    bench.hard("q", "calls", 100).keys(null).up();
    bench.admitted(event(1)).close();
    bench.quotas.line().down();
    int admitted = 0;
    while (bench.admit(event(1)) instanceof Admitted) {
      admitted++;
    }
    assertThat(admitted).isEqualTo(50);
    Refused refused = (Refused) bench.admit(event(1));
    assertThat(refused.reason()).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void ledger_another_voidsAllLeases() {
    bench.hard("q", "calls", 100).keys(null).up();
    Admitted open = bench.admitted(event(1));
    bench.server.restore();
    bench.answering = false;
    bench.quotas.line().ledger(bench.server.ledger());
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(bench.lastRequest().asks().get(0).epoch()).isNull();
    assertThat(open.settle(event(1)).accepted()).isTrue();
    assertThat(bench.reported.get(0).mark().epochs()).as("as admitted").containsExactly("1-1");
  }

  @Test
  void stream_another_beginsAgain() {
    bench.hard("q", "calls", 100).keys(null).up();
    use(1);
    bench.stream = new UUID(8, 8);
    bench.newRequests();
    bench.scheduler.advance(Duration.ofSeconds(40));
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.newRequests().get(0).stream()).isEqualTo(bench.stream);
  }

  @Test
  void close_everythingDelivered_returnsEveryLease() {
    bench.hard("q", "calls", 100).keys(null).up();
    use(2);
    bench.quotas.close();
    var closed = bench.quotas.line().close();
    bench.scheduler.run();
    assertThat(closed).isCompleted();
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.DONE);
    assertThat(bench.server.leases().get(0).debit()).isEqualByComparingTo("0");
  }

  @Test
  void close_eventsInTheJournal_returnsWhatIsInHandOnly() {
    bench.delivering = false;
    bench.hard("q", "calls", 100).keys(null).up();
    use(2);
    bench.quotas.close();
    var closed = bench.quotas.line().close();
    bench.scheduler.run();
    assertThat(closed).isCompleted();
    assertThat(bench.server.leases().get(0).holding).isEqualTo(Holding.CLOSED);
    assertThat(bench.server.leases().get(0).debit()).isEqualByComparingTo("2");
  }

  @Test
  void quota_unknownToTheBillingSystem_isAskedForRarely() {
    bench.terms("ghost", "calls", 5, /* overage= */ false).keys(null).up();
    for (int i = 0; i < 300; i++) {
      assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
      bench.scheduler.advance(Duration.ofMillis(100));
    }
    assertThat(bench.requests).hasSizeBetween(2, 4);
  }

  @Test
  void quota_usedUp_isAskedForAgainWhenItMakesSense() {
    bench.hard("q", "calls", 1).keys(null).up();
    Admitted held = bench.admitted(event(1));
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofMillis(50));
    bench.newRequests();
    for (int i = 0; i < 100; i++) {
      assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
      bench.scheduler.advance(Duration.ofMillis(50));
    }
    assertThat(bench.newRequests().size()).as("in 5 s").isBetween(3, 7);
    bench.server.quota("q", 2);
    bench.scheduler.advance(Duration.ofSeconds(2));
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofMillis(50));
    assertThat(bench.admit(event(1))).as("it was extended").isInstanceOf(Admitted.class);
    held.close();
  }

  @Test
  void broker_forbidsRequests_isNotAskedAgainForAMinute() {
    bench.forbidden = true;
    bench.answering = false;
    bench.hard("q", "calls", 1).keys(null).up();
    for (int i = 0; i < 55; i++) {
      bench.admit(event(1));
      bench.scheduler.advance(Duration.ofSeconds(1));
    }
    assertThat(bench.newRequests()).hasSize(1);
  }

  @Test
  void requests_manyQuotas_areInBounds() {
    for (int i = 0; i < 300; i++) {
      bench.hard("q" + i, "calls", 100);
    }
    bench.keys(null).up();
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    assertThat(bench.requests)
        .allSatisfy(each -> assertThat(each.asks().size()).isLessThanOrEqualTo(256));
    Admitted call = bench.admitted(event(1));
    assertThat(call.settle(event(1)).accepted()).isTrue();
    assertThat(bench.reported.get(0).mark().epochs()).as("an event names 8 at most").hasSize(8);
    assertThat(call.quotas().get(0).limit()).isEqualByComparingTo(BigDecimal.valueOf(100));
  }
}
