package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.catalog.QuotaTerms.Mode;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A threshold is noticed once for each quota and period. */
@Tag("postgres")
class QuotaNoticesTest {
  private static final String QUOTA = "key/k_1/calls";
  private static final String EVENTS =
      "SELECT count(*) FROM outbox_event WHERE kind = 'quota.threshold_reached'";

  private final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.HOURS));
  private final UUID stream = UUID.randomUUID();
  private World world;
  private Database database;
  private FixedQuotas source;
  private Quotas quotas;
  private AdmittedLane lane;
  private long seq;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    source =
        new FixedQuotas()
            .with("k_1", FixedQuotas.rule(QUOTA, "calls", "5000", Mode.HARD, FixedQuotas.MONTHS));
    quotas = new Quotas(database, source, QuotaMeters.BY_FIELD, clock);
    lane = new AdmittedLane(database, List.of(quotas.counters()), 0, clock);
  }

  @AfterEach
  void stop() {
    lane.close();
    database.close();
  }

  private void use(int events) throws Exception {
    List<Admitted> batch = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      batch.add(
          new Admitted(stream, "i-1", ++seq, "k_1", BigDecimal.ONE, clock.instant(), List.of()));
    }
    var unused = lane.store(batch);
  }

  @Test
  void threshold_reachedByOneOfAThousandEvents_isNoticedOnce_alsoAfterARestart() throws Exception {
    QuotaNotices notices = quotas.notices();
    use(3_999);
    notices.run();
    long below = world.count(EVENTS + " AND (payload->>'threshold')::int = 80");
    for (int i = 0; i < 10; i++) {
      use(100);
      notices.run();
    }
    // Two servers after a restart, which look at everything.
    quotas.notices().run();
    quotas.notices().run();
    long at80 = world.count(EVENTS + " AND (payload->>'threshold')::int = 80");
    long all = world.count(EVENTS);
    Proof.of("threshold-once")
        .with("events", 1_000)
        .with("before", below)
        .with("notices_at_80", at80)
        .with("notices", all)
        .print();

    assertThat(below).isZero();
    assertThat(at80).isOne();
    assertThat(all).as("at 50 and at 80 percent").isEqualTo(2);
  }

  /** The case alerts.recurring_only: a step of 10, seen at 35 and at 55 of 100. */
  @Test
  void recurringStep_withoutThresholds_isNoticedForEachStepOnce() throws Exception {
    QuotaRule rule = database.read(handle -> source.byId(handle, QUOTA)).orElseThrow();
    QuotaTerms terms =
        new QuotaTerms(
            "calls",
            BigDecimal.valueOf(100),
            Mode.NOTIFY,
            null,
            QuotaTerms.Period.CALENDAR_MONTH,
            QuotaTerms.Scope.KEY,
            List.of(),
            /* thresholdEvery= */ 10);
    source.with("k_1", new QuotaRule(QUOTA, terms, rule.calendar()));
    QuotaNotices notices = quotas.notices();
    use(35);
    notices.run();
    assertThat(noticed()).containsExactly(10L, 20L, 30L);
    use(20);
    notices.run();
    quotas.notices().run();

    assertThat(noticed()).containsExactly(10L, 20L, 30L, 40L, 50L);
  }

  private List<Long> noticed() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT (payload->>'threshold')::bigint FROM outbox_event"
                        + " WHERE kind = 'quota.threshold_reached' ORDER BY 1")
                .mapTo(Long.class)
                .list());
  }

  @Test
  void threshold_ofTheNextPeriod_isNoticedAgain() throws Exception {
    use(4_200);
    quotas.notices().run();
    clock.advance(Duration.ofDays(31));
    use(4_200);
    quotas.notices().run();

    assertThat(world.count(EVENTS)).isEqualTo(4);
    assertThat(world.count("SELECT count(DISTINCT payload->>'resetsAt') FROM outbox_event"))
        .isEqualTo(2);
  }

  @Test
  void quota_usedUp_blocksItsKeysInTheFeedOfV1_untilItBeginsAgain() throws Exception {
    KeyAdmin keys = new KeyAdmin(database, null);
    use(5_000);
    quotas.notices().run();

    assertThat(keys.one("k_1").orElseThrow().causes()).containsExactly(BlockCause.QUOTA);
    assertThat(keys.one("k_1").orElseThrow().status()).isEqualTo(KeyStatus.OK);
    long version = keys.one("k_1").orElseThrow().version();
    quotas.notices().run();
    assertThat(keys.one("k_1").orElseThrow().version()).as("blocked once").isEqualTo(version);
    clock.advance(Duration.ofDays(31));
    quotas.notices().run();
    assertThat(keys.one("k_1").orElseThrow().causes()).isEmpty();
  }

  @Test
  void counters_ofConcurrentLanes_areTheSumOfTheLedger() throws Exception {
    List<AdmittedLane> lanes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      lanes.add(new AdmittedLane(database, List.of(quotas.counters()), i, clock));
    }
    List<Thread> threads = new ArrayList<>();
    for (AdmittedLane each : lanes) {
      UUID own = UUID.randomUUID();
      Thread thread =
          new Thread(() -> LongStream.rangeClosed(1, 20).forEach(batch -> store(each, own, batch)));
      threads.add(thread);
      thread.start();
    }
    for (Thread each : threads) {
      each.join();
    }

    assertThat(world.count("SELECT sum(settled)::bigint FROM quota_counter_shard"))
        .isEqualTo(world.count("SELECT count(*) FROM usage_event"))
        .isEqualTo(4 * 20 * 5);
  }

  private void store(AdmittedLane lane, UUID own, long batch) {
    List<Admitted> events =
        LongStream.rangeClosed(5 * batch - 4, 5 * batch)
            .mapToObj(
                seq ->
                    new Admitted(
                        own, "i-" + own, seq, "k_1", BigDecimal.ONE, clock.instant(), List.of()))
            .toList();
    try {
      var unused = lane.store(events);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void faultAtOneQuota_stopsThatOneAlone_untilItIsOver() throws Exception {
    use(5000);
    new KeyAdmin(database, null)
        .importKey("k_2", "sk-2", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    QuotaNotices notices = quotas.notices();
    QuotaRule good =
        FixedQuotas.rule("key/k_2/usage", "usage", "5000", Mode.HARD, FixedQuotas.MONTHS);
    source.with("k_2", good);
    world.execute(
        "INSERT INTO quota_counter_shard (quota_id, period_start, shard, settled, beyond)"
            + " SELECT 'key/k_2/usage', period_start, 0, 5000, 0 FROM quota_counter_shard");
    source.with("k_1", broken(QUOTA));
    notices.run();
    assertThat(world.count(EVENTS)).as("of the other quota").isEqualTo(3);
    assertThat(notices.failing()).isOne();
    source.with("k_1", FixedQuotas.rule(QUOTA, "calls", "5000", Mode.HARD, FixedQuotas.MONTHS));
    notices.run();

    assertThat(world.count(EVENTS)).isEqualTo(6);
    assertThat(notices.failing()).isZero();
  }

  private static QuotaRule broken(String id) {
    return FixedQuotas.rule(
        id,
        "calls",
        "5000",
        Mode.HARD,
        moment -> {
          throw new IllegalStateException("planted");
        });
  }
}
