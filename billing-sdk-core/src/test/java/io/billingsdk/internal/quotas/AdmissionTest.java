package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.KEY;
import static io.billingsdk.internal.quotas.QuotaBench.OTHER;
import static io.billingsdk.internal.quotas.QuotaBench.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenQuotaUnknown;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that are admitted, settled and closed, over a scripted billing system. */
final class AdmissionTest {
  private final QuotaBench bench = new QuotaBench();

  private static DenialReason reason(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).reason();
  }

  private static Rejected rejection(io.billingsdk.ReportOutcome outcome) {
    return outcome.rejection().orElseThrow();
  }

  @Test
  void admit_keyWithoutQuotas_isAdmittedWithoutARequest() {
    bench.keys(null).up();
    Admitted call = (Admitted) bench.admit(event(7));
    assertThat(call.settle(event(9)).accepted()).isTrue();
    assertThat(bench.requests).isEmpty();
    assertThat(bench.reported)
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.event().usage()).isEqualByComparingTo("9");
              assertThat(each.mark()).isEqualTo(AdmissionMark.NONE);
            });
  }

  @Test
  void admit_quotaWithoutId_isNotEnforced() {
    bench.keys(null);
    assertThat(bench.quotas.admit(KEY, event(1))).isInstanceOf(Admitted.class);
  }

  @Test
  void admit_unknownKey_isRefusedAsACheckIs() {
    bench.keys(null).up();
    assertThat(reason(bench.admit(event("sk-nobody", 1)))).isEqualTo(DenialReason.INVALID);
    assertThat(reason(bench.quotas.admit(null, null))).isEqualTo(DenialReason.MISSING);
  }

  @Test
  void admit_modelNotOfTheKey_isRefusedAndCounted() {
    bench.keys(null, "other*").up();
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.MODEL_NOT_ALLOWED);
    bench.scheduler.advance(Duration.ofSeconds(2));
    assertThat(bench.server.refusals())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.keyId()).isEqualTo("k-one");
              assertThat(each.reason()).isEqualTo("MODEL");
              assertThat(each.count()).isEqualTo(1);
            });
  }

  @Test
  void admit_firstCall_isRefusedForNowAndAsksAtOnce() {
    bench.hard("q", "calls", 100).keys(null).up();
    Refused first = (Refused) bench.quotas.admit(KEY, null);
    assertThat(first.reason()).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(first.retryAfter()).isEqualTo(Duration.ofMillis(100));
    bench.scheduler.run();
    assertThat(bench.requests).hasSize(1);
    assertThat(bench.admit()).isInstanceOf(Admitted.class);
  }

  @Test
  void settle_lessThanReserved_givesTheRestBack() {
    bench.hard("q", "usage", 1_000).keys(null).up();
    Admitted call = bench.admitted(event(100));
    BigDecimal during = call.quotas().get(0).used();
    assertThat(call.settle(event(30)).accepted()).isTrue();
    assertThat(call.quotas().get(0).used())
        .isEqualByComparingTo(during.subtract(new BigDecimal(70)));
    assertThat(bench.reported.get(0).mark().epochs()).containsExactly("1-1");
  }

  @Test
  void settle_moreThanReserved_isTakenAndMayExceedByOneCall() {
    bench.hard("q", "usage", 100).keys(null).up();
    Admitted call = bench.admitted(event(60));
    assertThat(call.settle(event(130)).accepted()).isTrue();
    assertThat(bench.server.settled("q", bench.clock.wallMillis())).isEqualByComparingTo("130");
    Refused next = (Refused) settled(event(1));
    assertThat(next.reason()).isEqualTo(DenialReason.QUOTA_EXCEEDED);
    assertThat(next.limit()).isEqualByComparingTo("100");
    assertThat(next.used()).isEqualByComparingTo("130");
    assertThat(next.resetsAt()).isAfter(Instant.ofEpochMilli(bench.clock.wallMillis()));
    assertThat(next.retryAfter())
        .isEqualTo(
            Duration.between(Instant.ofEpochMilli(bench.clock.wallMillis()), next.resetsAt()));
  }

  /** The answer once the billing system was asked. */
  private Admission settled(UsageEvent event) {
    Admission answer = bench.admit(event);
    for (int i = 0; i < 3 && reason(answer) == DenialReason.UNAVAILABLE; i++) {
      bench.scheduler.advance(Duration.ofMillis(100));
      answer = bench.admit(event);
    }
    return answer;
  }

  @Test
  void settle_twice_secondIsRejectedAndTakesNothing() {
    bench.hard("q", "usage", 1_000).keys(null).up();
    Admitted call = bench.admitted(event(10));
    assertThat(call.settle(event(10)).accepted()).isTrue();
    assertThat(rejection(call.settle(event(10))).field()).isEqualTo("admission");
    assertThat(rejection(call.report(event(10))).field()).isEqualTo("admission");
    assertThat(call.settleDurably(event(10))).isCompletedExceptionally();
    call.close();
    assertThat(bench.reported).hasSize(1);
    assertThat(bench.server.settled("q", bench.clock.wallMillis())).isEqualByComparingTo("10");
  }

  @Test
  void close_withoutSettle_givesAllBackAndReportsNothing() {
    bench.hard("q", "calls", 1).keys(null).up();
    try (Admitted call = bench.admitted(event(5))) {
      assertThat(reason(settled(event(5)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
      assertThat(call.caller().appId()).isEqualTo("app");
    }
    assertThat(bench.admit(event(5))).isInstanceOf(Admitted.class);
    assertThat(bench.reported).isEmpty();
  }

  @Test
  void settle_eventRejected_canBeSettledAgain() {
    bench.hard("q", "usage", 100).keys(null).up();
    Admitted call = bench.admitted(event(40));
    bench.rejecting = RejectionReason.BUFFER_FULL;
    assertThat(call.settle(event(90)).accepted()).isFalse();
    assertThat(call.quotas().get(0).used()).as("as before the attempt").isEqualByComparingTo("40");
    bench.rejecting = null;
    assertThat(call.settle(new BigDecimal("7.5")).accepted()).isTrue();
    assertThat(bench.server.settled("q", bench.clock.wallMillis())).isEqualByComparingTo("7.5");
  }

  @Test
  void report_parts_areTakenFromWhatWasReserved() {
    bench.hard("q", "usage", 100).keys(null).up();
    Admitted call = bench.admitted(event(50));
    assertThat(call.report(event(20)).accepted()).isTrue();
    assertThat(call.quotas().get(0).used()).isEqualByComparingTo("50");
    assertThat(call.report(event(40)).accepted()).isTrue();
    assertThat(call.quotas().get(0).used()).isEqualByComparingTo("60");
    assertThat(call.settle(event(5)).accepted()).isTrue();
    assertThat(call.quotas().get(0).used()).isEqualByComparingTo("65");
    assertThat(bench.server.settled("q", bench.clock.wallMillis())).isEqualByComparingTo("65");
    assertThat(bench.reported).allSatisfy(each -> assertThat(each.mark().epochs()).hasSize(1));
  }

  @Test
  void admit_quotasOfKeyAndCustomer_areDebitedBothOrNone() {
    bench.hard("customer", "calls", 10).hard("key", "calls", 2).keys(null).up();
    Admitted one = bench.admitted(event(1));
    Admitted two = bench.admitted(event(1));
    assertThat(reason(settled(event(1)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
    assertThat(one.quotas())
        .extracting(each -> each.limit().longValue(), each -> each.used().longValue())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(10L, 2L),
            org.assertj.core.groups.Tuple.tuple(2L, 2L));
    assertThat(one.settle(event(1)).accepted() && two.settle(event(1)).accepted()).isTrue();
    assertThat(bench.reported.get(0).mark().epochs()).hasSize(2);
    assertThat(bench.server.beyond()).isEqualByComparingTo("0");
  }

  @Test
  void admit_twoKeysOfOneQuota_shareIt() {
    bench.hard("customer", "calls", 3).keys(null).up();
    bench.admitted(event(KEY, 1));
    bench.admitted(event(OTHER, 1));
    bench.admitted(event(KEY, 1));
    assertThat(reason(settled(event(OTHER, 1)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
  }

  @Test
  void admit_negativeOrMonstrousEstimate_countsAsNothing() {
    bench.hard("q", "usage", 10).keys(null).up();
    Admitted negative = bench.admitted(event(-1_000));
    assertThat(negative.quotas().get(0).used()).isEqualByComparingTo("0");
    Admitted monster =
        bench.admitted(UsageEvent.of(KEY, "llm", "m", new BigDecimal("1E+999999999")));
    assertThat(monster.quotas().get(0).used()).isEqualByComparingTo("0");
  }

  @Test
  void admit_hugeEstimate_isRefusedAndDebitsNothing() {
    bench.hard("q", "usage", 10).keys(null).up();
    assertThat(reason(settled(event(11)))).isEqualTo(DenialReason.QUOTA_EXCEEDED);
    assertThat(bench.admit(event(10))).isInstanceOf(Admitted.class);
  }

  @Test
  void admit_quantities_areQuotasOfTheirNames() {
    bench.hard("q", "output_tokens", 50).keys(null).up();
    Admitted call = bench.admitted(event(1).quantity("output_tokens", 50));
    assertThat(reason(settled(event(1).quantity("output_tokens", 1))))
        .isEqualTo(DenialReason.QUOTA_EXCEEDED);
    assertThat(bench.admit(event(1))).as("does not speak of it").isInstanceOf(Admitted.class);
    assertThat(call.settle(event(1).quantity("output_tokens", 20)).accepted()).isTrue();
    assertThat(bench.admit(event(1).quantity("output_tokens", 30))).isInstanceOf(Admitted.class);
  }

  @Test
  void reserve_later_checksModelAndQuotasAndKeepsWhatWasThere() {
    bench.hard("calls", "calls", 100).hard("tokens", "usage", 20).keys(null, "m").up();
    bench.admitted(event(5)).close();
    Admitted call = (Admitted) bench.admit();
    assertThat(call.reserve(event(21)).orElseThrow().reason())
        .isIn(DenialReason.UNAVAILABLE, DenialReason.QUOTA_EXCEEDED);
    assertThat(call.reserve(UsageEvent.of(KEY, "llm", "x", 1)).orElseThrow().reason())
        .isEqualTo(DenialReason.MODEL_NOT_ALLOWED);
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(call.reserve(event(20))).isEmpty();
    assertThat(call.reserve(event(8))).isEmpty();
    assertThat(call.settle(event(8)).accepted()).isTrue();
    assertThat(bench.reported.get(0).mark().epochs()).hasSize(2);
  }

  @Test
  void admit_overage_goesOnWithoutALease() {
    bench.answering = false;
    bench.quota("q", "calls", 1, /* overage= */ true).keys(null).up();
    for (int i = 0; i < 5; i++) {
      assertThat(((Admitted) bench.admit(event(1))).settle(event(1)).accepted()).isTrue();
    }
    assertThat(bench.reported).allSatisfy(each -> assertThat(each.mark().epochs()).isEmpty());
  }

  @Test
  void whenQuotaUnknown_number_allowsSoMuchUntilTheNextLease() {
    QuotaBench allowing = new QuotaBench(WhenQuotaUnknown.allow(3));
    allowing.hard("q", "calls", 100).keys(null);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 3; i++) {
        assertThat(((Admitted) allowing.admit(event(1))).settle(event(1)).accepted()).isTrue();
      }
      assertThat(reason(allowing.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
      allowing.up();
      allowing.admit(event(1));
      allowing.admitted(event(1)).close();
      allowing.quotas.line().down();
      allowing.scheduler.advance(Duration.ofMinutes(2));
    }
  }

  @Test
  void whenQuotaUnknown_allow_goesOnForEver() {
    QuotaBench allowing = new QuotaBench(WhenQuotaUnknown.allow());
    allowing.hard("q", "calls", 100).keys(null);
    for (int i = 0; i < 200; i++) {
      assertThat(allowing.admit(event(1))).isInstanceOf(Admitted.class);
    }
  }

  @Test
  void admit_afterClose_isRefused() {
    bench.keys(null).up();
    bench.quotas.close();
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void settleDurably_accepted_endsTheAdmission() {
    bench.hard("q", "usage", 100).keys(null).up();
    Admitted call = bench.admitted(event(40));
    assertThat(call.settleDurably(event(10))).isCompleted();
    assertThat(call.settle(event(10)).accepted()).isFalse();
    assertThat(call.toString()).doesNotContain(KEY);
    assertThat(List.of(bench.server.settled("q", bench.clock.wallMillis()).intValue()))
        .containsExactly(10);
  }
}
