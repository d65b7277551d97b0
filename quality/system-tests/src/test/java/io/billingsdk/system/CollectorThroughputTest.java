package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Proof;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * What the collector takes in, beside what PostgreSQL takes without one, in one run on one machine:
 * raw COPY into the same table, batches of protocol v2, reports of v1; then how long a report takes
 * until a query finds it. Rounds take turns. Prints figures and asserts no time.
 */
final class CollectorThroughputTest {
  private static final String PROOF = "collector-throughput";
  private static final int EVENTS = Integer.getInteger("throughput.events", 20_000);
  private static final int ROUNDS = Integer.getInteger("throughput.rounds", 3);

  /** Until the compilers are done they take as much of the processor as the server does. */
  private static final int WARM_UP = Integer.getInteger("throughput.warmup", 60_000);

  private static final int REPORTS = Integer.getInteger("throughput.reports", 4_000);
  private static final int SECONDS = Integer.getInteger("throughput.seconds", 2);
  private static final int RATE = 200;
  private static final int RELEASE_SECONDS = 60;
  private static final int RELEASE_EVENTS = 500_000;
  private static final int ROWS_A_TRANSACTION = 5_000;
  private static final List<String> INSTANCES = List.of("load-1", "load-2", "load-3", "load-4");

  /** No stream has this id. */
  private static final int COPIED = 1_000_000_000;

  @TempDir Path directory;

  private WholeServer server;
  private long copied;

  /** What one round took. */
  private record Round(long events, long nanos, long serverMicros, long databaseMicros) {
    double rate() {
      return events * 1e9 / nanos;
    }
  }

  /** Work that is measured; returns its time, of which the preparation is no part. */
  @FunctionalInterface
  private interface Work {
    long nanos() throws Exception;
  }

