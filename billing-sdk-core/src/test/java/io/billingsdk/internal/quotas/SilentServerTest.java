package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.LeaseGrant.RateShare;
import io.billingsdk.protocol.LeaseRequest;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A billing system that is there and does not answer, or answers late. */
final class SilentServerTest {
  private static final KeyRecord.Rate RATE = new KeyRecord.Rate(BigDecimal.valueOf(100), 10);

  private final QuotaBench bench = new QuotaBench();

  private static DenialReason reason(Admission admission) {
    assertThat(admission).isInstanceOf(Refused.class);
    return ((Refused) admission).reason();
  }

  private void share(long number, long burst, boolean full) {
    bench.server.share(
        new RateShare("k-one", number, BigDecimal.valueOf(burst), burst, 5_000, full, false));
  }

  private Admission callAfter(Duration pause) {
    bench.scheduler.advance(pause);
    return bench.admit(event(1));
  }

  @Test
  void share_runOutUnderASilentServer_goesOnAfterTenSeconds() {
    share(1, 5, true);
    bench.keys(RATE).up();
    bench.admit(event(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    bench.answering = false;
    bench.scheduler.advance(Duration.ofSeconds(5));
    assertThat(reason(callAfter(Duration.ofSeconds(2)))).isEqualTo(DenialReason.UNAVAILABLE);
    int refused = 0;
    while (callAfter(Duration.ofSeconds(1)) instanceof Refused) {
      refused++;
      assertThat(refused).as("seconds without a call").isLessThan(15);
    }
    assertThat(callAfter(Duration.ofSeconds(1))).isInstanceOf(Admitted.class);

    bench.answering = true;
    share(2, 5, true);
    bench.scheduler.advance(Duration.ofSeconds(20));
    bench.admit(event(1));
    assertThat(callAfter(Duration.ofMillis(100))).isInstanceOf(Admitted.class);
  }

  @Test
  void share_ofANewKeyUnderASilentServer_isTheWholeRateAfterTenSeconds() {
    share(1, 5, true);
    bench.keys(RATE).up();
    bench.admit(event(1));
    bench.answering = false;
    bench.quotas.line().ledger(new java.util.UUID(4, 4));
    assertThat(reason(callAfter(Duration.ofSeconds(2)))).isEqualTo(DenialReason.UNAVAILABLE);
    bench.scheduler.advance(Duration.ofSeconds(12));
    assertThat(callAfter(Duration.ofSeconds(1))).isInstanceOf(Admitted.class);
  }

  @Test
  void requests_forbiddenAfterAShare_doNotShutTheKeyOut() {
    share(1, 5, true);
    bench.keys(RATE).up();
    bench.admit(event(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    bench.answering = false;
    bench.forbidden = true;
    bench.scheduler.advance(Duration.ofSeconds(6));
    bench.admit(event(1));
    assertThat(callAfter(Duration.ofSeconds(1))).isInstanceOf(Admitted.class);
  }

  @Test
  void share_thatWasForgottenByTheServer_beginsAgainFromOne() {
    share(7, 5, true);
    bench.keys(RATE).up();
    bench.admit(event(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    bench.scheduler.advance(Duration.ofMinutes(1));
    share(1, 4, true);
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(callAfter(Duration.ofMillis(100))).isInstanceOf(Admitted.class);
  }

  @Test
  void share_thatOthersMayHaveHad_bringsNoCallsAtOnce() {
    share(1, 5, true);
    bench.keys(RATE).up();
    bench.admit(event(1));
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    bench.scheduler.advance(Duration.ofMinutes(1));
    share(1, 5, false);
    bench.admit(event(1));
    assertThat(reason(bench.admit(event(1)))).isEqualTo(DenialReason.RATE_LIMITED);
    assertThat(callAfter(Duration.ofMillis(200))).isInstanceOf(Admitted.class);
  }

  @Test
  void key_withoutAPart_asksAgainWithinASecond() {
    share(0, 0, false);
    bench.keys(RATE).up();
    int asked = 0;
    for (int i = 0; i < 10; i++) {
      assertThat(reason(callAfter(Duration.ofMillis(100)))).isEqualTo(DenialReason.UNAVAILABLE);
      asked = bench.requests.size();
    }
    assertThat(asked).as("requests in a second").isBetween(4, 6);
    bench.newRequests();
    for (int i = 0; i < 600; i++) {
      callAfter(Duration.ofMillis(100));
    }
    assertThat(bench.newRequests().size()).as("in the next minute").isLessThan(75);
  }

  @Test
  void question_ofAnotherQuota_isAskedAsSoonAsTheFirstIsAnswered() {
    bench.answering = false;
    bench.hard("q", "calls", 10).keys(null).up();
    bench.admit(event(1));
    LeaseRequest first = bench.lastRequest();
    bench.hard("other", "usage", 10).keys(null);
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(30));
    assertThat(bench.newRequests()).containsOnly(first);
    bench.answering = true;
    bench.answer(first);
    bench.scheduler.advance(Duration.ofMillis(50));
    assertThat(bench.newRequests()).isNotEmpty();
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
  }
}
