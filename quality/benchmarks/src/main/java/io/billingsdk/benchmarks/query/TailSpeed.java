package io.billingsdk.benchmarks.query;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.Proof;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** From {@code report} of a real client to the line of the live tail, over TLS both ways. */
final class TailSpeed {
  private static final String APP = "watched";
  private static final String INSTANCE = "service";
  private static final Pattern ID = Pattern.compile("\"id\":\\s?([0-9]+)");

  private final BillingServer server;
  private final Path directory;
  private final Database database;
  private final HttpReader http;
  private final Map<Long, Long> unseen = new ConcurrentHashMap<>();

  TailSpeed(BillingServer server, Path directory, Database database, HttpReader http) {
    this.server = server;
    this.directory = directory;
    this.database = database;
    this.http = http;
  }

  /** Has the broker let the client in, which it does within seconds. */
  static void admit(Path directory) {
    var unused = OwnBroker.passwordOf(BillingServer.brokerDirectory(directory), INSTANCE);
  }

  /** Reports so many events at a rate. */
  void print(int events, int aSecond) throws Exception {
    NewKey key = key();
    try (BillingClient client = client();
        Stream<String> lines = http.get("/api/v1/tail?appId=" + APP, BodyHandlers.ofLines())) {
      client.start();
      long[] nanos = new long[events];
      AtomicInteger seen = new AtomicInteger();
      Thread watching = new Thread(() -> watch(lines.iterator(), nanos, seen), "watching");
      watching.setDaemon(true);
      watching.start();
      // The first say that keys and protocol are known: what follows is the usual course.
      report(client, key, -1);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isStored);
      long begun = System.nanoTime();
      for (int id = 0; id < events; id++) {
        LockSupport.parkNanos(
            begun + id * TimeUnit.SECONDS.toNanos(1) / aSecond - System.nanoTime());
        report(client, key, id);
      }
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> seen.get() == events);
      Proof proof =
          Proof.of("query-speed")
              .with("row", "report-to-tail")
              .with("events", events)
              .with("a_second", aSecond)
              .with("missed", unseen.size())
              .with("target", "p99<=1000ms");
      new Millis(nanos).addTo(proof);
      proof.print();
    }
  }

  private void watch(Iterator<String> lines, long[] nanos, AtomicInteger seen) {
    while (seen.get() < nanos.length && lines.hasNext()) {
      Matcher id = ID.matcher(lines.next());
      long now = System.nanoTime();
      Long reported = id.find() ? unseen.remove(Long.parseLong(id.group(1))) : null;
      if (reported != null) {
        nanos[seen.get()] = now - reported;
        seen.incrementAndGet();
      }
    }
  }

  private void report(BillingClient client, NewKey key, long id) {
    if (id >= 0) {
      unseen.put(id, System.nanoTime());
    }
    ReportOutcome outcome =
        client.report(UsageEvent.of(key.text(), "llm", "gpt-4", 1).withMetadata(Map.of("id", id)));
    if (outcome instanceof ReportOutcome.Rejected rejected) {
      throw new IllegalStateException("rejected: " + rejected.reason());
    }
  }

  private boolean isStored() throws SQLException {
    return database.call(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT FROM usage_event WHERE app_id = '" + APP + "'")) {
            return row.next();
          }
        });
  }

  private NewKey key() throws SQLException {
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp(APP, "Watched");
    return keys.create(APP, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  private BillingClient client() throws Exception {
    Path broker = BillingServer.brokerDirectory(directory);
    return BillingClient.create(
        BillingConfig.builder()
            .host("localhost")
            .port(server.broker().port())
            .caCertificates(broker.resolve("ca.pem"))
            .credentials(INSTANCE, OwnBroker.passwordOf(broker, INSTANCE))
            .clientId(INSTANCE)
            .journalDirectory(directory.resolve("journal"))
            .build());
  }
}
