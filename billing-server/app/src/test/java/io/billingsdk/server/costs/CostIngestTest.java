package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cost of costs and analytics to the intake. Lanes with their hooks and without take turns, and
 * no cost is made meanwhile. Then two of them store as fast as they can, and the costs of one of
 * them are made at the same time, on the same processors.
 */
@Tag("postgres")
class CostIngestTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_TURNS = 200;
  private static final int TURNS = RELEASE ? RELEASE_TURNS : 12;
  private static final int WARM_UP = 6;

  /** Pairs of floods, and batches of a flood. */
  private static final int FLOODS = RELEASE ? 20 : 3;

  private static final int FLOOD = RELEASE ? 100 : 20;
  private static final int BATCH = 1_000;
  private static final Map<String, BigDecimal> TOKENS =
      Map.of("input_tokens", new BigDecimal("900"), "output_tokens", new BigDecimal("100"));

  private static final Random RANDOM = new Random(20);

  @TempDir Path directory;

  /** What stores a batch at a turn. For one thread. */
  private static final class Lane {
    private final UUID stream = UUID.randomUUID();
    private final String instance = "i-" + stream;
    private final AdmittedLane lane;
    private final Map<String, BigDecimal> quantities;
    private final List<Long> nanos = new ArrayList<>();
    private long seq;

    Lane(Database database, List<AppendHook> hooks, int shard, Map<String, BigDecimal> quantities) {
      this.lane = new AdmittedLane(database, hooks, shard, Clock.systemUTC());
      this.quantities = quantities;
    }

    void turn(boolean isMeasured) throws Exception {
      List<Admitted> batch = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        batch.add(
            new Admitted(
                stream,
                instance,
                ++seq,
                "k_1",
                BigDecimal.valueOf(1_000),
                Clock.systemUTC().instant(),
                List.of()));
      }
      long began = System.nanoTime();
      assertThat(lane.store(batch, quantities)).isEqualTo(BATCH);
      if (isMeasured) {
        nanos.add(System.nanoTime() - began);
      }
    }
  }

  @Test
  void intake_withHooksOfCosts_makesEachCost_atThePriceThatTheLineShows() throws Exception {
    World world = Testbed.get().world();
    try (Database database = world.database()) {
      KeyAdmin keys = new KeyAdmin(database, null);
      keys.createApp("acme", "Acme");
      keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      Feature.Platform platform =
          new Feature.Platform(database, new Secrets(directory.resolve("own")));
      CostsFeature costs = new CostsFeature(platform, List.of(PerformanceFeature.sums()));
      try (costs) {
        costs.start();
        List<AppendHook> hooks =
            Stream.of(costs.hooks(), new PerformanceFeature(platform).hooks())
                .flatMap(List::stream)
                .toList();
        List<Lane> lanes =
            List.of(
                new Lane(database, List.of(), 0, TOKENS),
                new Lane(database, hooks, 1, TOKENS),
                new Lane(database, List.of(), 2, Map.of()),
                new Lane(database, hooks, 3, Map.of()));
        List<Lane> order = new ArrayList<>(lanes);
        for (int turn = -WARM_UP; turn < TURNS; turn++) {
          Collections.shuffle(order, RANDOM);
          for (Lane each : order) {
            // Costs of the lane before would take a processor from this one.
            costs.runNow();
            each.turn(turn >= 0);
          }
        }
        List<Long> floods = floods(costs, lanes.get(0), lanes.get(1));
        flood(costs, lanes.get(1));
        long before = world.count("SELECT count(*) FROM cost");
        long began = System.nanoTime();
        costs.runNow();
        long made = world.count("SELECT count(*) FROM cost") - before;
        print(lanes, floods, made * 1_000_000_000L / (System.nanoTime() - began));
        long each = (long) BATCH * (TURNS + WARM_UP + (FLOODS + 1) * FLOOD);
        assertThat(world.count("SELECT count(*) FROM cost WHERE state = 'priced'")).isEqualTo(each);
        lanes.forEach(lane -> lane.lane.close());
      }
    }
  }

  /** Of each pair, the time without costs over that with them, in thousandths. */
  private static List<Long> floods(CostsFeature costs, Lane without, Lane with) throws Exception {
    List<Long> perMille = new ArrayList<>();
    for (int pair = 0; pair < FLOODS; pair++) {
      boolean isFirst = RANDOM.nextBoolean();
      long first = flood(costs, isFirst ? without : with);
      long second = flood(costs, isFirst ? with : without);
      perMille.add(isFirst ? 1_000 * first / second : 1_000 * second / first);
    }
    return perMille;
  }

  private static long flood(CostsFeature costs, Lane lane) throws Exception {
    costs.runNow();
    long began = System.nanoTime();
    for (int i = 0; i < FLOOD; i++) {
      lane.turn(/* isMeasured= */ false);
    }
    return System.nanoTime() - began;
  }

  private static void print(List<Lane> lanes, List<Long> floods, long costsPerSecond) {
    Proof.sized("costs-ingest", TURNS, RELEASE_TURNS)
        .with("batch", BATCH)
        .with("events_each", (long) TURNS * BATCH)
        .with("tokens_without_per_s", perSecond(lanes.get(0)))
        .with("tokens_with_per_s", perSecond(lanes.get(1)))
        .with("tokens_kept", kept(lanes.get(0), lanes.get(1)))
        .with("plain_without_per_s", perSecond(lanes.get(2)))
        .with("plain_with_per_s", perSecond(lanes.get(3)))
        .with("plain_kept", kept(lanes.get(2), lanes.get(3)))
        .with("flood_kept", percent(median(floods)))
        .with("costs_made_per_s", costsPerSecond)
        .with("target", "kept>=90%")
        .print();
  }

  private static long perSecond(Lane lane) {
    return BATCH * 1_000_000_000L / median(lane.nanos);
  }

  /** Both lanes of a turn meet the same machine: the share is that of the turn in the middle. */
  private static String kept(Lane without, Lane with) {
    List<Long> perMille = new ArrayList<>();
    for (int i = 0; i < with.nanos.size(); i++) {
      perMille.add(1_000 * without.nanos.get(i) / Math.max(1, with.nanos.get(i)));
    }
    return percent(median(perMille));
  }

  private static String percent(long perMille) {
    return String.format(Locale.ROOT, "%.1f%%", perMille / 10.0);
  }

  private static long median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
