package io.billingsdk.server.collect;

import io.billingsdk.server.collect.Testbed.World;
import io.billingsdk.server.database.Database;
import io.billingsdk.testbed.Proof;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Prints figures of one run beside each other; asserts no time. */
class CollectorThroughputTest {
  private static final int EVENTS = Integer.getInteger("throughput.events", 50_000);

  private final Testbed testbed = Testbed.get();

  @Test
  void collector_besideRawCopy_printsBoth() throws Exception {
    World world = testbed.world();
    try (Database database = world.database();
        Collecting collecting =
            new Collecting(
                database,
                testbed.broker("collector"),
                world.prefix() + "-collector",
                world.prefix());
        LightProducer producer =
            new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1")) {
      collecting.start();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(collecting::isUp);
      producer.append(EVENTS / 5);
      producer.drain();
      copy(database, EVENTS / 5);

      long copyNanos = copy(database, EVENTS);
      producer.append(EVENTS);
      long cpu = cpuNanos();
      long begun = System.nanoTime();
      producer.drain();
      long nanos = System.nanoTime() - begun;
      double copyRate = EVENTS * 1e9 / copyNanos;
      double rate = EVENTS * 1e9 / nanos;
      Proof.of("collector-throughput")
          .with("events", EVENTS)
          .with("copy_per_s", Math.round(copyRate))
          .with("collector_per_s", Math.round(rate))
          .with("of_copy", String.format(Locale.ROOT, "%.2f", rate / copyRate))
          .with("cpu_us_per_event_jvm", (cpuNanos() - cpu) / 1_000 / EVENTS)
          .with("note", "producer, broker and collector in one JVM")
          .print();
    }
  }

  /** Raw COPY into the same table, 5,000 rows a transaction. */
  private static long copy(Database database, int events) throws Exception {
    String row =
        "2026-11-21 00:00:00+00\t-1\t%d\tacme\tk_1\tllm\tgpt-4\t1\t"
            + "{\"prompt_tokens\":100,\"completion_tokens\":50}\n";
    long begun = System.nanoTime();
    try (Connection connection = database.connection()) {
      connection.createStatement().execute("SELECT ensure_partition('2026-11-21')");
      connection.setAutoCommit(false);
      for (int from = 0; from < events; from += 5_000) {
        StringBuilder rows = new StringBuilder();
        for (int i = from; i < Math.min(events, from + 5_000); i++) {
          rows.append(String.format(Locale.ROOT, row, i));
        }
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model,"
                    + " usage, metadata) FROM STDIN",
                new java.io.StringReader(rows.toString()));
        connection.commit();
      }
    }
    return System.nanoTime() - begun;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
