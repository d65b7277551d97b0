package io.billingsdk.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Servers that share a database, with the scheduler's real table. */
@Tag("postgres")
class JobsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final JobTiming QUICK =
      new JobTiming(
          Duration.ofMillis(20),
          Duration.ofMillis(750),
          Duration.ofSeconds(1),
          Duration.ofMillis(20),
          Duration.ofMillis(80));

  private final List<AutoCloseable> open = new ArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Jobs.class);
  private World world;

  private interface JobWork {
    void run() throws Exception;
  }

  private record TestJob(String name, Duration every, JobWork work) implements Job {
    @Override
    public void run() throws Exception {
      work.run();
    }
  }

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    log.setLevel(Level.INFO);
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    log.detachAppender(logged);
    log.setLevel(null);
  }

  private static TestJob job(String name, JobWork work) {
    return new TestJob(name, Duration.ofMillis(5), work);
  }

  private Jobs server(Job... jobs) {
    Database database = world.database();
    open.add(database);
    Jobs made = new Jobs(database, List.of(jobs), QUICK);
    open.add(made);
    made.start();
    return made;
  }

  private List<String> lines() {
    return List.copyOf(logged.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static double figure(Jobs jobs, String metric, String job) {
    return jobs.figures().stream()
        .filter(each -> each.metric().equals(metric) && each.labels().containsValue(job))
        .map(Figure::value)
        .findFirst()
        .orElseThrow()
        .getAsDouble();
  }

  @Test
  void run_threeServers_eachDueRunHappensOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    Job once =
        job(
            "once",
            () -> {
              if (running.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
              }
              runs.incrementAndGet();
              running.decrementAndGet();
            });
    List<Jobs> servers = List.of(server(once), server(once), server(once));

    await().atMost(PATIENCE).until(() -> runs.get() >= 40);
    for (Jobs each : servers) {
      each.close();
    }

    assertThat(overlaps).hasValue(0);
    // The row's version rises when a run is picked and when it is noted: no run goes unnoted.
    long versions = world.count("SELECT version FROM scheduled_tasks WHERE task_name = 'once'");
    assertThat(versions).isEqualTo(1 + 2L * runs.get());
    Proof.of("jobs-once").with("servers", 3).with("runs", runs).with("twice", overlaps).print();
  }

  @Test
  void run_thatFails_isTriedAgain_countedEachTime_andLoggedOnceForEachKind() {
    AtomicInteger runs = new AtomicInteger();
    AtomicBoolean heals = new AtomicBoolean();
    Jobs server =
        server(
            job(
                "weak",
                () -> {
                  if (!heals.get()) {
                    if (runs.incrementAndGet() % 2 == 0) {
                      throw new IOException("planted " + runs);
                    }
                    throw new IllegalStateException("planted " + runs);
                  }
                }));
    await().atMost(PATIENCE).until(() -> figure(server, "billing.jobs.failures", "weak") >= 6);
    // On a busy machine the first samples may not be there in time.
    await()
        .atMost(PATIENCE)
        .until(() -> figure(server, "billing.jobs.last.success.seconds", "weak") == 0);
    heals.set(true);
    await().atMost(PATIENCE).until(() -> lines().contains("the job weak works again"));

    assertThat(lines().stream().filter(line -> line.contains("weak failed")))
        .hasSize(2)
        .allMatch(line -> line.startsWith("the job weak failed and will run again: "));
  }

  @Test
  void run_ofOneThatHangs_stopsNoOther_andTheServerStopsAllTheSame() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger others = new AtomicInteger();
    Jobs server =
        server(
            job(
                "hangs",
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException stopping) {
                    interrupted.countDown();
                    throw stopping;
                  }
                }),
            job("works", others::incrementAndGet));

    await().atMost(PATIENCE).until(() -> others.get() >= 10);
    server.close();

    assertThat(interrupted.getCount()).isZero();
    // A stop is no failure.
    assertThat(figure(server, "billing.jobs.failures", "hangs")).isZero();
    assertThat(world.count("SELECT count(*) FROM scheduled_tasks WHERE picked")).isZero();
  }

  /** As a kill -9 leaves the table, at a server whose last sign is as old as it says. */
  @Test
  void run_ofAServerThatIsGone_isDoneAgain() throws Exception {
    world.execute(
        """
        INSERT INTO scheduled_tasks
          (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)
        VALUES ('orphan', 'recurring', now() - interval '1 minute', true, 'billing-gone',
          now() - interval '1 minute', 7)
        """);
    AtomicInteger runs = new AtomicInteger();

    server(job("orphan", runs::incrementAndGet));

    await().atMost(PATIENCE).until(() -> runs.get() >= 2);
    assertThat(lines())
        .contains("the job orphan was cut off at the server billing-gone: it runs again");
  }

  /** One that runs at a server that lives is not taken over, however long it takes. */
  @Test
  void run_thatTakesLong_isNotTakenOver() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Job longOne =
        job(
            "long",
            () -> {
              begun.incrementAndGet();
              go.await();
            });
    AtomicInteger ticks = new AtomicInteger();
    server(longOne);
    server(longOne);
    await().atMost(PATIENCE).until(() -> begun.get() == 1);
    // Twice as long as a server without a sign of life counts as one that lives.
    server(new TestJob("tick", Duration.ofMillis(500), ticks::incrementAndGet));
    await().atMost(PATIENCE).until(() -> ticks.get() >= 10);

    assertThat(begun).hasValue(1);
    go.countDown();
  }

  @Test
  void jobs_databaseConnectionsKilled_goOn() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Jobs server = server(job("steady", runs::incrementAndGet));
    await().atMost(PATIENCE).until(() -> runs.get() >= 3);

    world.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    int before = runs.get();

    // The scheduler's threads may end by what was killed under them.
    await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> runs.get() >= before + 3);
    await()
        .dontCatchUncaughtExceptions()
        .atMost(PATIENCE)
        .until(() -> figure(server, "billing.jobs.last.success.seconds", "steady") > 1e9);
  }

  /** Without this, a person who may write the table could have Java objects made. */
  @Test
  void taskData_thatSomebodyWrote_isNotRead() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    server(job("plain", runs::incrementAndGet));
    await().atMost(PATIENCE).until(() -> runs.get() >= 1);

    world.execute("UPDATE scheduled_tasks SET task_data = '\\xaced0005'");

    int before = runs.get();
    await().atMost(PATIENCE).until(() -> runs.get() >= before + 2);
    assertThat(new NoData().<String>deserialize(String.class, new byte[] {1})).isNull();
  }

  @Test
  void new_twoOfOneName_isRefused() {
    Database database = world.database();
    open.add(database);
    assertThatThrownBy(
            () -> new Jobs(database, List.of(job("same", () -> {}), job("same", () -> {}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same");
  }
}
