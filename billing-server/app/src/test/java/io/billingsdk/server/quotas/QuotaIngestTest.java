package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What counters and leases cost the intake: one lane with them and one without take turns, so that
 * both have the same load of the machine.
 */
@Tag("postgres")
class QuotaIngestTest extends PlanQuotaFixture {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_TURNS = 200;
  private static final int TURNS = RELEASE ? RELEASE_TURNS : 30;

  /** A server is warm: in the first turns the time is the compiler's. */
  private static final int WARM_UP = 30;

  private static final int BATCH = 2_000;
  private static final int KEYS = 20;
  private static final String SHARED = "customer/acme/calls";

  private static final String PLAN =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
      plans:
        - plan: shared
          name: Shared
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: 100000000, mode: hard, scope: customer}]
      """;

  private final List<LeaseTerms> leases = new ArrayList<>();
  private long hookNanos;
  private boolean isCounted;

  /** Each event counts to a quota that all keys share, and to one of its key. */
  private void limit() {
    for (int i = 0; i < KEYS; i++) {
      String key = "k_" + i;
      if (!key.equals(KEY)) {
        keys.importKey(key, "sk-" + i, "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      }
      BigDecimal most = new BigDecimal("100000000");
      keys.change(
          key,
          terms ->
              terms.withQuotas(List.of(Quota.unused("usage", most, null, /* overage= */ false))));
    }
    subscribe(PLAN, "shared");
  }

  private void lease(UUID stream) {
    List<QuotaAsk> asks = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      asks.add(ask("key/k_" + i + "/usage"));
    }
    asks.add(ask(SHARED));
    leases.addAll(
        quotas
            .instances()
            .ask("i-1", new LeaseQuestion(1, stream, asks, List.of(), List.of()))
            .get(0)
            .leases());
  }

  private static QuotaAsk ask(String quota) {
    return new QuotaAsk(
        quota, null, BigDecimal.ZERO, new BigDecimal("1000000"), Holding.OPEN, null);
  }

  private final class Lane {
    private final UUID stream = UUID.randomUUID();
    private final String instance;
    private final AdmittedLane lane;
    private final boolean admitted;
    private final List<Long> nanos = new ArrayList<>();
    private long seq;

    Lane(String instance, List<AppendHook> hooks, int shard) {
      this.instance = instance;
      this.lane = new AdmittedLane(database, hooks, shard, clock);
      this.admitted = !hooks.isEmpty();
    }

    void turn(boolean counted) throws Exception {
      isCounted = counted;
      List<Admitted> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        int key = i % KEYS;
        batch.add(
            new Admitted(
                stream,
                instance,
                ++seq,
                "k_" + key,
                BigDecimal.ONE,
                clock.instant(),
                admitted ? List.of(epoch(leases.get(key)), epoch(leases.get(KEYS))) : List.of()));
      }
      long began = System.nanoTime();
      assertThat(lane.store(batch)).isEqualTo(BATCH);
      if (counted) {
        nanos.add(System.nanoTime() - began);
      }
    }
  }

  private static String epoch(LeaseTerms terms) {
    String epoch = terms.epoch();
    assertThat(epoch).isNotNull();
    return String.valueOf(epoch);
  }

  @Test
  void intake_withCountersAndLeases_countsEachEvent_atTheCostThatTheLineShows() throws Exception {
    limit();
    Lane plain = new Lane("i-0", List.of(), 0);
    Lane counting = new Lane("i-1", List.of(new TimedHook(quotas.counters())), 1);
    lease(counting.stream);
    for (int turn = -WARM_UP; turn < TURNS; turn++) {
      // Each of them is the first one as often as the other.
      (turn % 2 == 0 ? plain : counting).turn(turn >= 0);
      (turn % 2 == 0 ? counting : plain).turn(turn >= 0);
    }
    double share = 100.0 * (1 - median(ratios(plain.nanos, counting.nanos)));
    double inHook = 100.0 * hookNanos / counting.nanos.stream().mapToLong(each -> each).sum();
    Proof.sized("quota-speed", TURNS, RELEASE_TURNS)
        .with("events_each", (long) TURNS * BATCH)
        .with("batch", BATCH)
        .with("quotas_of_an_event", 2)
        .with("plain_events_per_s", perSecond(plain.nanos))
        .with("counted_events_per_s", perSecond(counting.nanos))
        .with("ingest_share", percent(share))
        .with("within_hook", percent(inHook))
        .with("target", "ingest_share<=10%")
        .print();

    assertThat(world.count("SELECT sum(settled)::bigint FROM quota_counter_shard"))
        .isEqualTo(2L * BATCH * (TURNS + WARM_UP));
    assertThat(world.count("SELECT sum(beyond)::bigint FROM quota_counter_shard")).isZero();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share);
  }

  private static long perSecond(List<Long> nanos) {
    return Math.round(1e9 * BATCH / median(nanos));
  }

  /** Of the turns of a pair, between which other work of the machine changes least. */
  private static List<Double> ratios(List<Long> plain, List<Long> counted) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      ratios.add((double) plain.get(i) / counted.get(i));
    }
    return ratios;
  }

  /** Of turns that alternate: other work of the machine hits both kinds alike. */
  private static double median(List<? extends Number> values) {
    List<Double> sorted = values.stream().map(Number::doubleValue).sorted().toList();
    int middle = sorted.size() / 2;
    return (sorted.get(middle) + sorted.get((sorted.size() - 1) / 2)) / 2.0;
  }

  /** The time that the hook takes of the counted turns. */
  private final class TimedHook implements AppendHook {
    private final AppendHook hook;

    TimedHook(AppendHook hook) {
      this.hook = hook;
    }

    @Override
    public String name() {
      return hook.name();
    }

    @Override
    public void appended(Connection transaction, List<AppendedEvent> rows) throws SQLException {
      long began = System.nanoTime();
      hook.appended(transaction, rows);
      hookNanos += isCounted ? System.nanoTime() - began : 0;
    }
  }
}
