package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events before and after the issue of their invoice, corrected ones, ones of a strange key that
 * are given to the customer a month later, and ones that were rejected and are replayed: {@code
 * -Dlate.seed}.
 */
@Tag("postgres")
class LateEventsTest {
  private static final int MONTHS = 5;
  private static final int EVENTS = 20;
  private static final int MANY = 1_000;
  private static final int CORRECTED = 8;

  /** A thousand at once, as a collector stores them: events and their sums under one number. */
  private static final String STORE =
      """
      WITH new AS (
        SELECT * FROM unnest('{%s}'::timestamptz[], '{%s}'::numeric[]) WITH ORDINALITY
          AS new (at, usage, place)
      ), number AS MATERIALIZED (SELECT open_cut() AS cut_no), stored AS (
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage,
          cut_no)
        SELECT at, (SELECT max(stream_id) FROM stream), %d + place, 'c', 'k_c', 'llm', 'm', usage,
          cut_no FROM new, number
      )
      INSERT INTO usage_rollup_shard AS r (hour, app_id, key_id, module, model, shard, events,
        usage, cut_no)
      SELECT date_trunc('hour', at, 'UTC'), 'c', 'k_c', 'llm', 'm', 99, count(*), sum(usage), cut_no
      FROM new, number GROUP BY 1, cut_no
      ON CONFLICT (hour, app_id, key_id, module, model, shard, cut_no)
      DO UPDATE SET events = r.events + excluded.events, usage = r.usage + excluded.usage
      """;

  /** The same events in other places of the table. */
  private static final List<String> SHUFFLE =
      List.of(
          "CREATE TABLE shuffled AS SELECT * FROM usage_event ORDER BY md5(seq::text)",
          "DELETE FROM usage_event",
          "INSERT INTO usage_event SELECT * FROM shuffled");

  @TempDir Path directory;

  private final Map<Instant, BigDecimal> used = new TreeMap<>();

  /** Of keys that nobody knows yet. */
  private final Map<Instant, BigDecimal> strange = new TreeMap<>();

  private int attributed;
  private int replayed;

