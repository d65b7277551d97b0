package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.invoices.InvoiceServers.Target;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers bill customers of three zones, with late usage meanwhile. Servers are killed, and so
 * are PostgreSQL and single sessions, while an invoice is written: {@code -Dsize=release}, {@code
 * -Dkills.seed}.
 */
@Tag("postgres")
@Tag("crash")
class InvoiceKillsTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int KILLS = Integer.getInteger("kills", RELEASE ? 300 : 10);
  private static final int COPIES = RELEASE ? 300 : 170;
  private static final int SPANS = 3;

  private static final int LATE = 5;

  /** What the kills end, in turn. */
  private static final List<Target> TARGETS =
      List.of(Target.SERVER, Target.POSTGRESQL, Target.SERVER, Target.POSTGRESQL, Target.SESSION);

  private static final List<String> FAULTS =
      List.of(
          "UPDATE invoice_series SET last_number = last_number + 1",
          "UPDATE invoice SET issue_date = issue_date - 1 WHERE series_number = 7",
          "UPDATE invoice_line SET net = net + 0.01 WHERE number = 'acme-000007' AND line = 1",
          "UPDATE invoice_span SET state = 'open' WHERE number = 2");

  private static final List<String> ZONES =
      List.of("Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati");

  private static final String OPEN =
      "invoice_span WHERE state = 'open' AND NOT test_clock AND due_at < now()";

  private static final String DELTAS = "invoice_line WHERE kind = 'delta'";

  @TempDir Path directory;

  @Test
  void run_withKilledServersAndDatabases_billsEachSpanOnce() throws Exception {
    long seed = Long.getLong("kills.seed", System.nanoTime());
    System.out.println("invoice-run-kills seed=" + seed);
    Random random = new Random(seed);
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      customers(world);
      int hits = hits(world.http.world(), random);
      List<String> problems = InvoiceJudge.problems(world, SPANS);
      int found = found(world);
      print(world.http.world(), seed, hits, problems.size(), found);
      assertThat(problems).isEmpty();
      assertThat(hits).as("kills of uncommitted invoices").isGreaterThanOrEqualTo(KILLS * 8 / 10);
      assertThat(found).isEqualTo(FAULTS.size());
      assertThat(count(world.http.world(), DELTAS)).as("late usage on later invoices").isPositive();
    }
  }

  /** Bills all; returns how many kills hit an invoice that was not committed. */
  private static int hits(World ledger, Random random) throws Exception {
    int hits = 0;
    try (InvoiceServers servers = new InvoiceServers(ledger)) {
      for (int kill = 0; kill < KILLS; kill++) {
        // So the kills are all over the run, and not all at its beginning.
        servers.awaitAtMost(OPEN, SPANS * COPIES * ZONES.size() / KILLS / 2);
        for (int i = 0; i < LATE; i++) {
          late(ledger, random);
        }
        // Before they are due: a few spans are billed faster than somebody can want to kill.
        servers.slowDown();
        makeDue(ledger, kill);
        hits += servers.kill(random, TARGETS.get(kill % TARGETS.size())) ? 1 : 0;
      }
      servers.awaitAtMost(OPEN, 0);
    }
    return hits;
  }

  private static void print(World ledger, long seed, int hits, int problems, int found)
      throws SQLException {
    Proof.of("invoice-run-kills")
        .with("size", RELEASE ? "release" : "commit")
        .with("servers", 2)
        .with("zones", ZONES.size())
        .with("customers", ZONES.size() * COPIES)
        .with("kills", KILLS)
        .with("of_servers", kills(Target.SERVER))
        .with("of_postgresql", kills(Target.POSTGRESQL))
        .with("of_sessions", kills(Target.SESSION))
        .with("hit_an_uncommitted_invoice", hits)
        .with("hit_percent", 100 * hits / KILLS)
        .with("invoices", count(ledger, "invoice WHERE kind = 'invoice'"))
        .with("late_events", count(ledger, "usage_event WHERE seq >= 5000"))
        .with("deltas", count(ledger, DELTAS))
        .with("problems", problems)
        .with("planted", FAULTS.size())
        .with("found", found)
        .with("seed", seed)
        .print();
  }

  private static long kills(Target target) {
    return IntStream.range(0, KILLS)
        .filter(kill -> TARGETS.get(kill % TARGETS.size()) == target)
        .count();
  }

  /** None of them is due yet. */
  private static void customers(InvoiceWorld world) throws SQLException {
    for (int i = 0; i < ZONES.size(); i++) {
      String id = "z" + i;
      world.customer(id, ZONES.get(i));
      Subscription pattern = world.subscribe(id);
      world.use(id, InvoiceWorld.IN_MARCH, "150.5");
      world.move(id, Instant.parse("2026-05-02T00:00:00Z"));
      new Spans(world.database).noteOf(id);
      ManyCustomers.copy(world, pattern, COPIES);
    }
    world.http.world().execute("DELETE FROM invoice_span WHERE test_clock");
    world.http.world().execute("UPDATE invoice_span SET due_at = 'infinity'");
  }

  /** The next part of the spans: so each kill finds something to do. */
  private static void makeDue(World ledger, int kill) throws SQLException {
    ledger.execute(
        """
        UPDATE invoice_span SET due_at = now() - interval '1 second'
        WHERE due_at = 'infinity' AND (%1$d = %2$d - 1 OR (subscription_id, number) IN (
          SELECT subscription_id, number FROM invoice_span WHERE due_at = 'infinity'
          ORDER BY number, md5(subscription_id::text) LIMIT %3$d))
        """
            .formatted(kill, KILLS, SPANS * COPIES * ZONES.size() / KILLS));
  }

  /** In March, which is billed or is not, of a customer whose April is not billed. */
  private static void late(World ledger, Random random) throws SQLException {
    long found =
        ledger.count(
            """
            SELECT coalesce((SELECT substr(customer_id, 2, 1)::int * 1000
              + split_part(customer_id, '-', 2)::int FROM invoice_span
            WHERE number = %d AND state = 'open' ORDER BY md5(customer_id || '%d') LIMIT 1), 1)
            """
                .formatted(SPANS, random.nextInt()));
    String app = "z" + found / 1_000 + "-" + found % 1_000;
    Instant at = Instant.parse("2026-03-%02dT10:00:00Z".formatted(13 + random.nextInt(15)));
    ledger.execute(
        """
        BEGIN;
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage)
        SELECT '%1$s', stream_id, 5000, '%2$s', 'k', 'llm', 'm', %3$d FROM usage_event LIMIT 1;
        INSERT INTO usage_rollup_shard AS r (hour, app_id, key_id, module, model, shard, events,
          usage) VALUES ('%1$s', '%2$s', 'k', 'llm', 'm', 9, 1, %3$d)
        ON CONFLICT (hour, app_id, key_id, module, model, shard, cut_no)
        DO UPDATE SET events = r.events + 1, usage = r.usage + excluded.usage;
        COMMIT
        """
            .formatted(at, app, 1 + random.nextInt(90)));
  }

  /** How many of the planted faults the judge names. */
  private static int found(InvoiceWorld world) throws SQLException {
    int found = 0;
    for (String fault : FAULTS) {
      found += InvoiceJudge.problemsWith(world, SPANS, fault).isEmpty() ? 0 : 1;
    }
    return found;
  }

  private static long count(World ledger, String what) throws SQLException {
    return ledger.count("SELECT count(*) FROM " + what);
  }
}
