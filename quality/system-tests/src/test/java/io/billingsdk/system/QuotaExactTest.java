package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand clients in four services use one key with a hard quota of its plan, while everything
 * is killed: at no moment is more stored than the quota allows, and in the end all of it was used.
 * Then the plan becomes one with overage, and everything is killed again.
 */
final class QuotaExactTest {
  private static final String PROOF = "quota-exact";
  private static final long SEED = Size.seed();
  private static final int SERVICES = 4;
  private static final int CALLERS = 250;
  private static final int KILLS = Integer.getInteger("quota.kills", 10);
  private static final int QUIET = 4_000;

  /** So much that it lasts as long as somebody kills. */
  private static final int LIMIT = QUIET + 1_000 * KILLS;

  /** How much more than the limit the last plan allows. */
  private static final int CAP = 1_000_000;

  /** Kills of each kind while there is overage. */
  private static final int OVERAGE_KILLS = Math.max(2, KILLS / 5);

  /** One plan after the other; no billing period of a year ends while the test runs. */
  private static final String PLANS =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
      plans:
      """
          + plan("quiet", QUIET, "mode: hard")
          + plan("raging", LIMIT, "mode: hard")
          + plan("over", LIMIT, "mode: overage, overageCap: " + CAP);

  private static String plan(String name, int limit, String mode) {
    return """
      - plan: %s
        name: A year
        currency: USD
        interval: year
        entitlements:
          models: all
          quotas: [{meter: calls, limit: %d, %s, period: billingPeriod}]
    """
        .formatted(name, limit, mode);
  }

  private static final int SLOW = 100;
  private static final int FAST = 1_000;

  private final List<Services> services = new ArrayList<>();
  @TempDir Path directory;
  private History history;
  private MosquittoTestBroker broker;
  private Postgres database;
  private Servers server;
  private PlanOperator plans;
  private String subscription;
  private final List<Long> killed = new ArrayList<>();

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @BeforeEach
  void start() throws Exception {
    history = History.in(directory.resolve("history"));
    broker = MosquittoTestBroker.in(directory.resolve("broker"));
    broker.start();
    database = Postgres.start();
    server = new Servers(directory.resolve("server"), broker, database, "quota-server");
    server.restart();
    server.awaitReady();
    plans = server.plans();
    plans.importPlans(PLANS);
    String anchor = LocalDate.now(ZoneOffset.UTC).minusDays(180).toString();
    subscription = plans.subscribe("acme", "app-1", "quiet", "--anchor", anchor);
    for (int i = 1; i <= SERVICES; i++) {
      services.add(
          new Services(
              directory.resolve("journal-" + i),
              broker,
              history,
              "quota-" + i,
              AdmittingChild.class,
              "key=" + server.key(),
              "callers=" + CALLERS,
              "rate=" + FAST));
    }
    services.forEach(Services::restart);
  }

  @AfterEach
  void stop() {
    services.forEach(Services::close);
    server.close();
    broker.close();
    database.close();
    history.close();
  }

  private void rate(int calls) {
    services.forEach(each -> each.tell("RATE " + calls));
  }

  /** The services take turns. */
  private Map<Victim.Kind, Victim> victims() {
    Map<Victim.Kind, Victim> victims = new EnumMap<>(Victim.Kind.class);
    victims.put(Victim.Kind.CLIENT, new Turns());
    victims.put(Victim.Kind.COLLECTOR, server);
    victims.put(Victim.Kind.BROKER, World.victim(broker));
    victims.put(Victim.Kind.POSTGRES, World.victim(database));
    return victims;
  }

  private final class Turns implements Victim {
    private int turn;

    @Override
    public void kill9() {
      Services next = services.get(turn % SERVICES);
      killed.add(next.life());
      next.kill9();
    }

    @Override
    public void restart() {
      Services next = services.get(turn++ % SERVICES);
      next.restart();
      next.tell("RATE " + SLOW);
    }
  }

  private void awaitStored(long events) throws SQLException {
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreException(SQLException.class)
        .until(
            () -> {
              server.recover();
              return number(QuotaWatcher.STORED) >= events;
            });
  }

  private long number(String query) throws SQLException {
    try (Connection connection = database.connect()) {
      return QuotaWatcher.number(connection, query);
    }
  }

  private Set<Long> stored() throws SQLException {
    Set<Long> ids = new HashSet<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT (metadata->>'id')::bigint FROM usage_event")) {
      while (rows.next()) {
        assertThat(ids.add(rows.getLong(1))).as("stored once").isTrue();
      }
    }
    return ids;
  }

  /** What was admitted and never came, by the life of the service that was killed. */
  private Map<Long, Long> losses(Set<Long> stored) {
    Map<Long, Long> losses = new TreeMap<>();
    for (Long each : history.attempted()) {
      if (!stored.contains(each)) {
        losses.merge(Services.lifeOf(each), 1L, Long::sum);
      }
    }
    return losses;
  }

  @Test
  void quota_ofAThousandClientsWhileAllIsKilled_isUsedUpAndNeverExceeded() throws Exception {
    long began = System.nanoTime();
    QuotaWatcher watcher = new QuotaWatcher(database::connect, QUIET);
    awaitStored(QUIET);
    long admittedQuietly = history.attemptedCount();
    watcher.raise(LIMIT);
    Nemesis nemesis = rage();
    watcher.close();
    Outcome hard = outcome();
    long stranded = number(QuotaWatcher.LEASED);
    Nemesis over = overage();
    Outcome all = outcome();
    printKills(all.losses());
    proof(nemesis)
        .with("limit", LIMIT)
        .with("without_kills_admitted", admittedQuietly)
        .with("admitted", hard.admitted())
        .with("stored", hard.stored())
        .with("lost", hard.lost())
        .with("losses_by_life", hard.losses().toString().replace(" ", ""))
        .with("stranded", stranded)
        .with("looks", watcher.looks())
        .with("violations", watcher.violations())
        .with("overage_admitted", all.admitted() - hard.admitted())
        .with("overage_stored", all.stored() - hard.stored())
        .with("overage_lost", all.lost() - hard.lost())
        .with("overage_kills_each", over.kills(Victim.Kind.POSTGRES))
        .with("unnamed", unnamed(all.losses()))
        .with("ms", (System.nanoTime() - began) / 1_000_000)
        .with("seed", SEED)
        .print();
    assertThat(admittedQuietly).as("without kills").isEqualTo(QUIET);
    assertThat(watcher.violations()).as("moments with too much").isZero();
    assertThat(watcher.looks()).isGreaterThan(10);
    assertThat(hard.stored()).isEqualTo(LIMIT);
    assertThat(hard.admitted() - hard.lost()).isEqualTo(LIMIT);
    assertThat(stranded).isZero();
    assertThat(unnamed(all.losses())).as("lost by a life that was not killed").isZero();
    assertThat(all.admitted() - all.lost()).isEqualTo(all.stored());
    assertThat(all.stored()).as("beyond the limit").isGreaterThan(LIMIT);
  }

  private long unnamed(Map<Long, Long> losses) {
    return losses.keySet().stream().filter(each -> !killed.contains(each)).count();
  }

  /** Kills everything while the clients go on, until the quota is used up. */
  private Nemesis rage() throws Exception {
    rate(SLOW);
    plans.switchNow(subscription, "raging");
    Nemesis nemesis = new Nemesis(victims(), SEED, history);
    nemesis.rage(KILLS);
    rate(FAST);
    awaitStored(LIMIT);
    Awaitility.await().atMost(Child.PATIENCE).until(() -> number(QuotaWatcher.LEASED) == 0);
    return nemesis;
  }

  /** The same quota admits more than its limit, and everything is killed meanwhile. */
  private Nemesis overage() throws Exception {
    plans.switchNow(subscription, "over");
    awaitStored(LIMIT + QUIET / 4);
    rate(SLOW);
    Nemesis nemesis = new Nemesis(victims(), SEED, history);
    nemesis.rage(OVERAGE_KILLS);
    rate(FAST);
    awaitStored(LIMIT + QUIET / 2);
    // All at once have what they admitted while servers were away. One that still reports would
    // take
    // the turns of those that wait.
    services.forEach(each -> each.tell("FINISH"));
    services.forEach(each -> each.awaitDrained(Child.PATIENCE.multipliedBy(2)));
    return nemesis;
  }

  /** Each kill of a service, with the calls of that life which were admitted and never came. */
  private void printKills(Map<Long, Long> losses) {
    Map<Long, Long> admitted = new TreeMap<>();
    history.attempted().forEach(each -> admitted.merge(Services.lifeOf(each), 1L, Long::sum));
    for (long life : killed) {
      long of = admitted.getOrDefault(life, 0L);
      long lost = losses.getOrDefault(life, 0L);
      Proof.of("quota-exact-kill")
          .with("life", life)
          .with("admitted", of)
          .with("stored", of - lost)
          .with("lost", lost)
          .print();
    }
  }

  /** How many calls were admitted and stored, and how many were lost, by life. */
  private record Outcome(long admitted, long stored, Map<Long, Long> losses) {
    long lost() {
      return losses.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private Outcome outcome() throws SQLException {
    Set<Long> stored = stored();
    Set<Long> owed = history.owed();
    owed.removeAll(stored);
    assertThat(owed).as("lost by a service that was not killed").isEmpty();
    return new Outcome(history.attemptedCount(), stored.size(), losses(stored));
  }

  private static Proof proof(Nemesis nemesis) {
    return Size.proof(PROOF)
        .with("clients", SERVICES * CALLERS)
        .with("processes", SERVICES)
        .with("kills_client", nemesis.kills(Victim.Kind.CLIENT))
        .with("kills_server", nemesis.kills(Victim.Kind.COLLECTOR))
        .with("kills_broker", nemesis.kills(Victim.Kind.BROKER))
        .with("kills_postgres", nemesis.kills(Victim.Kind.POSTGRES));
  }
}
