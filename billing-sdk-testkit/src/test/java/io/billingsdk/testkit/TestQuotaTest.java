package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.RejectionReason;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Quotas of the testkit, which answer as a real client does whose lease is here. */
final class TestQuotaTest {
  private static final String KEY = "sk-1";

  private final TestBilling billing = TestBilling.create().allow(KEY, "app-1");

  private static UsageEvent event(long usage) {
    return UsageEvent.of(KEY, "llm", "m", usage);
  }

  @Test
  void admit_quota_isTakenSettledAndGivenBack() {
    billing.quota(KEY, "usage", 100);
    Admitted call = (Admitted) billing.admit(event(80));
    assertThat(((Refused) billing.admit(event(21))).reason())
        .isEqualTo(DenialReason.QUOTA_EXCEEDED);
    assertThat(call.settle(event(30)).accepted()).isTrue();
    assertThat(billing.quotaUsed(KEY, "usage")).isEqualByComparingTo("30");
    assertThat(call.settle(event(30)).rejection().orElseThrow().field()).isEqualTo("admission");
    try (Admitted other = (Admitted) billing.admit(event(70))) {
      assertThat(other.quotas().get(0).used()).isEqualByComparingTo("100");
    }
    assertThat(billing.quotaUsed(KEY, "usage")).isEqualByComparingTo("30");
    assertThat(billing.events()).hasSize(1);
  }

  @Test
  void admit_callsAndUsage_areTakenBothOrNone() {
    billing.quota(KEY, "calls", 5).quota(KEY, "usage", 10);
    Refused refused = (Refused) billing.admit(event(11));
    assertThat(refused.limit()).isEqualByComparingTo(BigDecimal.TEN);
    assertThat(refused.resetsAt()).isNotNull();
    assertThat(billing.quotaUsed(KEY, "calls")).isEqualByComparingTo("0");
    Admitted call = (Admitted) billing.admit(KEY);
    assertThat(call.reserve(event(11))).isPresent();
    assertThat(call.reserve(event(10))).isEmpty();
    assertThat(call.report(event(4)).accepted()).isTrue();
    assertThat(call.settle(new BigDecimal("20")).accepted()).isTrue();
    assertThat(billing.quotaUsed(KEY, "usage")).isEqualByComparingTo("24");
    assertThat(billing.quotaUsed(KEY, "calls")).isEqualByComparingTo("2");
  }

  @Test
  void settle_rejected_canBeSettledAgain() {
    billing.quota(KEY, "usage", 100);
    Admitted call = (Admitted) billing.admit(event(50));
    billing.rejectReports(RejectionReason.BUFFER_FULL);
    assertThat(call.settle(event(9)).accepted()).isFalse();
    billing.acceptReports();
    assertThat(call.settleDurably(event(9))).isCompleted();
    assertThat(billing.quotaUsed(KEY, "usage")).isEqualByComparingTo("9");
  }

  @Test
  void decideNext_rate_isScripted() {
    billing.decideNext(
        KEY, Denied.because(DenialReason.RATE_LIMITED).withRetryAfter(Duration.ofSeconds(3)));
    Refused refused = (Refused) billing.admit(event(1));
    assertThat(refused.reason()).isEqualTo(DenialReason.RATE_LIMITED);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(billing.admit(event(1))).isInstanceOf(Admitted.class);
  }
}