  @BeforeEach
  void start() {
    if (!CpuTime.isKnown()) {
      Proof.skipped(PROOF, "no /proc");
    }
    assumeTrue(CpuTime.isKnown());
    server = WholeServer.start(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void collector_besideRawCopyAndV1_printsEventsPerSecondAndProcessorTime() throws Exception {
    server.operator().createApp("acme");
    Operator.NamedKey key = server.operator().createKey("acme");
    try (Child load = LoadChild.of(server, key, INSTANCES);
        Connection connection = server.connect()) {
      load.await("UP");
      for (int done = 0; done < WARM_UP; done += EVENTS) {
        batches(load, Math.min(EVENTS, WARM_UP - done));
      }
      copy(connection, key, EVENTS, /* identities= */ false);
      List<Round> copies = new ArrayList<>();
      List<Round> copiesOfBoth = new ArrayList<>();
      List<Round> collected = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        copies.add(round(EVENTS, () -> copy(connection, key, EVENTS, /* identities= */ false)));
        collected.add(round(EVENTS, () -> batches(load, EVENTS)));
        copiesOfBoth.add(
            round(EVENTS, () -> copy(connection, key, EVENTS, /* identities= */ true)));
      }
      Round reports = round(REPORTS, () -> reports(load));
      Round copy = median(copies);
      print("copy", copy, 1);
      print("copy-with-identities", median(copiesOfBoth), ratio(copiesOfBoth, copies));
      print("collector-v2-batches", median(collected), ratio(collected, copies));
      print("collector-v1-topic", reports, reports.rate() / copy.rate());
      assertStoredOnce();
    }
    long[] visible =
        new Visibility(server, directory.resolve("journal"), "visible")
            .measure(SECONDS * RATE, RATE);
    Visibility.print(Proof.sized(Visibility.PROOF, SECONDS, RELEASE_SECONDS), visible, RATE);
  }

  private void assertStoredOnce() throws SQLException, IOException {
    long expected = WARM_UP + (long) ROUNDS * EVENTS + REPORTS;
    String real = " FROM usage_event WHERE stream_id < " + COPIED;
    assertThat(server.count("SELECT count(*)" + real)).isEqualTo(expected);
    assertThat(server.count("SELECT count(DISTINCT (stream_id, seq))" + real)).isEqualTo(expected);
    assertThat(server.count("SELECT count(app_id)" + real)).isEqualTo(expected);
    assertThat(server.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(expected);
  }

  private Round round(int events, Work work) throws Exception {
    long serverMicros = server.cpuMicros();
    long databaseMicros = server.databaseCpuMicros();
    long nanos = work.nanos();
    return new Round(
        events,
        nanos,
        server.cpuMicros() - serverMicros,
        server.databaseCpuMicros() - databaseMicros);
  }

  private static long batches(Child load, int events) {
    return Long.parseLong(load.ask("v2 " + events, "V2 ").substring(3));
  }

  /** Until the last is in the ledger: v1 has no receipts. */
  private long reports(Child load) throws Exception {
    long before = server.count("SELECT sum(events) FROM usage_rollup");
    load.ask("v1 " + REPORTS, "READY");
    long begun = System.nanoTime();
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> server.count("SELECT sum(events) FROM usage_rollup") >= before + REPORTS);
    return System.nanoTime() - begun;
  }

  /**
   * Rows as the collector writes them, in transactions of its size; made before the clock starts.
   */
  private long copy(Connection connection, Operator.NamedKey key, int events, boolean identities)
      throws SQLException, IOException {
    long nanos = 0;
    connection.setAutoCommit(false);
    for (int done = 0; done < events; done += ROWS_A_TRANSACTION) {
      StringBuilder rows = new StringBuilder();
      StringBuilder hashes = new StringBuilder();
      for (int i = 0; i < Math.min(ROWS_A_TRANSACTION, events - done); i++) {
        copied++;
        rows.append(row(key));
        hashes.append(String.format(Locale.ROOT, "%d\t%d\t\\\\x%032x%n", COPIED, copied, copied));
      }
      byte[] eventBytes = rows.toString().getBytes(StandardCharsets.UTF_8);
      byte[] hashBytes = hashes.toString().getBytes(StandardCharsets.UTF_8);
      long begun = System.nanoTime();
      if (identities) {
        copy(connection, "event_identity (stream_id, seq, hash)", hashBytes);
      }
      copy(
          connection,
          "usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage,"
              + " metadata, cut_no)",
          eventBytes);
      connection.commit();
      nanos += System.nanoTime() - begun;
    }
    return nanos;
  }

  private String row(Operator.NamedKey key) {
    return java.time.Instant.ofEpochMilli(System.currentTimeMillis())
        + "\t"
        + COPIED
        + "\t"
        + copied
        + "\tacme\t"
        + key.id()
        + "\tllm\tgpt-4\t1\t{\"prompt_tokens\":100,\"completion_tokens\":50}\t0\n";
  }

  private static void copy(Connection connection, String target, byte[] rows)
      throws SQLException, IOException {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY " + target + " FROM STDIN", new ByteArrayInputStream(rows), 1 << 16);
  }

  private static Round median(List<Round> rounds) {
    List<Round> sorted = new ArrayList<>(rounds);
    sorted.sort(Comparator.comparingDouble(Round::rate));
    return sorted.get(sorted.size() / 2);
  }

  /** Of rounds beside each other: what disturbs one disturbs the next. */
  private static double ratio(List<Round> rounds, List<Round> besides) {
    double[] ratios = new double[rounds.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rounds.get(i).rate() / besides.get(i).rate();
    }
    Arrays.sort(ratios);
    return ratios[ratios.length / 2];
  }

  private static void print(String what, Round round, double ofCopy) {
    Proof.sized(PROOF, EVENTS, RELEASE_EVENTS)
        .with("row", what)
        .with("events", round.events())
        .with("rounds", what.equals("collector-v1-topic") ? 1 : ROUNDS)
        .with("per_s", Math.round(round.rate()))
        .with("of_copy", String.format(Locale.ROOT, "%.2f", ofCopy))
        .with("cpu_us_server", perEvent(round.serverMicros(), round))
        .with("cpu_us_postgres", perEvent(round.databaseMicros(), round))
        .with("ms", TimeUnit.NANOSECONDS.toMillis(round.nanos()))
        .print();
  }

  private static String perEvent(long micros, Round round) {
    return String.format(Locale.ROOT, "%.1f", (double) micros / round.events());
  }
}
