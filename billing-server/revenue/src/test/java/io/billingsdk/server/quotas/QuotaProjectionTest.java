package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuotaProjectionTest {
  private static final QuotaPeriod NOVEMBER =
      new QuotaPeriod(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));

  private static @Nullable Instant projected(String now, String used, String limit) {
    return QuotaProjection.of(
        NOVEMBER, Instant.parse(now), new BigDecimal(used), new BigDecimal(limit));
  }

  @Test
  void limit_thatIsReachedAtThePaceUntilNow_isProjected() {
    assertThat(projected("2026-11-11T00:00:00Z", "500", "1000")).isEqualTo("2026-11-21T00:00:00Z");
    assertThat(projected("2026-11-02T00:00:00Z", "0.000001", "0.000003"))
        .isEqualTo("2026-11-04T00:00:00Z");
  }

  @Test
  void fraction_ofASecond_isRoundedUp() {
    assertThat(projected("2026-11-01T00:00:01Z", "3", "10")).isEqualTo("2026-11-01T00:00:04Z");
    assertThat(projected("2026-11-01T00:00:00.5Z", "1", "3")).isEqualTo("2026-11-01T00:00:02Z");
  }

  @Test
  void limit_thatIsReachedAlready_hasAMomentThatHasPassed() {
    assertThat(projected("2026-11-11T00:00:00Z", "1000", "1000")).isEqualTo("2026-11-11T00:00:00Z");
    assertThat(projected("2026-11-11T00:00:00Z", "2000", "1000")).isEqualTo("2026-11-06T00:00:00Z");
    assertThat(projected("2026-11-11T00:00:00Z", "1", "0")).isEqualTo("2026-11-01T00:00:00Z");
  }

  @Test
  void limit_thatIsNotReachedInThePeriod_hasNone() {
    assertThat(projected("2026-11-11T00:00:00Z", "0", "1000")).isNull();
    // Exactly at the end: the next period has begun then.
    assertThat(projected("2026-11-16T00:00:00Z", "500", "1000")).isNull();
    assertThat(projected("2026-11-16T00:00:00Z", "501", "1000")).isEqualTo("2026-11-30T22:33:47Z");
    assertThat(projected("2026-11-30T00:00:00Z", "1", "9007199254740992")).isNull();
    assertThat(projected("2026-11-01T00:00:00Z", "5", "1000")).isNull();
  }

  @Test
  void period_withoutABeginning_hasNone() {
    Instant now = Instant.parse("2026-11-11T00:00:00Z");
    BigDecimal limit = new BigDecimal("100");
    QuotaPeriod always = QuotaCalendar.until(null, null).at(now);
    // At the pace since 1970 it would be used up in 2027.
    assertThat(QuotaProjection.of(always, now, new BigDecimal("99"), limit)).isNull();
    QuotaPeriod begun = QuotaCalendar.until(NOVEMBER.start(), null).at(now);
    assertThat(QuotaProjection.of(begun, now, new BigDecimal("50"), limit))
        .isEqualTo("2026-11-21T00:00:00Z");
  }

  @Test
  void period_withoutAnEnd_isNoTrouble() {
    QuotaPeriod forEver = new QuotaPeriod(NOVEMBER.start(), Instant.MAX);
    assertThat(
            QuotaProjection.of(
                forEver,
                Instant.parse("2026-11-11T00:00:00Z"),
                new BigDecimal("0.000000000000000001"),
                new BigDecimal("9007199254740992")))
        .isNull();
  }
}
