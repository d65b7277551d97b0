package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the PostgreSQL that a server has started, as the kernel does when memory is short, and
 * of single sessions of it, under load: the server goes on by itself, and nothing is lost.
 */
@Timeout(1_800)
class PostgresKilledTest {
  private static final int KILLS = Integer.getInteger("postgres.kills", 1);
  private static final int RELEASE_KILLS = 20;
  private static final boolean RELEASE =
      System.getProperty("system.size", "commit").equals("release");
  private static final long SEED = Size.seed();
  private static final long ROOM = 1L << 30;
  private static final String EVENTS = "SELECT count(*) FROM usage_event";

  @TempDir Path directory = Path.of("");

  @Test
  void ownPostgres_killedUnderLoad_comesBack_andNothingIsLost() throws Exception {
    Path data = directory.resolve("data");
    List<Long> recovered = new ArrayList<>();
    try (History history = History.in(directory.resolve("history"));
        WholeServer server = WholeServer.start(data);
        Child service = service(server, history)) {
      Random random = new Random(SEED);
      for (boolean postmaster : plan(random)) {
        // Else a kill would hit nothing that is under way.
        awaitStored(server, server.count(EVENTS) + 100);
        Pace.pause(Duration.ofMillis(random.nextInt(300)));
        long before = server.count(EVENTS);
        kill(postmaster ? postmaster(data) : session(server));
        long begun = System.nanoTime();
        awaitStored(server, before + 1);
        recovered.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      }
      service.tell("FINISH");
      service.await("DRAINED");
      judge(server, history, recovered);
    }
  }

  /** Two minutes of tries: at the size of a release alone. */
  @Test
  void ownPostgres_thatDoesNotStartAgain_endsTheServerInOrder_withACodeOfItsOwn() throws Exception {
    assumeTrue(RELEASE, "-Dsystem.size=release");
    Path data = directory.resolve("data");
    try (ServeRun run = ServeRun.start(data, ServeRun.How.USUAL)) {
      assertThat(run.serves()).isTrue();
      Path control = data.resolve("postgresql/data/global/pg_control");
      Files.move(control, directory.resolve("pg_control"));
      kill(postmaster(data));
      assertThat(run.process().endsWithin(Duration.ofMinutes(6))).isTrue();
      assertThat(run.process().awaitEnd()).isEqualTo(4);
      String last =
          run.errors().lines().filter(each -> each.startsWith("billing: ")).findFirst().orElse("");
      assertThat(last).contains("PostgreSQL cannot be started in").contains("pg_control");
      assertThat(ServeRun.postgres(data)).isZero();
      Files.move(directory.resolve("pg_control"), control);
    }
    try (ServeRun next = ServeRun.start(data, ServeRun.How.USUAL)) {
      assertThat(next.serves()).isTrue();
      assertThat(next.stopsInOrder()).isTrue();
    }
    Proof.of("postgres-gone")
        .with("tries", 10)
        .with("exit_code", 4)
        .with("next_start", "serves")
        .print();
  }

  /** Its log is what it cannot do without: it panics, and does not start while there is no room. */
  @Test
  void ownPostgres_whoseLogHasNoRoom_comesBackWithRoom_andNothingIsLost() throws Exception {
    assumeTrue(SmallDisk.isPossible(), "a small disk wants root");
    assumeTrue(RELEASE, "-Dsystem.size=release");
    try (SmallDisk disk = SmallDisk.at(directory.resolve("disk"), ROOM);
        History history = History.in(directory.resolve("history"));
        WholeServer server = WholeServer.start(disk.directory().resolve("data"));
        Child service = service(server, history)) {
      awaitStored(server, 100);
      disk.fill();
      Path log = disk.directory().resolve("data/postgresql/postgresql.log");
      await().atMost(Child.PATIENCE).until(() -> panics(server, log));
      // A few tries to start it fail meanwhile.
      Pace.pause(Duration.ofSeconds(5));
      disk.enlargeTo(ROOM);
      long begun = System.nanoTime();
      await().atMost(Child.PATIENCE).ignoreExceptions().until(() -> server.count("SELECT 1") == 1);
      awaitStored(server, server.count(EVENTS) + 1);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      service.tell("FINISH");
      service.await("DRAINED");
      judge(server, history, "postgres-log-full", List.of(millis));
    }
  }

  private static boolean panics(WholeServer server, Path log) throws IOException {
    try {
      // A new piece of the log, which takes room.
      var unused = server.count("SELECT count(*) FROM (SELECT pg_switch_wal()) AS switched");
    } catch (SQLException gone) {
      assertThat(gone.getMessage()).as("it ends, as it is to").isNotBlank();
    }
    return Files.readString(log).contains("PANIC");
  }

  private void judge(WholeServer server, History history, List<Long> recovered) throws Exception {
    judge(server, history, "postgres-killed", recovered);
  }

  private void judge(WholeServer server, History history, String proof, List<Long> recovered)
      throws Exception {
    try (Connection ledger = server.connect()) {
      Verdict verdict =
          new Checker(
                  new Checker.Ledger(
                      "SELECT (metadata->>'id')::bigint, usage FROM usage_event",
                      "SELECT sum(usage) FROM usage_rollup"))
              .check(ledger, history, Set.of());
      verdict
          .to(Proof.sized(proof, KILLS, RELEASE_KILLS))
          .with("kills_postmaster", proof.equals("postgres-killed") ? KILLS : 0)
          .with("kills_session", proof.equals("postgres-killed") ? KILLS : 0)
          .with(
              "stores_again_ms",
              recovered.stream().map(String::valueOf).collect(Collectors.joining("/")))
          .with("seed", SEED)
          .print();
      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.durableLost()).isZero();
    }
  }

  private static List<Boolean> plan(Random random) {
    List<Boolean> plan = new ArrayList<>(Collections.nCopies(KILLS, true));
    plan.addAll(Collections.nCopies(KILLS, false));
    Collections.shuffle(plan, random);
    return plan;
  }

  private Child service(WholeServer server, History history) {
    Operator operator = server.operator();
    operator.createApp("acme");
    Child service =
        Child.java(
            Path.of("target", "system-logs"),
            "postgres-killed",
            ServiceChild.class,
            line -> history.line("service", line),
            "host=localhost",
            "port=" + server.brokerPort(),
            "ca=" + server.authority(),
            "user=gateway-1",
            "password=" + server.passwordOf("gateway-1"),
            "journal=" + directory.resolve("journal"),
            "client=gateway-1",
            "key=" + operator.createKey("acme").text(),
            "first=1",
            "rate=" + Size.RATE);
    service.await("STARTED");
    return service;
  }

  private static void awaitStored(WholeServer server, long events) {
    await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> server.count(EVENTS) >= events);
  }

  private static long postmaster(Path data) throws Exception {
    Path file = data.resolve("postgresql/data/postmaster.pid");
    return Long.parseLong(Files.readAllLines(file).get(0).trim());
  }

  /** One of the server's own: they all end with it, since it may have spoiled what they share. */
  private static long session(WholeServer server) throws Exception {
    return server.count(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'billing-server'"
            + " ORDER BY random() LIMIT 1");
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }
}
