package io.billingsdk.server.quotas;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a quota is used up if usage goes on as in the part of its period that has passed. */
final class QuotaProjection {
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private QuotaProjection() {}

  /** The same of a quota as it stands. */
  static @Nullable Instant of(QuotaState state, Instant now) {
    return of(state.period(), now, state.used(), state.limit());
  }

  /**
   * The moment at which usage reaches the limit: the time since the start of the period, times the
   * limit, divided by the usage until now. It has passed if the limit is reached.
   *
   * @return to the second, never too early; null if that is not before the end of the period,
   *     nothing is used, or the period has no beginning
   */
  static @Nullable Instant of(QuotaPeriod period, Instant now, BigDecimal used, BigDecimal limit) {
    // A period without a beginning would spread the usage over the years since 1970.
    boolean begins = period.start().isAfter(QuotaCalendar.ALWAYS.start());
    if (!begins || used.signum() <= 0 || !now.isAfter(period.start())) {
      return null;
    }
    BigDecimal seconds =
        seconds(Duration.between(period.start(), now))
            .multiply(limit)
            .divide(used, 0, RoundingMode.CEILING);
    boolean isInPeriod =
        seconds.compareTo(seconds(Duration.between(period.start(), period.end()))) < 0;
    return isInPeriod ? period.start().plusSeconds(seconds.longValueExact()) : null;
  }

  private static BigDecimal seconds(Duration time) {
    return BigDecimal.valueOf(time.getSeconds())
        .add(BigDecimal.valueOf(time.getNano()).divide(NANOS));
  }
}
