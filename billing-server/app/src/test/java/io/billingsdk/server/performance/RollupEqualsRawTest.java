package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.costs.Percentile;
import io.billingsdk.server.performance.Bottlenecks.Bottleneck;
import io.billingsdk.server.performance.KilledWork.Place;
import io.billingsdk.server.performance.Question.Bucket;
import io.billingsdk.server.performance.RollupWorld.Timed;
import io.billingsdk.server.performance.RollupWorld.Use;
import io.billingsdk.server.performance.Sums.By;
import io.billingsdk.server.performance.Sums.Sum;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sums and sketches are those of the events, whatever the order, with duplicates, late events,
 * corrections and other prices, and with sessions of the database killed at their work.
 */
@Tag("postgres")
class RollupEqualsRawTest {
  private static final int RELEASE_KILLS = 100;
  private static final int KILLS =
      "release".equals(System.getProperty("size")) ? RELEASE_KILLS : 20;
  private static final Place[] PLACES = Place.values();
  private static final int EACH = 20;
  private static final int ZONES = 50;
  private static final BigDecimal ONE_PERCENT = new BigDecimal("0.01");

  @TempDir Path directory;

  private final long seed = Long.getLong("rollup.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private RollupWorld world;

  @BeforeEach
  void start() {
    System.out.println("rollup-equals-raw seed=" + seed);
    world = new RollupWorld(directory, random);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void sums_afterKillsAndChanges_areThoseOfTheEvents_byteByByte() throws Exception {
    KilledWork killed = new KilledWork(world);
    for (int round = 0; round < KILLS; round++) {
      killed.sendAndWork(PLACES[round % PLACES.length], EACH);
      if (round % 4 == 3) {
        world.correct(2);
      }
    }
    world.work();
    world.priceTheUnknown();
    world.work();

    assertThat(killed.kills()).as("kills that hit").isEqualTo(KILLS);
    requireRebuiltTheSame();
    requireSumsOfEvents();
    int days = requireDaysOfZones();
    BigDecimal worst = requirePercentiles();
    Proof.sized("rollup-equals-raw", killed.kills(), RELEASE_KILLS)
        .with("uses", world.uses.size())
        .with("steps", world.steps.size())
        .with("duplicates", world.duplicates)
        .with("corrections", world.corrections)
        .with("kills", killed.kills())
        .with("places_of_kills", PLACES.length)
        .with("zones", ZONES)
        .with("days_compared", days)
        .with("wrong", 0)
        .with("rebuild", "byte-identical")
        .with("p95_off_at_most", worst.movePointRight(2).stripTrailingZeros().toPlainString() + "%")
        .with("seed", seed)
        .print();
  }

  private void requireRebuiltTheSame() {
    String before = world.contents();
    world
        .http
        .database()
        .useTransaction(
            handle -> {
              SumRebuild.run(handle);
            });
    world
        .http
        .database()
        .useTransaction(
            handle -> {
              Sketches.rebuild(handle);
            });
    assertThat(world.contents()).isEqualTo(before);
  }

  private List<Sum> sums(By by, List<Range> ranges) {
    return world.http.database().read(handle -> Sums.of(handle, by, Pieces.of(ranges)));
  }

  private static Range ever() {
    Instant now = Instant.now();
    return new Range(
        Pieces.begin(now.minus(Duration.ofDays(380)), 15), now.plus(Duration.ofDays(1)));
  }

  private static Range ofQuarters(Range range) {
    return new Range(Pieces.begin(range.from(), 15), Pieces.endOfQuarter(range.to()));
  }

  private void requireSumsOfEvents() {
    for (By by : List.of(By.USER, By.SERVICE)) {
      Map<String, CostSum> found = CostSum.byName(sums(by, List.of(ofQuarters(ever()))), "USD");
      Map<String, List<Use>> expected =
          world.uses.stream()
              .collect(Collectors.groupingBy(use -> by == By.USER ? use.user : use.service));
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      found.forEach(
          (name, sum) -> {
            List<Use> own = expected.getOrDefault(name, List.of());
            assertThat(sum.uses()).as(name).isEqualTo(own.size());
            assertThat(sum.unknown()).as(name).isZero();
            assertThat(sum.known()).as(name).isEqualByComparingTo(cost(own));
          });
    }
  }

  private static BigDecimal cost(List<Use> uses) {
    return uses.stream().map(Use::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Each day of a year by itself, and all of them together. */
  private int requireDaysOfZones() {
    int days = 0;
    for (String zone : zones()) {
      Question question =
          new Question(Period.DAILY, new LocalDays(ZoneId.of(zone)), Instant.now(), "USD");
      List<Bucket> buckets = question.buckets(366);
      List<Sum> sums = sums(By.BUCKET, buckets.stream().map(Bucket::range).toList());
      Map<Integer, List<Sum>> byDay = sums.stream().collect(Collectors.groupingBy(Sum::bucket));
      Map<LocalDate, List<Use>> expected =
          world.uses.stream()
              .collect(Collectors.groupingBy(use -> LocalDate.ofInstant(use.at, ZoneId.of(zone))));
      BigDecimal total = BigDecimal.ZERO;
      for (int i = 0; i < buckets.size(); i++) {
        BigDecimal day = known(byDay.getOrDefault(i, List.of()));
        assertThat(day)
            .as("%s in %s", buckets.get(i).date(), zone)
            .isEqualByComparingTo(cost(expected.getOrDefault(buckets.get(i).date(), List.of())));
        total = total.add(day);
        days++;
      }
      Range range =
          new Range(buckets.get(0).range().from(), buckets.get(buckets.size() - 1).range().to());
      assertThat(known(sums(By.BUCKET, List.of(range)))).as(zone).isEqualByComparingTo(total);
    }
    return days;
  }

  private static BigDecimal known(List<Sum> sums) {
    CostSum sum = CostSum.byName(sums, "USD").get("");
    return sum == null ? BigDecimal.ZERO : sum.known();
  }

  private List<String> zones() {
    List<String> all = new ArrayList<>(new TreeSet<>(ZoneId.getAvailableZoneIds()));
    Collections.shuffle(all, random);
    List<String> some =
        new ArrayList<>(
            List.of(
                "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe", "America/St_Johns"));
    some.addAll(all);
    return some.stream().distinct().limit(ZONES).toList();
  }

  /** By the sketches, by the table, and by what was sent. */
  private BigDecimal requirePercentiles() {
    List<Bottleneck> exact = new Bottlenecks(world.http.database()).of(ever(), null);
    List<Bottleneck> sketched = new Bottlenecks(world.http.database(), 0).of(ever(), null);
    assertThat(sketched).hasSameSizeAs(exact);
    Map<String, List<Long>> sent = new HashMap<>();
    for (Timed each : world.steps.values()) {
      sent.computeIfAbsent(each.step(), step -> new ArrayList<>()).add(each.millis());
    }
    BigDecimal worst = BigDecimal.ZERO;
    for (Bottleneck each : exact) {
      List<Long> own = sent.getOrDefault(each.step(), List.of()).stream().sorted().toList();
      assertThat(each.p95()).isEqualByComparingTo(Percentile.linear(own, new BigDecimal("95")));
      assertThat(each.count()).isEqualTo(own.size());
      Bottleneck other =
          sketched.stream().filter(one -> one.step().equals(each.step())).findFirst().orElseThrow();
      assertThat(List.of(other.count(), other.most(), other.average()))
          .isEqualTo(List.of(each.count(), each.most(), each.average()));
      BigDecimal off =
          other
              .p95()
              .subtract(each.p95())
              .abs()
              .divide(each.p95(), 6, java.math.RoundingMode.HALF_UP);
      assertThat(off).as(each.step()).isLessThanOrEqualTo(ONE_PERCENT);
      worst = worst.max(off);
    }
    return worst;
  }
}
