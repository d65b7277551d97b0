package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.system.Operator.NamedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service starts, and a key is blocked, while another instance asks for the key table as fast as
 * it can; and many instances start at one moment. Prints times, and asserts only that all are
 * served.
 */
final class FairHelloTest {
  private static final String PROOF = "fair-hello";
  private static final String ATTACKER = "attacker-1";

  private static final int STARTS = Integer.getInteger("fair.starts", 5);
  private static final int INSTANCES = Integer.getInteger("fair.instances", 100);
  private static final int KEYS = Integer.getInteger("fair.keys", 2_000);

  /** For a machine that does ten other things; the goals are 2 s, and three times. */
  private static final long LATEST_MILLIS = 30_000;

  private static final long MOST_LINES = 50;

  @TempDir Path directory;

  @Test
  @Timeout(300)
  void startAndBlock_besideAFloodOfHellos_areServed() throws Exception {
    Path data = directory.resolve("data");
    // Before it starts, so that it lets them in from the beginning.
    Logins storm = Logins.made(data, "storm", INSTANCES);
    Logins honest = Logins.made(data, "gateway", 2 * STARTS + 3);
    String attacker = OwnBroker.passwordOf(data.resolve("broker"), ATTACKER);
    try (WholeServer server = WholeServer.start(data)) {
      server.operator().createApp("acme");
      addKeys(server);
      NamedKey key = server.operator().createKey("acme");
      NamedKey first = server.operator().createKey("acme");
      NamedKey second = server.operator().createKey("acme");
      try (Child service = service(server, honest, key);
          Child flood = flood(server, attacker)) {
        service.await("UP");
        flood.await("UP");
        // The first start loads the classes of both sides.
        starts(service, 2);
        long[] alone = starts(service, STARTS);
        long blockAlone = block(server, service, first);
        flood.tell("FLOOD");
        long[] attacked = starts(service, STARTS);
        long blockAttacked = block(server, service, second);
        long hellos = Long.parseLong(flood.ask("STOP", "FLOODED").split(" ", -1)[1]);
        assertThat(hellos).isPositive();
        long lines = linesAbout(ATTACKER);
        assertThat(lines).isBetween(1L, MOST_LINES);
        Size.proof(PROOF)
            .with("keys", KEYS + 3)
            .with("start_alone_p50_ms", alone[alone.length / 2])
            .with("start_alone_max_ms", alone[alone.length - 1])
            .with("start_attacked_p50_ms", attacked[attacked.length / 2])
            .with("start_attacked_max_ms", attacked[attacked.length - 1])
            .with("ratio_p50", ratio(attacked[attacked.length / 2], alone[alone.length / 2]))
            .with("goal", "<2000ms")
            .with("block_alone_ms", blockAlone)
            .with("block_attacked_ms", blockAttacked)
            .with("hostile_messages", hellos)
            .with("log_lines", lines)
            .print();
        assertThat(attacked[attacked.length - 1]).isLessThan(LATEST_MILLIS);
        assertThat(blockAttacked).isLessThan(LATEST_MILLIS);
      }
      together(server, storm);
    }
  }

  /** Instances, and the password of each. */
  private record Logins(String names, String passwords) {
    static Logins made(Path data, String prefix, int count) {
      List<String> names = IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
      return new Logins(
          String.join(",", names),
          names.stream()
              .map(each -> OwnBroker.passwordOf(data.resolve("broker"), each))
              .collect(Collectors.joining(",")));
    }

    @Override
    public String toString() {
      return names;
    }
  }

  /** A fourth of what it sends cannot be read, and would be a line each. */
  private static long linesAbout(String instance) throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("target", "system-logs", "whole-server.out"))) {
      return lines.filter(line -> line.contains(instance)).count();
    }
  }

  private static void together(WholeServer server, Logins logins) {
    try (Child storm =
        WholeServer.java(
            "fair-storm",
            StormChild.class,
            "port=" + server.brokerPort(),
            "ca=" + server.authority(),
            "instances=" + logins.names(),
            "passwords=" + logins.passwords())) {
      storm.await("UP");
      String[] served = storm.await("SERVED").split(" ", -1);
      Size.proof(PROOF)
          .with("instances_at_once", INSTANCES)
          .with("keys", KEYS + 3)
          .with("served", INSTANCES)
          .with("table_p50_ms", served[1])
          .with("table_max_ms", served[2])
          .print();
    }
  }

  /** So many rows as a table has that is worth the name: a snapshot of it has several chunks. */
  private static void addKeys(WholeServer server) throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "WITH t AS (UPDATE key_table SET version = version + "
              + KEYS
              + " RETURNING version) INSERT INTO api_key (key_id, sha256, app_id, version) SELECT"
              + " 'many-' || n, sha256(n::text::bytea), 'acme', t.version - "
              + KEYS
              + " + n FROM t, generate_series(1, "
              + KEYS
              + ") AS n");
    }
  }

  private static Child service(WholeServer server, Logins logins, NamedKey key) {
    return WholeServer.java(
        "fair-service",
        StartingChild.class,
        "port=" + server.brokerPort(),
        "ca=" + server.authority(),
        "instances=" + logins.names(),
        "passwords=" + logins.passwords(),
        "key=" + key.text());
  }

  private static Child flood(WholeServer server, String password) {
    return WholeServer.java(
        "fair-flood",
        HelloFloodChild.class,
        "port=" + server.brokerPort(),
        "ca=" + server.authority(),
        "instance=" + ATTACKER,
        "password=" + password);
  }

  private static long[] starts(Child service, int count) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      millis.add(Long.parseLong(service.ask("START", "STARTED").split(" ", -1)[1]));
    }
    return millis.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static long block(WholeServer server, Child service, NamedKey key) {
    service.tell("WATCH " + key.text());
    service.awaitNext("WATCHING");
    long commanded = System.currentTimeMillis();
    server.operator().block(key);
    return Long.parseLong(service.awaitNext("REFUSED").split(" ", -1)[1]) - commanded;
  }

  private static String ratio(long attacked, long alone) {
    return String.format(Locale.ROOT, "%.2f", (double) attacked / Math.max(1, alone));
  }
}
