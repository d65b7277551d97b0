package io.billingsdk.benchmarks.query;

import io.billingsdk.benchmarks.BenchmarkDirectory;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.ledger.Bucket;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.ledger.TotalsQuery;
import io.billingsdk.server.ledger.UsageTotals;
import io.billingsdk.server.ledger.UsageTotals.Row;
import io.billingsdk.server.ledger.UsageTotals.Source;
import io.billingsdk.server.ledger.UsageTotals.Totals;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * What it takes to sum up a month of one app out of many, and to see an event in the live tail, of
 * a whole billing server with its own PostgreSQL and broker.
 */
public final class QuerySpeed {
  private static final List<Dimension> BY_KEY_AND_MODEL =
      List.of(Dimension.Column.KEY, Dimension.Column.MODEL);

  private final boolean quick;
  private final int events;
  private final int questions;

  /** Few events when quick: shows that it runs, and no more. */
  public QuerySpeed(boolean quick) {
    this.quick = quick;
    this.events = quick ? 20_000 : 1_000_000;
    this.questions = quick ? 40 : 1_000;
  }

  /** Runs and prints. */
  public void run() throws Exception {
    Path directory = BenchmarkDirectory.make();
    ServerSettings settings =
        ServerSettings.in(directory).with(HttpSettings.ANY_PORT.with(RequestLimits.HIGHEST));
    try (BillingServer server = new BillingServer(settings)) {
      server.start();
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isUp);
      // Long before it connects: one that comes too early is refused, and waits.
      TailSpeed.admit(directory);
      long rollups = SampleLedger.fill(directory, events);
      HttpReader http =
          new HttpReader(
              BillingServer.brokerDirectory(directory).resolve("ca.pem"),
              server.httpPort(),
              server.firstToken().orElseThrow());
      try (Database database = Database.at(BillingServer.runningDatabase(directory))) {
        UsageTotals totals = new UsageTotals(database);
        requireEqual(totals);
        print("sum-of-a-month", rollups, ask(i -> totals.of(question(i, BY_KEY_AND_MODEL))));
        print(
            "sum-of-a-month-over-http",
            rollups,
            ask(i -> http.get(path(i), BodyHandlers.ofString())));
        new TailSpeed(server, directory, database, http).print(quick ? 100 : 1_000, 200);
      }
    } finally {
      BenchmarkDirectory.delete(directory);
    }
  }

  private void print(String row, long rollups, Millis times) {
    Proof proof =
        Proof.of("query-speed")
            .with("row", row)
            .with("events", events)
            .with("rollups", rollups)
            .with("apps", SampleLedger.APPS)
            .with("questions", questions)
            .with("target", "p99<=100ms");
    times.addTo(proof);
    proof.print();
  }

  /** A question that is measured. */
  @FunctionalInterface
  private interface Question {
    Object ask(int number) throws Exception;
  }

  private Millis ask(Question question) throws Exception {
    for (int i = 0; i < questions / 10; i++) {
      question.ask(i);
    }
    long[] nanos = new long[questions];
    for (int i = 0; i < questions; i++) {
      long begun = System.nanoTime();
      question.ask(i);
      nanos[i] = System.nanoTime() - begun;
    }
    return new Millis(nanos);
  }

  private static TotalsQuery question(int number, List<Dimension> groupBy) {
    return new TotalsQuery(
        SampleLedger.FROM,
        SampleLedger.TO,
        Bucket.DAY,
        ZoneId.of("UTC"),
        groupBy,
        EventFilter.ALL.ofApp(SampleLedger.app(number)));
  }

  private static String path(int number) {
    return "/api/v1/usage?bucket=day&groupBy=keyId,model&appId="
        + SampleLedger.app(number)
        + "&from="
        + SampleLedger.FROM
        + "&to="
        + SampleLedger.TO;
  }

  /** Each app's rollups against its events, group by group, and all apps against all events. */
  private void requireEqual(UsageTotals totals) throws Exception {
    // No event has this field: it makes the sums come from the events, and groups nothing.
    List<Dimension> withField =
        List.of(Dimension.Column.KEY, Dimension.Column.MODEL, new Dimension.Metadata("none"));
    long counted = 0;
    long compared = 0;
    for (int i = 0; i < SampleLedger.APPS; i++) {
      Totals rolledUp = totals.of(question(i, BY_KEY_AND_MODEL));
      Totals summed = totals.of(question(i, withField));
      if (rolledUp.source() != Source.ROLLUPS || summed.source() != Source.EVENTS) {
        throw new IllegalStateException("not from where they should be");
      }
      requireSame(rolledUp.rows(), summed.rows());
      compared += rolledUp.rows().size();
      counted += rolledUp.rows().stream().mapToLong(Row::events).sum();
    }
    if (counted != events) {
      throw new IllegalStateException("of " + events + " events, " + counted + " are counted");
    }
    Proof.of("query-speed")
        .with("row", "rollups-equal-events")
        .with("events", counted)
        .with("groups_compared", compared)
        .with("different", 0)
        .print();
  }

  private static void requireSame(List<Row> rolledUp, List<Row> summed) {
    if (rolledUp.size() != summed.size()) {
      throw new IllegalStateException("other groups");
    }
    for (int i = 0; i < rolledUp.size(); i++) {
      Row one = rolledUp.get(i);
      Row other = summed.get(i);
      BigDecimal usage = one.usage();
      if (!one.bucket().equals(other.bucket())
          || !one.group().equals(other.group().subList(0, one.group().size()))
          || one.events() != other.events()
          || usage.compareTo(other.usage()) != 0) {
        throw new IllegalStateException("rollups say " + one + ", events say " + other);
      }
    }
  }
}
