package io.billingsdk.server.quotas;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.server.control.LeaseBridge;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A customer switches between plans of a month and of a year, with a quota for each billing period,
 * while a service with the SDK's code holds a lease: the counter stays, and no period has two
 * quotas or none.
 */
@Tag("postgres")
final class PlanSwitchTest {
  private static final String QUOTA = "customer/acme/tokens";
  private static final String KEY = "sk-1";
  private static final long LIMIT = 20;
  private static final LocalDate ANCHOR = LocalDate.of(2098, 1, 20);

  /** The price per day is the same, so each change counts as an upgrade. */
  private static final String PLANS =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: monthly
          name: Monthly
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: tokens, limit: %1$d, mode: hard, period: billingPeriod}]
        - plan: yearly
          name: Yearly
          currency: USD
          interval: year
          entitlements:
            models: all
            quotas: [{meter: tokens, limit: %1$d, mode: hard, period: billingPeriod}]
      """
          .formatted(LIMIT);

  private final SimulatedTime time = new SimulatedTime();
  private World world;
  private Database database;
  private PlanCustomers customers;
  private AdmittedLane lane;
  private SdkInstance service;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    customers = new PlanCustomers(database, PLANS);
    customers.create("acme", "UTC", time.server().instant());
    customers.key("acme", "acme", "k_1", KEY);
    Quotas quotas = new Quotas(database, customers.source(), QuotaMeters.BY_RULE, time.server());
    LeaseBridge server =
        new LeaseBridge(quotas.instances(), LedgerFeature.id(database), answer -> answer);
    lane = new AdmittedLane(database, List.of(quotas.counters()), 0, time.server());
    KeyRecord.Quota shared =
        new KeyRecord.Quota(
            "usage", BigDecimal.valueOf(LIMIT), BigDecimal.ZERO, null, /* overage= */ false, QUOTA);
    service =
        new SdkInstance(
            "a",
            time,
            server,
            new LinkedHashMap<>(),
            () -> 5,
            List.of(SdkInstance.key("k_1", KEY, "acme", null, List.of(shared))),
            Map.of(KEY, "k_1"));
  }

  @AfterEach
  void stop() {
    lane.close();
    database.close();
  }

  /** A service whose events are delivered rests after ten minutes: months pass at once. */
  private void moveTo(String moment) throws Exception {
    service.deliver(lane);
    time.advance(Duration.between(time.server().instant(), Instant.parse(moment)));
    customers.moveTo("acme", time.server().instant());
  }

  private void use(int calls) {
    for (int i = 0; i < calls; i++) {
      Admitted call = requireNonNull(service.admitted(KEY, 1));
      assertThat(call.settle(BigDecimal.ONE).accepted()).isTrue();
    }
  }

  /** What each period has, by its beginning; all of it under leases. */
  private Map<String, Long> counted() throws Exception {
    service.deliver(lane);
    assertThat(world.count("SELECT coalesce(sum(beyond), 0)::bigint FROM quota_counter_shard"))
        .as("beyond")
        .isZero();
    Map<String, Long> counted = new LinkedHashMap<>();
    database.useTransaction(
        handle ->
            handle
                .createQuery(
                    "SELECT period_start, sum(settled)::bigint AS settled FROM quota_counter_shard"
                        + " WHERE quota_id = :quota GROUP BY 1 ORDER BY 1")
                .bind("quota", QUOTA)
                .map(
                    (row, context) ->
                        counted.put(
                            row.getTimestamp("period_start").toInstant().toString(),
                            row.getLong("settled")))
                .list());
    return counted;
  }

  @Test
  void monthToYear_inTheMiddleOfAMonth_leavesTheCounter_untilTheYearIsOver() throws Exception {
    UUID subscription = customers.subscribe("acme", "monthly", ANCHOR);
    use(8);
    moveTo("2098-03-16T00:00:00Z");
    customers.switchNow(subscription, "yearly");
    assertThat(service.useAll(KEY)).as("the rest").isEqualTo(LIMIT - 8);
    for (String moment : List.of("2098-03-19T23:59:59.500Z", "2098-03-20T00:01:00Z")) {
      moveTo(moment);
      assertThat(service.useAll(KEY)).as(moment).isZero();
    }
    moveTo("2099-01-20T00:00:01Z");
    assertThat(service.useAll(KEY)).isEqualTo(LIMIT);

    proof("month-to-year", Map.of("2098-02-20T00:00:00Z", LIMIT, "2099-01-20T00:00:00Z", LIMIT));
  }

  @Test
  void yearToMonth_inTheMiddleOfAMonth_leavesTheCounter_untilTheMonthIsOver() throws Exception {
    UUID subscription = customers.subscribe("acme", "yearly", ANCHOR);
    use(8);
    moveTo("2098-03-16T00:00:00Z");
    customers.switchNow(subscription, "monthly");
    assertThat(service.useAll(KEY)).as("the rest").isEqualTo(LIMIT - 8);
    moveTo("2098-03-20T00:00:01Z");
    assertThat(service.useAll(KEY)).isEqualTo(LIMIT);

    proof("year-to-month", Map.of("2098-01-20T00:00:00Z", LIMIT, "2098-03-20T00:00:00Z", LIMIT));
  }

  /** The service has a lease of the next month already: that month must begin. */
  @Test
  void monthToYear_secondsBeforeTheEndOfAMonth_leavesThatEnd() throws Exception {
    UUID subscription = customers.subscribe("acme", "monthly", ANCHOR);
    moveTo("2098-03-19T23:59:10Z");
    use(8);
    moveTo("2098-03-19T23:59:50Z");
    use(2);
    customers.switchNow(subscription, "yearly");
    moveTo("2098-03-20T00:00:01Z");
    assertThat(service.useAll(KEY)).isEqualTo(LIMIT);
    moveTo("2098-04-20T00:00:01Z");
    assertThat(service.useAll(KEY)).as("the year").isZero();

    proof("last-seconds", Map.of("2098-02-20T00:00:00Z", 10L, "2098-03-20T00:00:00Z", LIMIT));
  }

  private void proof(String change, Map<String, Long> expected) throws Exception {
    Map<String, Long> counted = counted();
    Proof.of("quota-plan-switch")
        .with("change", change)
        .with("limit", LIMIT)
        .with("counted", counted.toString().replace(" ", ""))
        .with("double", counted.values().stream().filter(each -> each > LIMIT).count())
        .print();
    assertThat(counted).containsExactlyInAnyOrderEntriesOf(expected);
  }
}
