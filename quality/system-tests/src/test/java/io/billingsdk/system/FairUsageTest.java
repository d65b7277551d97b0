package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.RawMqtt;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an instance that floods costs another one: receipts of an honest instance alone, and while
 * an attacker in a process of its own sends all that the server takes. Asserts that the honest one
 * is served and how much of the flood is kept; times are printed.
 */
final class FairUsageTest {
  private static final String PROOF = "fair-usage";
  private static final int BATCHES = Integer.getInteger("fair.batches", 25);
  private static final int RELEASE_BATCHES = 500;

  /** Rows that are kept of one sender in an hour, and one of a thousand beyond. */
  private static final long ROWS = 10_000;

  private static final int SAMPLED = 1_000;
  private static final Pattern COUNT = Pattern.compile("COUNT events=(\\d+) sent=(\\d+)");

  @TempDir Path directory;

  private WholeServer server;

  /** In milliseconds. */
  private record FairMeasured(long startUp, long p50, long p99, long max, long events) {
    static FairMeasured of(String line) {
      String[] words = line.split(" ", -1);
      return new FairMeasured(
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]),
          Long.parseLong(words[5]));
    }
  }

  @BeforeEach
  void start() {
    server = WholeServer.start(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void honestInstance_besideOneThatFloods_getsItsReceipts_andTheFloodIsCountedAndNotKept()
      throws Exception {
    try (Child honest = child("honest", HonestBatchesChild.class, "user=honest")) {
      honest.await("READY");
      // Until the compilers are done and the connection pool is warm.
      long events = measure(honest).events();
      FairMeasured alone = measure(honest);
      events += alone.events();
      print("none", alone, alone, 0, 0);
      for (AttackerChild.AttackKind kind :
          List.of(
              AttackerChild.AttackKind.GZIP,
              AttackerChild.AttackKind.MALFORMED,
              AttackerChild.AttackKind.REJECTED)) {
        events += underAttack(honest, kind, alone);
      }
      assertThat(server.count("SELECT count(*) FROM usage_event WHERE key_id = 'k_honest'"))
          .isEqualTo(events);
    }
  }

  private long underAttack(Child honest, AttackerChild.AttackKind kind, FairMeasured alone)
      throws Exception {
    String name = "attacker-" + kind.name().toLowerCase(Locale.ROOT);
    FairMeasured beside;
    long refused;
    try (Child attacker = child(name, AttackerChild.class, "user=" + name, "kind=" + kind)) {
      attacker.await("AT IT");
      beside = measure(honest);
      Matcher counted = COUNT.matcher(attacker.ask("COUNT", "COUNT"));
      assertThat(counted.matches()).isTrue();
      refused = Long.parseLong(counted.group(1));
    }
    // What is in hand is finished; what waits is left out, since its sender has gone.
    String of = " WHERE sender = '" + name + "'";
    String count = "SELECT coalesce(sum(refused), 0) FROM refusal_count" + of;
    String rows = "SELECT count(*) FROM rejected_event WHERE instance = '" + name + "'";
    if (kind == AttackerChild.AttackKind.REJECTED) {
      Awaitility.await().atMost(Child.PATIENCE).until(() -> server.count(count) >= refused);
    }
    long counted = server.count(count);
    long kept = server.count(rows);
    assertThat(kept)
        .isLessThanOrEqualTo(ROWS + counted / SAMPLED + 1)
        .isLessThanOrEqualTo(server.count("SELECT coalesce(sum(kept), 0) FROM refusal_count" + of));
    print(kind.name().toLowerCase(Locale.ROOT), beside, alone, counted, kept);
    return beside.events();
  }

  private static FairMeasured measure(Child honest) {
    return FairMeasured.of(honest.ask("MEASURE " + BATCHES, "MEASURED "));
  }

  private static void print(
      String attack, FairMeasured beside, FairMeasured alone, long refused, long rows) {
    Proof.sized(PROOF, BATCHES, RELEASE_BATCHES)
        .with("attack", attack)
        .with("batches", BATCHES)
        .with("start_up_ms", beside.startUp())
        .with("receipt_p50_ms", beside.p50())
        .with("receipt_p99_ms", beside.p99())
        .with("receipt_max_ms", beside.max())
        .with("p50_of_alone", ratio(beside.p50(), alone.p50()))
        .with("p99_of_alone", ratio(beside.p99(), alone.p99()))
        .with("refused", refused)
        .with("rejected_rows", rows)
        .print();
  }

  private static String ratio(long beside, long alone) {
    return String.format(Locale.ROOT, "%.1f", (double) beside / Math.max(1, alone));
  }

  private Child child(String name, Class<?> main, String... more) {
    String user = more[0].substring("user=".length());
    String password = server.passwordOf(user);
    String[] arguments = new String[more.length + 3];
    System.arraycopy(more, 0, arguments, 0, more.length);
    arguments[more.length] = "password=" + password;
    arguments[more.length + 1] = "port=" + server.brokerPort();
    arguments[more.length + 2] = "ca=" + server.authority();
    awaitAdmitted(user);
    return Child.java(Path.of("target", "system-logs"), name, main, line -> {}, arguments);
  }

  private void awaitAdmitted(String user) {
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              try (RawMqtt client =
                  RawMqtt.tls(
                      server.brokerPort(),
                      server.authority(),
                      RawMqtt.Login.of(user, server.passwordOf(user)))) {
                client.ping();
                return true;
              }
            });
  }
}
