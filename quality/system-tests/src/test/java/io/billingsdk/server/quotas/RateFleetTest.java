package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.RatePart;
import io.billingsdk.server.control.LeaseBridge;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten instances with uneven demand on one key, by the SDK's code and the server's, over PostgreSQL:
 * in no window do all of them together admit more than the rate and one burst.
 */
@Tag("postgres")
@Tag("simulation")
final class RateFleetTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int RELEASE_SECONDS = 600;
  private static final int SECONDS = RELEASE ? RELEASE_SECONDS : 45;
  private static final int INSTANCES = 10;
  private static final long RATE = 200;
  private static final long BURST = 100;
  private static final Duration STEP = Duration.ofMillis(5);
  private static final long SEED = Long.getLong("rate.seed", System.nanoTime());

  private Database database;

  @BeforeEach
  void start() throws Exception {
    database = Testbed.get().world().database();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** All instances on one key; how often more was admitted than one key may. */
  private final class Fleet {
    private final Random random = new Random(SEED);
    private final SimulatedTime time = new SimulatedTime();
    private final Map<String, SdkInstance> instances = new LinkedHashMap<>();
    private final Map<String, Long> firstCallNanos = new LinkedHashMap<>();
    private final Map<String, Integer> joinedAt = new LinkedHashMap<>();
    private final List<Long> shareMillis = new ArrayList<>();
    private final LeaseBridge server;
    private long admitted;
    private long over;
    private long joined;

    /** What the key has used of its burst, in nanoseconds of its rate. */
    private long levelNanos;

    private long lastNanos;

    Fleet(UnaryOperator<LeaseAnswer> fault) {
      FixedQuotas source = new FixedQuotas().withRate("k_1", Long.toString(RATE), BURST);
      Quotas quotas = new Quotas(database, source, QuotaMeters.BY_FIELD, time.server());
      server = new LeaseBridge(quotas.instances(), new UUID(1, 1), fault);
    }

    void run(int seconds) {
      for (int step = 0; step < seconds * 200; step++) {
        int second = step / 200;
        if (step % 200 == 0) {
          comeAndGo(second);
        }
        int index = 0;
        for (SdkInstance each : List.copyOf(instances.values())) {
          call(each, calls(each, index++, second));
        }
        time.advance(STEP);
      }
    }

    private void comeAndGo(int second) {
      if (instances.size() < INSTANCES && (joined < 7 || second % 3 == 0)) {
        SdkInstance made =
            new SdkInstance(
                "i-" + ++joined,
                time,
                server,
                instances,
                () -> 1 + random.nextInt(20),
                List.of(
                    SdkInstance.key(
                        "k_1",
                        "sk-1",
                        "acme",
                        new KeyRecord.Rate(BigDecimal.valueOf(RATE), BURST),
                        List.of())),
                Map.of("sk-1", "k_1"));
        joinedAt.put(made.name(), second);
      }
      if (second % 17 == 16) {
        // It is gone without a word.
        instances.values().stream().skip(2).findFirst().ifPresent(SdkInstance::kill);
      }
    }

    /** Uneven, and each in its turn rests until its share runs out. */
    private int calls(SdkInstance instance, int index, int second) {
      boolean isNew = second - joinedAt.getOrDefault(instance.name(), 0) < 3;
      boolean rests = !isNew && (second / 9) % INSTANCES == index;
      return rests || random.nextInt(INSTANCES) > index ? 0 : 1 + random.nextInt(2);
    }

    private void call(SdkInstance instance, int calls) {
      for (int i = 0; i < calls; i++) {
        long now = time.nanos();
        firstCallNanos.putIfAbsent(instance.name(), now);
        if (instance.admit("sk-1", 1) instanceof Admitted call) {
          call.close();
          admit(now);
          Long first = firstCallNanos.put(instance.name(), Long.MIN_VALUE);
          if (first != null && first != Long.MIN_VALUE) {
            shareMillis.add((now - first) / 1_000_000);
          }
        }
      }
    }

    /** One bucket of the whole key: it overflows if any window has more than rate x t + burst. */
    private void admit(long now) {
      long interval = 1_000_000_000L / RATE;
      levelNanos = Math.max(0, levelNanos - (now - lastNanos)) + interval;
      lastNanos = now;
      admitted++;
      over += levelNanos > BURST * interval ? 1 : 0;
    }

    long slowestShareMillis() {
      return shareMillis.stream().mapToLong(Long::longValue).max().orElse(-1);
    }
  }

  @Test
  void calls_ofTenUnevenInstances_areNeverMoreThanTheRateAndABurst() {
    Fleet fleet = new Fleet(answer -> answer);
    fleet.run(SECONDS);
    Proof.sized("rate-fleet", SECONDS, RELEASE_SECONDS)
        .with("instances", INSTANCES)
        .with("joined", fleet.joined)
        .with("seconds", SECONDS)
        .with("admitted", fleet.admitted)
        .with("bound", RATE * SECONDS + BURST)
        .with("over", fleet.over)
        .with("share_ms", fleet.slowestShareMillis())
        .with("seed", SEED)
        .print();

    assertThat(fleet.over).as("seed %d", SEED).isZero();
    assertThat(fleet.admitted)
        .as("seed %d", SEED)
        .isBetween(RATE * SECONDS / 2, RATE * SECONDS + BURST);
    assertThat(fleet.slowestShareMillis())
        .as("seed %d %s", SEED, fleet.shareMillis)
        .isBetween(0L, 1_000L);
  }

  /** Planted: nothing is divided. */
  @Test
  void planted_eachInstanceGetsTheFullRate_isFound() {
    Fleet fleet =
        new Fleet(
            answer ->
                new LeaseAnswer(
                    answer.instance(),
                    answer.stream(),
                    answer.number(),
                    answer.leases(),
                    answer.rates().stream()
                        .map(
                            each ->
                                new RatePart(
                                    each.keyId(),
                                    Math.max(1, each.share()),
                                    BigDecimal.valueOf(RATE),
                                    BURST,
                                    each.expiresInMillis(),
                                    each.isFull(),
                                    /* isToBeConfirmed= */ false))
                        .toList()));
    fleet.run(5);
    Proof.of("rate-fleet-planted")
        .with("instances", INSTANCES)
        .with("over", fleet.over)
        .with("found", fleet.over > 0 ? 1 : 0)
        .print();

    assertThat(fleet.over).as("seed %d", SEED).isPositive();
  }
}
