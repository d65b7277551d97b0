package io.billingsdk.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import io.billingsdk.UsageEvent;
import io.billingsdk.testkit.TestBilling;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client's status as metrics, as Prometheus reads them. */
final class BillingMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final TestBilling client = TestBilling.create().allow("key", "app-1");

  @Test
  void scrape_ofAClient_hasItsNumbers() {
    report(90);
    client.startOutage().bufferOf(10);
    report(17);
    BillingMetrics.of(client).bindTo(registry);
    String text = registry.scrape();
    assertThat(text)
        .contains("billing_client_events_accepted_total 100.0")
        .contains("billing_client_events_delivered_total 90.0")
        .contains("billing_client_events_pending 10.0")
        .contains("billing_client_events_rejected_total{reason=\"buffer_full\"} 7.0")
        .contains("billing_client_events_rejected_total{reason=\"invalid\"} 0.0")
        .contains("billing_client_journal_healthy 1.0")
        .contains("billing_client_journal_oldest_age_seconds 0.0")
        .contains("billing_client_keys_known 1.0")
        .contains("billing_client_connection_state{state=\"connected\"} 0.0")
        .contains("billing_client_connection_state{state=\"disconnected\"} 1.0");
    assertThat(registry.get("billing.client.keys.update.age").gauge().value())
        .isBetween(0.0, 300.0);
  }

  @Test
  void scrape_ofAClientWithQuotas_hasItsAdmissions() {
    client.quota("key", "calls", 2);
    for (int i = 0; i < 5; i++) {
      var unused = client.admit("key");
    }
    BillingMetrics.of(client).bindTo(registry);
    assertThat(registry.scrape())
        .contains("billing_client_quotas_known 1.0")
        .contains("billing_client_quotas_leases 1.0")
        .contains("billing_client_admissions_admitted_total 2.0")
        .contains("billing_client_admissions_refused_total{reason=\"quota_exceeded\"} 3.0")
        .contains("billing_client_admissions_refused_total{reason=\"rate_limited\"} 0.0")
        .contains("billing_client_quotas_requests_total 0.0")
        .contains("billing_client_quotas_requests_unanswered_total 0.0")
        .contains("billing_client_quotas_request_age_seconds 0.0");
  }

  @Test
  void scrape_ofAllMetrics_isOfOnePicture() {
    AtomicLong nanos = new AtomicLong();
    StatusSnapshots snapshots = new StatusSnapshots(() -> Optional.of(client), nanos::get);
    ClientStatus first = snapshots.now();
    report(1);
    assertThat(snapshots.now()).isSameAs(first);
    nanos.addAndGet(200_000_000);
    assertThat(snapshots.now()).isNotNull().isNotSameAs(first);
  }

  @Test
  void value_beforeThereIsAClient_isZeroAndComesWithIt() {
    AtomicReference<@Nullable BillingClient> later = new AtomicReference<>();
    SimpleMeterRegistry simple = new SimpleMeterRegistry();
    BillingMetrics.of(() -> Optional.ofNullable(later.get())).bindTo(simple);
    FunctionCounter accepted = simple.get("billing.client.events.accepted").functionCounter();
    Gauge pending = simple.get("billing.client.events.pending").gauge();
    assertThat(accepted.count()).isZero();
    assertThat(pending.value()).isNaN();
    SimpleMeterRegistry after = new SimpleMeterRegistry();
    later.set(client);
    report(100);
    BillingMetrics.of(() -> Optional.ofNullable(later.get())).bindTo(after);
    assertThat(after.get("billing.client.events.accepted").functionCounter().count())
        .isEqualTo(100);
  }

  /** The page is what people write alerts by. */
  @Test
  void names_inThePageOfMetrics_areThoseThatExist() throws IOException {
    BillingMetrics.of(client).bindTo(registry);
    new DecisionMetrics().bindTo(registry);
    Set<String> exist =
        registry
            .scrape()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[ {]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        Pattern.compile("`(billing_(?:client|calls)_\\w+)")
            .matcher(Files.readString(Path.of("../docs/metrics.md")))
            .results()
            .map(match -> firstGroup(match))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(exist);
  }

  @Test
  void seriesAndLabels_inThePageOfMetrics_areThoseThatExist() throws IOException {
    BillingMetrics.of(client).bindTo(registry);
    new DecisionMetrics().bindTo(registry);
    String page = Files.readString(Path.of("../docs/metrics.md"));
    List<String> series = registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(page).contains("the number of series is fixed: " + series.size());
    Set<String> values =
        Pattern.compile("(?:state|reason|result)=\"(\\w+)\"")
            .matcher(String.join("\n", series))
            .results()
            .map(match -> "`" + firstGroup(match) + "`")
            .collect(Collectors.toCollection(TreeSet::new));
    String rows =
        page.lines().filter(line -> line.startsWith("| `billing_")).collect(Collectors.joining());
    Set<String> documented =
        Pattern.compile("`(?!billing_)[a-z_]{4,}`")
            .matcher(rows)
            .results()
            .map(MatchResult::group)
            .filter(word -> !Set.of("`state`", "`reason`", "`result`").contains(word))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(values);
  }

  private void report(int events) {
    for (int i = 0; i < events; i++) {
      var unused = client.report(UsageEvent.of("key", "llm", "small", 1));
    }
  }

  private static String firstGroup(MatchResult match) {
    return match.group(1);
  }
}
