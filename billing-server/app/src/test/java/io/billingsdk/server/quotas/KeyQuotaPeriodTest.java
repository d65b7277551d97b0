package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The time at which the count of a key's quota begins again is changed. */
class KeyQuotaPeriodTest extends KeyQuotaFixture {
  private final Instant past = clock.instant().minus(Duration.ofHours(1));
  private final Instant future = clock.instant().plus(Duration.ofHours(1));

  @Test
  void reset_movedForwardAfterIt_doesNotCountEarlierUsageAgain() throws Exception {
    limit("calls", 10, past, /* overage= */ false);
    useAt(past.minusSeconds(1), java.math.BigDecimal.ONE);
    use(3);
    limit("calls", 10, future, /* overage= */ false);

    assertThat(state().used()).as("since the last reset").isEqualByComparingTo("3");
    assertThat(state().period()).isEqualTo(new QuotaPeriod(past, future));
    use(1);
    clock.set(future);
    assertThat(state().used()).isEqualByComparingTo("0");
  }

  @Test
  void reset_movedForwardWithoutUsageSinceIt_doesNotCountEarlierUsageAgain() throws Exception {
    limit("calls", 10, past, /* overage= */ false);
    for (int i = 0; i < 10; i++) {
      useAt(past.minusSeconds(1), java.math.BigDecimal.ONE);
    }
    limit("calls", 10, future, /* overage= */ false);

    assertThat(state().remaining()).isEqualByComparingTo("10");
  }

  @Test
  void reset_movedBeforeIt_keepsWhatIsUsed() throws Exception {
    limit("calls", 10, future, /* overage= */ false);
    use(4);
    limit("calls", 20, future.plus(Duration.ofHours(1)), /* overage= */ false);

    assertThat(state().used()).isEqualByComparingTo("4");
    limit("calls", 20, null, /* overage= */ false);
    assertThat(state().used()).isEqualByComparingTo("4");
  }

  @Test
  void reset_takenAwayAfterIt_countsOn() throws Exception {
    limit("calls", 10, past, /* overage= */ false);
    useAt(past.minusSeconds(1), java.math.BigDecimal.ONE);
    use(2);
    limit("calls", 10, null, /* overage= */ false);

    assertThat(state().used()).isEqualByComparingTo("2");
    limit("calls", 11, null, /* overage= */ false);
    assertThat(state().used()).as("changed twice").isEqualByComparingTo("2");
  }

  @Test
  void calendar_ofTwoMoments_hasEachMomentInOnePeriod() {
    for (@Nullable Instant since : new Instant[] {null, past, future}) {
      for (@Nullable Instant reset : new Instant[] {null, past, future, Instant.EPOCH}) {
        QuotaCalendar calendar = QuotaCalendar.until(since, reset);
        QuotaPeriod period = calendar.at(Instant.EPOCH);
        while (period.end().isBefore(QuotaCalendar.ALWAYS.end())) {
          assertThat(calendar.at(period.end().minusMillis(1))).isEqualTo(period);
          assertThat(calendar.at(period.end()).start()).isEqualTo(period.end());
          period = calendar.at(period.end());
        }
        assertThat(period.end()).isEqualTo(QuotaCalendar.ALWAYS.end());
      }
    }
  }
}
