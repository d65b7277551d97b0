package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of protocol v1, one message each at QoS 1, into a server with its own broker: how many a
 * second are in the ledger, what they cost, and how long a producer waits for its PUBACK. Prints
 * figures and asserts no time.
 */
final class V1ThroughputTest {
  private static final String PROOF = "v1-throughput";
  private static final int WINDOW = 100;
  private static final List<Integer> PRODUCERS = List.of(1, 4, 8);

  /** Of each row; the release size is what takes seconds at the rate that is aimed at. */
  private static final int EVENTS = Integer.getInteger("v1.throughput.events", 4_000);

  private static final int RELEASE_EVENTS = 200_000;
  private static final int WARM_UP = Integer.getInteger("v1.throughput.warmup", 8_000);

  private static final List<String> INSTANCES =
      IntStream.rangeClosed(1, 8).mapToObj(number -> "v1-" + number).toList();

  @TempDir Path directory;

  @Test
  void reports_fromOneFourAndEightProducers_areStoredOnce_andPrintWhatTheyCost() throws Exception {
    if (!CpuTime.isKnown()) {
      Proof.skipped(PROOF, "no /proc");
    }
    assumeTrue(CpuTime.isKnown());
    Path data = directory.resolve("data");
    // Before it starts, so that it lets them in from the beginning.
    String passwords =
        INSTANCES.stream()
            .map(each -> OwnBroker.passwordOf(data.resolve("broker"), each))
            .collect(Collectors.joining(","));
    try (WholeServer server = WholeServer.start(data)) {
      server.operator().createApp("acme");
      Operator.NamedKey key = server.operator().createKey("acme");
      try (Child load = load(server, key, passwords)) {
        load.await("UP");
        long expected = stored(server, load, 8, WARM_UP, 0);
        for (int producers : PRODUCERS) {
          expected = measured(server, load, producers, expected);
        }
        assertThat(server.count("SELECT count(*) FROM usage_event")).isEqualTo(expected);
        assertThat(server.count("SELECT count(DISTINCT (stream_id, seq)) FROM usage_event"))
            .isEqualTo(expected);
        assertThat(server.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(expected);
      }
    }
  }

  private static Child load(WholeServer server, Operator.NamedKey key, String passwords) {
    return WholeServer.java(
        "v1-load",
        ReportLoadChild.class,
        "port=" + server.brokerPort(),
        "ca=" + server.authority(),
        "users=" + String.join(",", INSTANCES),
        "passwords=" + passwords,
        "key=" + key.text(),
        "window=" + WINDOW);
  }

  private static long measured(WholeServer server, Child load, int producers, long before)
      throws Exception {
    int events = EVENTS / producers * producers;
    load.tell("run " + producers + " " + events);
    load.awaitNext("READY");
    long begun = System.nanoTime();
    long serverMicros = server.cpuMicros();
    long databaseMicros = server.databaseCpuMicros();
    String[] ran = load.awaitNext("RAN").split(" ", -1);
    awaitStored(server, before + events);
    long nanos = System.nanoTime() - begun;
    Proof.sized(PROOF, EVENTS, RELEASE_EVENTS)
        .with("producers", producers)
        .with("window", WINDOW)
        .with("events", events)
        .with("per_s", Math.round(events * 1e9 / nanos))
        .with("cpu_us_server", each(server.cpuMicros() - serverMicros, events))
        .with("cpu_us_postgres", each(server.databaseCpuMicros() - databaseMicros, events))
        .with("puback_p50_ms", millis(ran[1]))
        .with("puback_p99_ms", millis(ran[2]))
        .print();
    return before + events;
  }

  /** The same without a line. */
  private static long stored(WholeServer server, Child load, int producers, int events, long before)
      throws Exception {
    load.tell("run " + producers + " " + events);
    load.awaitNext("RAN");
    awaitStored(server, before + events);
    return before + events;
  }

  private static void awaitStored(WholeServer server, long events) {
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> server.count("SELECT coalesce(sum(events), 0) FROM usage_rollup") >= events);
  }

  private static String each(long micros, int events) {
    return String.format(Locale.ROOT, "%.1f", (double) micros / events);
  }

  private static String millis(String nanos) {
    return String.format(Locale.ROOT, "%.1f", Long.parseLong(nanos) / 1e6);
  }
}
