package io.billingsdk.system;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * How long it takes from {@code report} of a real client to a query of another session that finds
 * the event. The query is asked again and again: what it takes itself is part of the figure.
 */
final class Visibility {
  static final String PROOF = "report-to-visible";

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final WholeServer server;
  private final Path journal;
  private final String app;

  /** When each event was reported that was not seen yet, by its id. */
  private final Map<Long, Long> unseen = new ConcurrentHashMap<>();

  /** Of an app that nothing else is charged to. */
  Visibility(WholeServer server, Path journal, String app) {
    this.server = server;
    this.journal = journal;
    this.app = app;
  }

  /** Reports so many events at a rate; returns the sorted times in nanoseconds. */
  long[] measure(int events, int aSecond) throws Exception {
    server.operator().createApp(app);
    Operator.NamedKey key = server.operator().createKey(app);
    BillingClient client = BillingClient.create(config());
    client.start();
    try {
      // The first says that keys and protocol are known: what follows is the usual course.
      report(client, key, 0);
      Awaitility.await()
          .atMost(Child.PATIENCE)
          .until(() -> server.count("SELECT count(*) FROM usage_event" + mine()) == 1);
      unseen.clear();
      Thread reporting = new Thread(() -> report(client, key, events, aSecond), "reports");
      reporting.start();
      return watch(events);
    } finally {
      client.close();
    }
  }

  static void print(Proof proof, long[] sorted, int aSecond) {
    proof
        .with("events", sorted.length)
        .with("a_second", aSecond)
        .with("visible_p50_ms", millis(sorted, 0.5))
        .with("visible_p99_ms", millis(sorted, 0.99))
        .with("visible_max_ms", millis(sorted, 1))
        .print();
  }

  private long[] watch(int events) throws Exception {
    long[] nanos = new long[events];
    int seen = 0;
    long deadline = System.nanoTime() + Child.PATIENCE.toNanos();
    try (Connection connection = server.connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT (metadata->>'id')::bigint FROM usage_event" + mine())) {
      while (seen < events) {
        seen = look(query, nanos, seen);
        if (System.nanoTime() > deadline) {
          throw new AssertionError((events - seen) + " events are not visible");
        }
        // The rate of the looks, which is the resolution of the figure.
        Pace.pause(Duration.ofNanos(PAUSE_NANOS));
      }
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private int look(PreparedStatement query, long[] nanos, int seenBefore) throws SQLException {
    int seen = seenBefore;
    try (ResultSet found = query.executeQuery()) {
      long now = System.nanoTime();
      while (found.next()) {
        Long reported = unseen.remove(found.getLong(1));
        if (reported != null) {
          nanos[seen++] = now - reported;
        }
      }
    }
    return seen;
  }

  /** An index holds the app: other events cost the query nothing. */
  private String mine() {
    return " WHERE app_id = '" + app + "'";
  }

  private void report(BillingClient client, Operator.NamedKey key, int events, int aSecond) {
    long nanosEach = TimeUnit.SECONDS.toNanos(1) / aSecond;
    long begun = System.nanoTime();
    for (int id = 1; id <= events; id++) {
      Pace.until(begun + id * nanosEach);
      report(client, key, id);
    }
  }

  private void report(BillingClient client, Operator.NamedKey key, long id) {
    unseen.put(id, System.nanoTime());
    ReportOutcome outcome =
        client.report(UsageEvent.of(key.text(), "llm", "gpt-4", 1).withMetadata(Map.of("id", id)));
    if (outcome instanceof ReportOutcome.Rejected rejected) {
      throw new AssertionError("rejected: " + rejected.reason());
    }
  }

  private BillingConfig config() {
    return config(server, journal);
  }

  /** Of a service of a server. */
  static BillingConfig config(WholeServer server, Path journal) {
    return BillingConfig.builder()
        .host("localhost")
        .port(server.brokerPort())
        .caCertificates(server.authority())
        .credentials("service", server.passwordOf("service"))
        .clientId("service")
        .journalDirectory(journal)
        .keepAlive(Duration.ofSeconds(5))
        .build();
  }

  static long millis(long[] sorted, double share) {
    int at = (int) Math.ceil(share * sorted.length) - 1;
    return TimeUnit.NANOSECONDS.toMillis(sorted[Math.max(0, at)]);
  }
}
