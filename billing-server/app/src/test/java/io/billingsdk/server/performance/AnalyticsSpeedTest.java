package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.performance.Bottlenecks.Bottleneck;
import io.billingsdk.server.performance.Sums.By;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the analytics take over a month of records, beside the same questions to the records
 * themselves. Times are printed, and only what the answers say is asserted. {@code -Dsize=full} for
 * 500,000 costs and as many steps, {@code -Dsize=release} for ten million.
 */
@Tag("postgres")
class AnalyticsSpeedTest {
  private static final String PROOF = "analytics-speed";
  private static final long RELEASE = 10_000_000;
  private static final long RECORDS = Long.getLong("speed.records", recordsOf(size()));
  private static final boolean SMALL = RECORDS <= 20_000;
  private static final int REQUESTS = Integer.getInteger("speed.requests", SMALL ? 80 : 800);
  private static final int ROUNDS = SMALL ? 3 : 5;

  /** The database is warm after a few; a server that has run for a while is after many more. */
  private static final int WARM_UP_OF_RAW = SMALL ? 1 : 5;

  private static final int WARM_UP = SMALL ? 1 : 300;
  private static final Range MONTH =
      new Range(AnalyticsLoad.FIRST, Pieces.endOfQuarter(AnalyticsLoad.LAST));
  private static final List<String> ZONES =
      ZoneId.getAvailableZoneIds().stream()
          .filter(zone -> zone.matches("[A-Za-z/_]+"))
          .sorted()
          .toList();
  private static final List<String> TASKS =
      List.of("", "video_generation", "material_analysis", "voiceover_processing");
  private static final List<String> PERIODS = List.of("daily", "weekly", "monthly");

  private static final String RAW_P95 =
      """
      SELECT step_name, percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms)::numeric
      FROM performance_step
      WHERE at >= '%s' AND at < '%s' AND status <> 'started' AND NOT is_whole GROUP BY step_name
      """;

  private static final String RAW_SUMS =
      "SELECT %s, sum(amount) FROM cost WHERE at >= '%s' AND at < '%s' GROUP BY 1";

  @TempDir Path directory;

  private HttpTestbed http;

  private static String size() {
    return System.getProperty("size", "commit");
  }

  private static long recordsOf(String size) {
    return switch (size) {
      case "release" -> RELEASE;
      case "full" -> 500_000;
      default -> 20_000;
    };
  }

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    http.setAnalyticsTime(() -> AnalyticsLoad.LAST);
    AnalyticsLoad.into(http.world(), RECORDS);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void analytics_overAMonthOfRecords_sayWhatTheRecordsSay_inTheTimesPrinted() throws Exception {
    printDisk();
    printPercentiles();
    printSums();
    printApis();
  }

  private Proof proof(String what) {
    return Proof.sized(PROOF, RECORDS, RELEASE).with("of", what).with("records_each", RECORDS);
  }

  private void printDisk() throws SQLException {
    long costs = bytes("cost");
    long steps = bytes("performance_step");
    long sums = bytes("analytics_sum") + bytes("analytics_series");
    long sketches = bytes("performance_sketch");
    proof("disk")
        .with("costs_kib", costs >> 10)
        .with("steps_kib", steps >> 10)
        .with("sums_kib", sums >> 10)
        .with("sketches_kib", sketches >> 10)
        .with("of_raw", percent(sums + sketches, costs + steps))
        .with("target", "<=10%")
        .print();
  }

  private long bytes(String table) throws SQLException {
    // A table that is not in parts is no tree.
    return http.world()
        .count(
            """
            SELECT pg_total_relation_size('%1$s') + coalesce((SELECT
              sum(pg_total_relation_size(relid)) FROM pg_partition_tree('%1$s')
              WHERE relid <> '%1$s'::regclass), 0)::bigint
            """
                .formatted(table));
  }

