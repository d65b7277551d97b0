package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** One key with quotas of its own, as keys have them, over a real PostgreSQL. */
@Tag("postgres")
abstract class KeyQuotaFixture {
  static final String KEY = "k_1";
  static final String CALLS = "key/k_1/calls";

  final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  final UUID stream = UUID.randomUUID();
  World world;
  Database database;
  KeyAdmin keys;
  Quotas quotas;
  AdmittedLane lane;
  private long seq;
  private long request;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey(KEY, "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    quotas = new Quotas(database, new KeyQuotaSource(database), QuotaMeters.BY_FIELD, clock);
    lane = new AdmittedLane(database, List.of(quotas.counters()), 0, clock);
  }

  @AfterEach
  void stop() {
    lane.close();
    database.close();
  }

  /** The key has this quota alone. */
  void limit(String meter, long limit, @Nullable Instant resets, boolean overage) {
    Quota quota =
        Quota.unused(
            meter,
            BigDecimal.valueOf(limit),
            resets == null ? null : resets.toEpochMilli(),
            overage);
    keys.change(KEY, terms -> terms.withQuotas(List.of(quota)));
  }

  /** Events of one call each, of the present. */
  void use(int events, String... admission) throws Exception {
    for (int i = 0; i < events; i++) {
      useAt(clock.instant(), BigDecimal.ONE, admission);
    }
  }

  void useAt(Instant at, BigDecimal usage, String... admission) throws Exception {
    var unused =
        lane.store(List.of(new Admitted(stream, "i-1", ++seq, KEY, usage, at, List.of(admission))));
  }

  LeaseTerms lease(String quota, long want, @Nullable String epoch, long spent, Holding holding) {
    QuotaAsk ask =
        new QuotaAsk(
            quota, epoch, BigDecimal.valueOf(spent), BigDecimal.valueOf(want), holding, null);
    return quotas
        .instances()
        .ask("i-1", new LeaseQuestion(++request, stream, List.of(ask), List.of(), List.of()))
        .get(0)
        .leases()
        .get(0);
  }

  QuotaState state() {
    return new QuotaAdmin(
            database, quotas.source(), clock, new io.billingsdk.server.access.Actor("ann"))
        .ofKey(KEY)
        .get(0);
  }

  long number(String sql) throws Exception {
    return world.count(sql);
  }
}
