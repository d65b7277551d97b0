package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Many holders of one quota at once, with lost answers, repeated events and kills, against a real
 * PostgreSQL: at no moment is more stored than the quota allows, and nothing of it is stranded.
 */
@Tag("postgres")
@Tag("simulation")
final class LeaseExactnessTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_STEPS = 4_000;
  private static final int STEPS = Integer.getInteger("quota.steps", RELEASE ? RELEASE_STEPS : 120);
  private static final int HOLDERS = 8;

  /** A run with a planted bug ends when the bug is found, at the latest after these steps. */
  private static final int PLANTED_STEPS = 2_000;

  private static final int PLANTED_LIMIT = 360;
  private static final long SEED = Long.getLong("quota.seed", System.nanoTime());

  /** So few that they come to the end of it. */
  private static final int LIMIT = 3 * STEPS;

  private static final String CALLS = "customer/acme/tokens";
  private static final String OF_KEY = "plan/k_%d/tokens";

  private static final String PLANS =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: limited
          name: Limited
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas:
              - {meter: tokens, limit: %d, mode: hard, scope: customer}
              - {meter: tokens, limit: %d, mode: hard, scope: key, period: billingPeriod}
      """;

  /** Of one snapshot: what is settled, leased and stored. */
  private static final String OVER =
      """
      SELECT count(*) FROM (
        SELECT quota_id, sum(amount) AS amount FROM (
          SELECT quota_id, sum(settled) AS amount FROM quota_counter_shard GROUP BY 1
          UNION ALL
          SELECT quota_id, sum(granted - settled - returned) FROM quota_lease
          WHERE holding <> 'done' GROUP BY 1) parts
        WHERE quota_id = '%s' GROUP BY 1) sums
      WHERE amount > :limit
      """
          .formatted(CALLS);

  private static final String STORED_OVER =
      "SELECT count(*) FROM (SELECT sum(usage) AS stored FROM usage_event) s WHERE stored > :limit";

  private static final String UNEQUAL =
      """
      SELECT count(*) FROM (SELECT coalesce(sum(usage), 0) AS stored FROM usage_event) s,
        (SELECT coalesce(sum(settled), 0) AS settled FROM quota_counter_shard
          WHERE quota_id = '%s') c
      WHERE stored <> settled
      """
          .formatted(CALLS);

  private static final String LEASED =
      "SELECT coalesce(sum(granted - settled - returned), 0)::bigint FROM quota_lease WHERE"
          + " holding <> 'done'";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ManualClock clock = new ManualClock(PlanCustomers.BEGIN);
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong violations = new AtomicLong();
  private World world;
  private Database database;
  private Quotas quotas;
  private int limit;
  private boolean isPlanted;

  /** With a bug, the end of the quota comes soon, whatever the size of the run. */
  @BeforeEach
  void start(TestInfo test) throws Exception {
    isPlanted = test.getTestMethod().orElseThrow().getName().startsWith("planted");
    limit = isPlanted ? PLANTED_LIMIT : LIMIT;
    world = Testbed.get().world();
    database = world.database();
    PlanCustomers customers = new PlanCustomers(database, PLANS.formatted(limit, limit / 3));
    customers.create("acme", "Europe/Berlin", PlanCustomers.BEGIN);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < HOLDERS; i++) {
      customers.key("acme", "acme", "k_" + i, "sk-" + i);
      keys.add("k_" + i);
    }
    var unused = customers.subscribe("acme", "limited", LocalDate.of(2098, 1, 10));
    FixedQuotas source = FixedQuotas.as(database, customers.source(), keys);
    quotas = new Quotas(database, source, QuotaMeters.BY_RULE, clock);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    database.close();
  }

  private InstanceQuotas server() {
    return (InstanceQuotas) quotas.instances();
  }

  private SimulatedHolder holder(int i, AdmittedLane lane) {
    return new SimulatedHolder(
        "i-" + i, "k_" + i, List.of(CALLS, OF_KEY.formatted(i)), server(), lane, clock, SEED + i);
  }

  /** All holders at once, while somebody looks; gives them when they have stopped. */
  private List<SimulatedHolder> run(int steps) throws Exception {
    List<SimulatedHolder> holders = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> looking = threads.submit((Callable<Boolean>) () -> look(ended));
    for (int i = 0; i < HOLDERS; i++) {
      AdmittedLane lane = new AdmittedLane(database, List.of(quotas.counters()), i, clock);
      SimulatedHolder holder = holder(i, lane);
      holders.add(holder);
      running.add(
          threads.submit(
              (Callable<Boolean>)
                  () -> {
                    for (int step = 0; step < steps && !isFound(); step++) {
                      holder.step();
                    }
                    return true;
                  }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    ended.set(true);
    looking.get();
    return holders;
  }

  private boolean isFound() {
    return isPlanted && violations.get() > 0;
  }

  private boolean look(AtomicBoolean ended) throws Exception {
    do {
      violations.addAndGet(database.read(handle -> wrong(handle)));
      looks.incrementAndGet();
    } while (!ended.get());
    return true;
  }

  private long wrong(Handle handle) {
    return Stream.of(OVER, STORED_OVER, UNEQUAL).mapToLong(sql -> count(handle, sql)).sum();
  }

  private long count(Handle handle, String sql) {
    Query query = handle.createQuery(sql);
    if (sql.contains(":limit")) {
      query.bind("limit", limit);
    }
    return query.mapTo(Long.class).one();
  }

  /** Everybody delivers what is left, says so, and ends its leases. */
  private void settle(List<SimulatedHolder> holders) throws Exception {
    for (SimulatedHolder each : holders) {
      each.deliverAll();
      each.askUntilAnswered();
      each.done();
      each.hello();
    }
    clock.advance(Releases.SETTLED.plusSeconds(1));
    holders.forEach(SimulatedHolder::hello);
  }

  @Test
  void quota_ofManyHoldersThatAreKilled_isNeverExceeded_andNothingIsStranded() throws Exception {
    List<SimulatedHolder> holders = run(STEPS);
    settle(holders);
    BigDecimal admitted = sum(holders.stream().map(SimulatedHolder::admitted).toList());
    BigDecimal lost = sum(holders.stream().map(SimulatedHolder::lost).toList());
    long stranded = world.count(LEASED);
    long stored = world.count("SELECT sum(usage)::bigint FROM usage_event");
    long beyond = world.count("SELECT sum(beyond)::bigint FROM quota_counter_shard");
    violations.addAndGet(database.read(handle -> wrong(handle)));
    Proof.sized("quota-leases", STEPS, RELEASE_STEPS)
        .with("seed", SEED)
        .with("holders", HOLDERS)
        .with("steps", (long) HOLDERS * STEPS)
        .with("kills", holders.stream().mapToLong(SimulatedHolder::kills).sum())
        .with("limit", limit)
        .with("admitted", admitted)
        .with("lost", lost)
        .with("stored", stored)
        .with("beyond", beyond)
        .with("looks", looks)
        .with("violations", violations)
        .with("stranded", stranded)
        .print();

    assertThat(violations).hasValue(0);
    assertThat(stranded).isZero();
    assertThat(BigDecimal.valueOf(stored)).isEqualByComparingTo(admitted.subtract(lost));
    assertThat(beyond).isZero();
    assertThat(looks.get()).isGreaterThan(5);
    assertThat(admitted).isGreaterThan(lost);
  }

  @Test
  void quota_whenAllIsReturned_isUsedUpToItsLastUnit() throws Exception {
    List<SimulatedHolder> holders = run(STEPS / 5);
    settle(holders);
    // An answer may be lost in each of them.
    for (int idle = 0; idle < 10; idle++) {
      for (SimulatedHolder each : holders) {
        each.ask(BigDecimal.ONE, Holding.OPEN);
        while (each.admit(BigDecimal.ONE)) {
          idle = 0;
        }
        // One whose key is used up must not hold what another one may use.
        each.deliverAll();
        each.done();
      }
      settle(holders);
    }

    List<String> left =
        holders.stream().map(each -> each.admitted() + " lost " + each.lost()).toList();
    assertThat(world.count("SELECT sum(usage)::bigint FROM usage_event"))
        .as("seed %d, admitted %s, leased %d", SEED, left, world.count(LEASED))
        .isEqualTo(limit);
    assertThat(violations).hasValue(0);
    assertThat(world.count(LEASED)).isZero();
  }

  /** Planted: no row of a quota is there to be locked, so that two grant at once. */
  @Test
  void planted_grantsThatDoNotLock_areFound() throws Exception {
    plant(
        """
        CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER planted BEFORE INSERT ON quota FOR EACH ROW EXECUTE FUNCTION planted();
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS '
        BEGIN
          PERFORM pg_sleep(0.1);
          RETURN NEW;
        END';
        CREATE TRIGGER slow BEFORE INSERT OR UPDATE OF granted ON quota_lease
          FOR EACH ROW EXECUTE FUNCTION slow();
        """);
    var unused = run(PLANTED_STEPS);
    assertThat(violations.get()).as("seed %d", SEED).isPositive();
  }

  /** Planted: an event takes twice as much from its lease as it counts. */
  @Test
  void planted_leasesThatShrinkTwice_areFound() throws Exception {
    plant(
        """
        CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS '
        BEGIN
          NEW.settled := least(NEW.granted - NEW.returned, 2 * NEW.settled - OLD.settled);
          RETURN NEW;
        END';
        CREATE TRIGGER planted BEFORE UPDATE OF settled ON quota_lease
          FOR EACH ROW EXECUTE FUNCTION planted();
        """);
    var unused = run(PLANTED_STEPS);
    assertThat(violations.get()).as("seed %d", SEED).isPositive();
  }

  /** Planted: what was settled stays leased. */
  @Test
  void planted_leasesThatDoNotShrink_areFound() throws Exception {
    plant(
        """
        CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS '
        BEGIN
          NEW.settled := OLD.settled;
          RETURN NEW;
        END';
        CREATE TRIGGER planted BEFORE UPDATE OF settled ON quota_lease
          FOR EACH ROW EXECUTE FUNCTION planted();
        """);
    var unused = run(PLANTED_STEPS);
    assertThat(violations.get()).as("seed %d", SEED).isPositive();
  }

  private void plant(String sql) throws Exception {
    world.execute(sql);
  }

  private static BigDecimal sum(List<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
