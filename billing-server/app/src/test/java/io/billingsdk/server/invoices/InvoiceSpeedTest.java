package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first of a month: all subscriptions are due at once. {@code -Dsize=release}. */
@Tag("postgres")
class InvoiceSpeedTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int SUBSCRIPTIONS =
      Integer.getInteger("invoice.subscriptions", RELEASE ? 100_000 : 1_000);
  private static final int SERVERS = Integer.getInteger("invoice.servers", 1);
  private static final Instant JUNE = Instant.parse("2026-06-01T02:00:00Z");

  private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
  private static final int RATED = RELEASE ? 1_000_000 : 20_000;

  /** One in each second, from the hour after the start. */
  private static final String AT = "timestamptz '2026-03-11 13:00:00+00' + i * interval '1 second'";

  private static final String EVENTS =
      """
      INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage)
      SELECT %s, e.stream_id, 1000 + i, 'c', 'k_c', 'llm', 'm', 1
      FROM generate_series(1, %%d) AS i, (SELECT * FROM usage_event LIMIT 1) e
      """
          .formatted(AT);

  private static final String ROLLUPS =
      """
      INSERT INTO usage_rollup_shard (hour, app_id, key_id, module, model, shard, events, usage)
      SELECT date_trunc('hour', %s), 'c', 'k_c', 'llm', 'm', 1, count(*), count(*)
      FROM generate_series(1, %%d) AS i GROUP BY 1
      """
          .formatted(AT);

  @TempDir Path directory;

  @Test
  void run_onTheFirst_billsAllSubscriptionsOnce() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      Subscription model = model(world);
      ManyCustomers.copy(world, model, SUBSCRIPTIONS - 1);
      CpuUsed before = CpuUsed.now(world.http.world());
      long begun = System.nanoTime();
      Progress sum = run(world);
      double seconds = (System.nanoTime() - begun) / 1e9;
      CpuUsed used = CpuUsed.now(world.http.world()).since(before);
      assertThat(sum.failed()).isZero();
      assertThat(sum.invoices()).isEqualTo(SUBSCRIPTIONS);
      Proof.of("invoice-speed")
          .with("size", RELEASE ? "release" : "commit")
          .with("subscriptions", SUBSCRIPTIONS)
          .with("spans", count(world, "invoice_span"))
          .with("lines", count(world, "invoice_line"))
          .with("events", count(world, "usage_event"))
          .with("rollup_rows", count(world, "usage_rollup_shard"))
          .with("servers", SERVERS)
          .with("threads", SERVERS * InvoiceRun.THREADS)
          .with("seconds", String.format(Locale.ROOT, "%.1f", seconds))
          .with("per_s", String.format(Locale.ROOT, "%.0f", SUBSCRIPTIONS / seconds))
          .with("jvm_cpu_ms_each", cpu(used.jvm()))
          .with("database_cpu_ms_each", cpu(used.sessions()))
          .with("target", "100000_in_600_s")
          .print();
      assertThat(count(world, "invoice_series WHERE last_number = " + (SUBSCRIPTIONS - 1)))
          .isEqualTo(1);
    }
  }

  /** From the rollups: the events are read only for their digest. */
  @Test
  void rate_ofAMillionEvents_comesFromTheRollups() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      Subscription subscription = world.used("c");
      world.http.world().execute(EVENTS.formatted(RATED));
      world.http.world().execute(ROLLUPS.formatted(RATED));
      world.http.world().execute("ANALYZE");
      Span march = new Span(subscription.id(), 2, InvoiceWorld.START, APRIL, 1, 2);
      LedgerUsage usage =
          new LedgerUsage(
              new MeterReader(world.database),
              new Customers(world.database, InvoiceWorld.TESTER).spans("c"),
              MeterQuery.NOW);
      SpanRating rating = new SpanRating(subscription, usage, List.of());
      long begun = System.nanoTime();
      List<RatedUsage> rated = rating.rate(march, PeriodPart.COMPLETE);
      long seconds = System.nanoTime() - begun;
      begun = System.nanoTime();
      String events = rated.get(0).details().get().path("events").asText();
      long digest = System.nanoTime() - begun;
      assertThat(Long.parseLong(events)).isEqualTo(RATED + 1L);
      // 100 at 0.05 and the rest of the whole numbers and of the 150.5 at 0.013.
      assertThat(rated.get(0).amount().amount())
          .isEqualByComparingTo(
              new BigDecimal("5")
                  .add(
                      new BigDecimal("0.013")
                          .multiply(new BigDecimal(RATED + ".5").add(new BigDecimal(50))))
                  .setScale(2, RoundingMode.HALF_UP));
      Proof.of("rating-speed")
          .with("size", RELEASE ? "release" : "commit")
          .with("events", events)
          .with("rollup_rows", count(world, "usage_rollup_shard"))
          .with("rating_s", String.format(Locale.ROOT, "%.3f", seconds / 1e9))
          .with("digest_s", String.format(Locale.ROOT, "%.3f", digest / 1e9))
          .with("target", "rating_s<1_of_1000000")
          .print();
    }
  }

  /** Three months with usage: two of them are billed, the third one is due. */
  private static Subscription model(InvoiceWorld world) throws Exception {
    world.customer("pattern", "UTC");
    Subscription model = world.subscribe("pattern");
    Instant at = InvoiceWorld.START.plus(Duration.ofDays(1));
    for (int i = 0; i < 10; i++) {
      world.use("pattern", at.plus(Duration.ofHours(182L * i)), "7.25");
    }
    world.move("pattern", Instant.parse("2026-05-01T02:00:00Z"));
    world.run();
    world.move("pattern", JUNE);
    new Spans(world.database).noteAll();
    return model;
  }

  private static Progress run(InvoiceWorld world) throws Exception {
    ExecutorService servers = Executors.newFixedThreadPool(SERVERS);
    try {
      CountDownLatch start = new CountDownLatch(SERVERS);
      List<Future<Progress>> runs = new ArrayList<>();
      for (int i = 0; i < SERVERS; i++) {
        runs.add(
            servers.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return world.timed();
                }));
      }
      Progress sum = Progress.NONE;
      for (Future<Progress> each : runs) {
        sum = sum.plus(each.get());
      }
      return sum;
    } finally {
      servers.shutdownNow();
    }
  }

  private static String cpu(Duration used) {
    return String.format(Locale.ROOT, "%.1f", used.toNanos() / 1e6 / SUBSCRIPTIONS);
  }

  private static long count(InvoiceWorld world, String what) throws Exception {
    return world.http.world().count("SELECT count(*) FROM " + what);
  }
}
