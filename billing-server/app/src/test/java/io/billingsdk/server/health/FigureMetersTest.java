package io.billingsdk.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.http.MetricsLint;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureMetersTest {
  @Test
  void metrics_figuresOfAPart_areShownByTheirLabels_andReadEachTime() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Counts counts = new Counts();
    double[] value = {3};
    counts.show(
        List.of(
            new Figure("billing.a.waits", "waits", Map.of("job", "x"), false, () -> value[0]),
            new Figure("billing.a.failures", "failures", Map.of("job", "x"), true, () -> value[0]),
            new Figure("billing.a.away", "unknown", Map.of(), false, () -> Double.NaN)));
    new CountMeters(counts).addTo(registry);
    value[0] = 4;

    String page = registry.scrape();

    assertThat(page)
        .contains("billing_a_waits{job=\"x\"} 4.0")
        .contains("billing_a_failures_total{job=\"x\"} 4.0")
        .contains("billing_a_away NaN");
    assertThat(MetricsLint.of(page)).isEmpty();
  }
}
