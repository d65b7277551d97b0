package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.RateDemand;
import io.billingsdk.server.control.InstanceLeases.RatePart;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The parts of a rate that all instances apply are never more than the rate. */
@Tag("postgres")
class RateSharesTest {
  private static final String RATE = "50";
  private static final long BURST = 40;
  private static final int ROUNDS = 120;
  private static final int INSTANCES = 10;
  private static final long SEED = Long.getLong("rate.seed", System.nanoTime());

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T12:00:00Z"));
  private final Random random = new Random(SEED);
  private Database database;
  private InstanceQuotas server;

  @BeforeEach
  void start() throws Exception {
    World world = Testbed.get().world();
    database = world.database();
    FixedQuotas source = new FixedQuotas().withRate("k_1", RATE, BURST);
    server = (InstanceQuotas) new Quotas(database, source, QuotaMeters.BY_FIELD, clock).instances();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** As an SDK applies it: messages may be late, and it stops when its part has ended. */
  private final class Instance {
    private final String name;
    private final UUID stream = UUID.randomUUID();
    private final Deque<RatePart> late = new ArrayDeque<>();
    private @Nullable RatePart part;
    private Instant ends = Instant.EPOCH;
    private long request;

    Instance(String name) {
      this.name = name;
    }

    List<LeaseAnswer> ask(long asked) {
      Instant sent = clock.instant();
      RatePart now = part;
      List<LeaseAnswer> answers =
          server.ask(
              name,
              new LeaseQuestion(
                  ++request,
                  stream,
                  List.of(),
                  List.of(new RateDemand("k_1", now == null ? 0 : now.share(), asked)),
                  List.of()));
      RatePart own = answers.get(0).rates().get(0);
      ends = sent.plusMillis(own.expiresInMillis() * 9 / 10);
      take(own);
      return answers;
    }

    void take(RatePart received) {
      if (part == null || received.share() >= part.share()) {
        part = received;
      }
    }

    BigDecimal perSecond() {
      RatePart now = part;
      return now == null || !clock.instant().isBefore(ends) ? BigDecimal.ZERO : now.perSecond();
    }

    long burst() {
      RatePart now = part;
      return now == null || !clock.instant().isBefore(ends) ? 0 : now.burst();
    }
  }

  @Test
  void parts_ofUnevenInstancesThatComeAndGo_areNeverMoreThanTheRate() {
    List<Instance> instances = new ArrayList<>();
    long over = 0;
    BigDecimal most = BigDecimal.ZERO;
    for (int round = 0; round < ROUNDS; round++) {
      if (instances.size() < INSTANCES && random.nextInt(4) == 0) {
        instances.add(new Instance("i-" + instances.size() + "-" + round));
      }
      if (instances.size() > 3 && random.nextInt(20) == 0) {
        // It is gone without a word.
        instances.remove(random.nextInt(instances.size()));
      }
      for (Instance each : instances) {
        if (random.nextInt(3) != 0) {
          deliver(instances, each.ask(1 + random.nextInt(round % 7 == 0 ? 100 : 5)));
        }
        while (!each.late.isEmpty() && random.nextBoolean()) {
          each.take(each.late.remove());
        }
        BigDecimal sum =
            instances.stream().map(Instance::perSecond).reduce(BigDecimal.ZERO, BigDecimal::add);
        long burst = instances.stream().mapToLong(Instance::burst).sum();
        over += sum.compareTo(new BigDecimal(RATE)) > 0 || burst > BURST ? 1 : 0;
        most = most.max(sum);
      }
      clock.advance(Duration.ofMillis(random.nextInt(1_500)));
    }
    Proof.of("rate-shares")
        .with("seed", SEED)
        .with("instances", INSTANCES)
        .with("rounds", ROUNDS)
        .with("rate", RATE)
        .with("most_applied", most.toPlainString())
        .with("over", over)
        .print();

    assertThat(over).as("seed %d", SEED).isZero();
    assertThat(most).as("seed %d", SEED).isGreaterThan(new BigDecimal("30"));
  }

  /** Pushed parts wait a while at each instance. */
  private void deliver(List<Instance> instances, List<LeaseAnswer> answers) {
    for (LeaseAnswer answer : answers.subList(1, answers.size())) {
      instances.stream()
          .filter(each -> each.name.equals(answer.instance()))
          .forEach(each -> each.late.addAll(answer.rates()));
    }
  }

  @Test
  void part_ofANewInstance_isThereAfterOneConfirmation() {
    Instance first = new Instance("first");
    first.ask(100);
    assertThat(first.perSecond()).isEqualByComparingTo(RATE);
    assertThat(first.burst()).isEqualTo(BURST);
    Instance second = new Instance("second");
    List<LeaseAnswer> pushed = second.ask(100);
    assertThat(second.burst()).as("the first one may still apply all").isZero();
    assertThat(pushed).hasSize(2);
    assertThat(pushed.get(1).instance()).isEqualTo("first");
    RatePart less = pushed.get(1).rates().get(0);
    assertThat(less.isToBeConfirmed()).isTrue();
    first.take(less);
    first.ask(100);
    clock.advance(Duration.ofMillis(500));
    second.ask(100);

    assertThat(second.perSecond()).isGreaterThanOrEqualTo(new BigDecimal("20"));
    assertThat(second.burst()).isPositive();
    assertThat(first.perSecond().add(second.perSecond())).isLessThanOrEqualTo(new BigDecimal(RATE));
  }

  @Test
  void part_ofTheOnlyInstance_isFull_andThatOfALaterOneIsNot() {
    Instance first = new Instance("first");
    assertThat(first.ask(1).get(0).rates().get(0).isFull()).isTrue();
    assertThat(first.ask(1).get(0).rates().get(0).isFull()).isFalse();
    Instance second = new Instance("second");
    assertThat(second.ask(1).get(0).rates().get(0).isFull()).isFalse();
  }

  @Test
  void part_ofAnInstanceThatIsGone_isFreeWhenItHasEnded() {
    Instance first = new Instance("first");
    first.ask(100);
    clock.advance(RateShares.LIFE.plus(RateShares.GRACE).plusMillis(1));
    Instance second = new Instance("second");
    second.ask(100);

    assertThat(second.perSecond()).isEqualByComparingTo(RATE);
  }

  @Test
  void part_ofAnInstanceThatIsBack_hasANumberThatItDoesNotKnow() {
    Instance first = new Instance("first");
    long before = first.ask(100).get(0).rates().get(0).share();
    clock.advance(RateShares.LIFE.plus(RateShares.GRACE).plusMillis(1));
    RatePart back = first.ask(100).get(0).rates().get(0);

    assertThat(back.share()).isGreaterThan(before);
    assertThat(back.isFull()).isTrue();
    assertThat(first.perSecond()).isEqualByComparingTo(RATE);
  }
}
