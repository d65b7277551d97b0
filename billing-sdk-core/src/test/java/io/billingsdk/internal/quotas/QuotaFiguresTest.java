package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ClientStatus;
import io.billingsdk.DenialReason;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.KeyRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a status shows of admissions and leases. */
final class QuotaFiguresTest {
  private final QuotaBench bench = new QuotaBench();

  @Test
  void figures_beforeAnyCall_areZero() {
    assertThat(bench.quotas.figures()).isEqualTo(ClientStatus.Quotas.of(0, 0));
  }

  @Test
  void figures_ofCalls_haveLeasesAndResults() {
    bench.hard("q", "calls", 3).keys(null, "small").up();
    for (int i = 0; i < 3; i++) {
      assertThat(bench.admitted(small()).settle(small()).accepted()).isTrue();
      bench.scheduler.advance(Duration.ofMillis(100));
    }
    bench.admit(small());
    bench.scheduler.advance(Duration.ofMillis(100));
    bench.admit(small());
    bench.admit(UsageEvent.of(QuotaBench.KEY, "llm", "large", 1));
    ClientStatus.Quotas shown = bench.quotas.figures();
    assertThat(shown.known()).isEqualTo(1);
    assertThat(shown.leases()).isEqualTo(1);
    assertThat(shown.admitted()).isEqualTo(3);
    assertThat(shown.refused())
        .as("the first call of all has no lease yet")
        .isEqualTo(
            Map.of(
                DenialReason.UNAVAILABLE,
                1L,
                DenialReason.QUOTA_EXCEEDED,
                2L,
                DenialReason.MODEL_NOT_ALLOWED,
                1L));
    assertThat(shown.requests()).isEqualTo(bench.requests.size()).isPositive();
    assertThat(shown.unanswered()).isZero();
    assertThat(shown.waitingSince()).isNull();
  }

  @Test
  void figures_ofARate_countTheCallsThatCameTooOften() {
    bench.keys(new KeyRecord.Rate(BigDecimal.ONE, 1)).up();
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofMillis(100));
    bench.admit(event(1));
    assertThat(bench.quotas.figures().refused().keySet())
        .isSubsetOf(DenialReason.RATE_LIMITED, DenialReason.UNAVAILABLE)
        .isNotEmpty();
  }

  @Test
  void figures_withoutAnAnswer_showSinceWhenAndHowOften() {
    bench.answering = false;
    bench.hard("q", "calls", 10).keys(null).up();
    bench.admit(event(1));
    Instant asked = Instant.ofEpochMilli(bench.clock.wallMillis());
    bench.scheduler.advance(Duration.ofSeconds(4));
    ClientStatus.Quotas waiting = bench.quotas.figures();
    assertThat(waiting.refused()).isEqualTo(Map.of(DenialReason.UNAVAILABLE, 1L));
    assertThat(waiting.requests()).isEqualTo(1);
    assertThat(waiting.unanswered()).isEqualTo(bench.requests.size() - 1).isPositive();
    assertThat(waiting.waitingSince()).isBetween(asked, asked.plusMillis(100));
    bench.answer(bench.lastRequest());
    assertThat(bench.quotas.figures().waitingSince()).isNull();
    assertThat(bench.quotas.figures().leases()).isEqualTo(1);
  }

  @Test
  void figures_ofABrokerThatForbidsRequests_countThem() {
    bench.forbidden = true;
    bench.answering = false;
    bench.hard("q", "calls", 1).keys(null).up();
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.quotas.figures().unanswered()).isEqualTo(1);
    assertThat(bench.quotas.figures().waitingSince()).isNull();
  }

  private static UsageEvent small() {
    return UsageEvent.of(QuotaBench.KEY, "llm", "small", 1);
  }
}
