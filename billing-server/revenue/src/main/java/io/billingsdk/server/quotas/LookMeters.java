package io.billingsdk.server.quotas;

import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/** How many quotas and keys the jobs of quotas cannot judge: a fault at one stops no other. */
record LookMeters(QuotaNotices notices, SpendStops spendStops, Violations violations)
    implements Meters {
  @Override
  public void addTo(MeterRegistry registry) {
    gauge(registry, notices.name(), notices, QuotaNotices::failing);
    gauge(registry, spendStops.name(), spendStops, SpendStops::failing);
    gauge(registry, violations.name(), violations, Violations::failing);
  }

  private static <T> void gauge(
      MeterRegistry registry, String job, T of, ToIntFunction<T> failing) {
    Gauge.builder("billing.quotas.failing", of, failing::applyAsInt)
        .description("quotas and keys that a job could not judge at its last look at this server")
        .tag("job", job)
        .register(registry);
  }
}