  private static String percent(long part, long whole) {
    return BigDecimal.valueOf(100 * part).divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_UP)
        + "%";
  }

  /** What was found, and how long it took in the middle of the rounds. */
  private record Found<T>(T answer, long nanos) {
    static <T> Found<T> of(int warmUp, Callable<T> question) throws Exception {
      T answer = question.call();
      for (int i = 1; i < warmUp; i++) {
        answer = question.call();
      }
      long[] nanos = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        long began = System.nanoTime();
        answer = question.call();
        nanos[i] = System.nanoTime() - began;
      }
      return new Found<>(answer, Readers.median(nanos));
    }
  }

  private void printPercentiles() throws Exception {
    try (Database database = http.world().database();
        Connection owner = AnalyticsLoad.connect(http.world())) {
      String sql = RAW_P95.formatted(MONTH.from(), MONTH.to());
      Found<Map<String, BigDecimal>> raw = Found.of(WARM_UP_OF_RAW, () -> asked(owner, sql));
      Found<List<Bottleneck>> ours =
          Found.of(WARM_UP, () -> new Bottlenecks(database, 0).of(MONTH, null));
      assertThat(ours.answer()).hasSize(raw.answer().size()).isNotEmpty();
      BigDecimal worst = BigDecimal.ZERO;
      for (Bottleneck each : ours.answer()) {
        BigDecimal exact = raw.answer().getOrDefault(each.step(), BigDecimal.ZERO);
        BigDecimal off = each.p95().subtract(exact).abs().divide(exact, 6, RoundingMode.HALF_UP);
        worst = worst.max(off);
      }
      assertThat(worst).isLessThanOrEqualTo(new BigDecimal("0.01"));
      times(proof("p95-of-30-days"), raw.nanos(), ours.nanos(), 20)
          .with("off_at_most", worst.movePointRight(2).stripTrailingZeros().toPlainString() + "%")
          .print();
    }
  }

  private void printSums() throws Exception {
    try (Database database = http.world().database();
        Connection owner = AnalyticsLoad.connect(http.world())) {
      for (By by : List.of(By.USER, By.SERVICE, By.BUCKET)) {
        String name = by == By.USER ? "subject" : by == By.SERVICE ? "service" : "''";
        String sql = RAW_SUMS.formatted(name, MONTH.from(), MONTH.to());
        Found<Map<String, BigDecimal>> raw = Found.of(WARM_UP_OF_RAW, () -> asked(owner, sql));
        Found<Map<String, CostSum>> ours =
            Found.of(
                WARM_UP,
                () ->
                    CostSum.byName(
                        database.read(handle -> Sums.of(handle, by, Pieces.of(List.of(MONTH)))),
                        "USD"));
        assertThat(ours.answer().keySet()).isEqualTo(raw.answer().keySet()).isNotEmpty();
        ours.answer()
            .forEach(
                (one, sum) ->
                    assertThat(sum.known())
                        .as(one)
                        .isEqualByComparingTo(raw.answer().getOrDefault(one, BigDecimal.ZERO)));
        String what = "sums-by-" + by.name().toLowerCase(Locale.ROOT);
        times(proof(what), raw.nanos(), ours.nanos(), 25).print();
      }
    }
  }

  private static Proof times(Proof proof, long raw, long ours, int target) {
    return proof
        .with("raw_us", TimeUnit.NANOSECONDS.toMicros(raw))
        .with("ours_us", TimeUnit.NANOSECONDS.toMicros(ours))
        .with("times", raw / Math.max(1, ours))
        .with("target", ">=" + target);
  }

  private static Map<String, BigDecimal> asked(Connection owner, String sql) throws SQLException {
    Map<String, BigDecimal> found = new TreeMap<>();
    try (Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getBigDecimal(2));
      }
    }
    return found;
  }

  private static String zone(int number) {
    return "zone=" + ZONES.get(number % ZONES.size());
  }

  private static String period(int number) {
    return "period=" + PERIODS.get(number % PERIODS.size());
  }

  private void printApis() throws Exception {
    print("cost/users", i -> "?" + zone(i) + "&" + period(i) + "&topN=" + (1 + i % 1_000));
    print("cost/services", i -> "?" + zone(i) + "&" + period(i));
    print("cost/trend", i -> "?" + zone(i) + "&days=" + (1 + i % 366));
    print("cost/prompts", i -> "?" + zone(i) + "&" + period(i));
    print(
        "performance/bottleneck",
        i -> "?" + zone(i) + "&" + period(i) + "&taskType=" + TASKS.get(i % TASKS.size()));
    print("recommendations", i -> "?" + zone(i) + "&" + period(i));
    print("executions", i -> "/run-" + i * 7L % Math.max(1, RECORDS / 5));
  }

  private void print(String api, IntFunction<String> query) throws Exception {
    IntFunction<String> path = i -> "/api/analytics/" + api + query.apply(i);
    JsonNode first = http.get(path.apply(2)).json();
    assertThat(first.isEmpty()).as(first.toString()).isFalse();
    // Beside the compilers, no request takes what it takes.
    long[] warm = Readers.ask(http, REQUESTS / 2, path);
    long[] nanos = Readers.ask(http, REQUESTS, path);
    assertThat(warm).isNotEmpty();
    proof(api)
        .with("readers", 40)
        .with("requests", nanos.length)
        .with("p50_ms", Readers.millis(nanos, 0.5))
        .with("p99_ms", Readers.millis(nanos, 0.99))
        .with("target", "<300")
        .print();
  }
}