  @Test
  void invoicesAndCreditNotes_overLateAndCorrectedEvents_addUpToThePriceOfTheLedger()
      throws Exception {
    long seed = Long.getLong("late.seed", System.nanoTime());
    System.out.println("late-events seed=" + seed);
    Random random = new Random(seed);
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      world.customer("c", "UTC");
      world.subscribe("c");
      Instant now = InvoiceWorld.START;
      for (int month = 3; month <= 9; month++) {
        world.http.world().execute("SELECT ensure_partition('2026-0" + month + "-01')");
      }
      int corrections = 0;
      for (int month = 1; month <= MONTHS; month++) {
        Instant next = now.plus(Duration.ofDays(31));
        attribute(world);
        for (int i = 0; i < EVENTS; i++) {
          use(world, random, next);
        }
        many(world, random, next);
        for (int i = 0; i < CORRECTED; i++) {
          corrections += correct(world, random);
        }
        world.move("c", next);
        world.run();
        now = next;
      }
      attribute(world);
      // What came last is settled with the invoice after it.
      world.move("c", now.plus(Duration.ofDays(32)));
      assertThat(world.run().failed()).isZero();
      for (String each : SHUFFLE) {
        world.http.world().execute(each);
      }
      int identical = 0;
      for (Issued each : world.of("c")) {
        identical += world.invoices().verify(each.number()).result() == Result.IDENTICAL ? 1 : 0;
      }
      long billed =
          world
              .http
              .world()
              .count(
                  """
                  SELECT (100 * coalesce(sum(CASE WHEN refers_to IS NULL THEN net ELSE -net END),
                    0))::bigint FROM invoice_line WHERE key LIKE 'usage/%'
                  """);
      Proof.of("late-events")
          .with("events", used.size())
          .with("corrections", corrections)
          .with("attributed", attributed)
          .with("replayed", replayed)
          .with("documents", world.of("c").size())
          .with("identical", identical)
          .with("billed_minor", billed)
          .with("seed", seed)
          .print();
      assertThat(billed).isEqualTo(price().movePointRight(2).longValueExact());
      assertThat(identical).isEqualTo(world.of("c").size());
      assertThat(attributed).isPositive();
      assertThat(replayed).isPositive();
    }
  }

  /** Anywhere between the start and a moment, and so mostly of periods that are billed. */
  private void use(InvoiceWorld world, Random random, Instant before) {
    long range = Duration.between(InvoiceWorld.START, before).toMillis();
    Instant at = InvoiceWorld.START.plusMillis(random.nextLong(range));
    BigDecimal usage = new BigDecimal(1 + random.nextInt(9_000)).movePointLeft(2);
    if (used.containsKey(at) || strange.containsKey(at)) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        send(world, "k_strange", at, usage.toPlainString(), 200);
        strange.put(at, usage);
      }
      case 1 -> {
        replay(world, at, usage);
        used.put(at, usage);
      }
      default -> {
        world.use("c", at, usage.toPlainString());
        used.put(at, usage);
      }
    }
  }

  private static void send(InvoiceWorld world, String key, Instant at, String usage, int expected) {
    Reply reply = world.http.send("POST", "/api/v1/events", event(key, at, usage));
    assertThat(reply.status()).as(reply.body()).isBetween(expected, expected + 99);
  }

  private static String event(String key, Instant at, String usage) {
    return """
    {"keyId":"%s","module":"llm","model":"m","usage":"%s","occurredAt":"%s"}
    """
        .formatted(key, usage, at);
  }

  /** Once it was rejected, since its usage was below 0. */
  private void replay(InvoiceWorld world, Instant at, BigDecimal usage) {
    send(world, "k_c", at, "-1", 400);
    String id = world.http.get("/api/v1/rejected?replayed=false").json().at("/items/0/id").asText();
    Reply stored =
        world.http.send(
            "POST", "/api/v1/rejected/" + id + "/replay", event("k_c", at, usage.toPlainString()));
    assertThat(stored.json().path("status").asText()).as(stored.body()).isEqualTo("stored");
    replayed++;
  }

  /** Gives the customer's app what came of a key that nobody knew. */
  private void attribute(InvoiceWorld world) {
    if (strange.isEmpty()) {
      return;
    }
    Reply given =
        world.http.send(
            "POST",
            "/api/v1/unattributed/attribute",
            "{\"appId\":\"c\",\"named\":\"k_strange\",\"reason\":\"theirs\"}");
    assertThat(given.json().path("attributed").asInt()).as(given.body()).isEqualTo(strange.size());
    attributed += strange.size();
    used.putAll(strange);
    strange.clear();
  }

  private void many(InvoiceWorld world, Random random, Instant before) throws SQLException {
    long range = Duration.between(InvoiceWorld.START, before).toMillis();
    StringJoiner times = new StringJoiner(",");
    StringJoiner amounts = new StringJoiner(",");
    int from = used.size();
    while (used.size() < from + MANY) {
      Instant at = InvoiceWorld.START.plusMillis(random.nextLong(range));
      BigDecimal usage = new BigDecimal(1 + random.nextInt(900)).movePointLeft(2);
      if (!strange.containsKey(at) && used.putIfAbsent(at, usage) == null) {
        times.add(at.toString());
        amounts.add(usage.toPlainString());
      }
    }
    world.http.world().execute(STORE.formatted(times, amounts, 10_000 * (1 + from)));
  }

  private int correct(InvoiceWorld world, Random random) {
    List<Instant> times = new ArrayList<>(used.keySet());
    Instant at = times.get(random.nextInt(times.size()));
    BigDecimal usage = new BigDecimal(random.nextInt(60));
    BigDecimal before = used.getOrDefault(at, BigDecimal.ZERO);
    if (before.signum() == 0 || before.compareTo(usage) == 0) {
      return 0;
    }
    world.correct("c", at, usage.toPlainString());
    used.put(at, usage);
    return 1;
  }

  /** Of each month 100 at 0.05, the rest at 0.013. */
  private BigDecimal price() {
    Map<YearMonth, BigDecimal> months = new TreeMap<>();
    used.forEach(
        (at, usage) ->
            months.merge(YearMonth.from(at.atOffset(ZoneOffset.UTC)), usage, BigDecimal::add));
    BigDecimal hundred = new BigDecimal("100");
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal month : months.values()) {
      BigDecimal first = month.min(hundred).multiply(new BigDecimal("0.05"));
      BigDecimal rest = month.subtract(hundred).max(BigDecimal.ZERO);
      sum =
          sum.add(
              first.add(rest.multiply(new BigDecimal("0.013"))).setScale(2, RoundingMode.HALF_UP));
    }
    return sum;
  }
}
