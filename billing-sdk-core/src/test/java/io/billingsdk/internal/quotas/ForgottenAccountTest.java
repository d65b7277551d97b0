package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A quota or rate that nobody used is forgotten, and no call is admitted by what is forgotten. */
final class ForgottenAccountTest {
  private static final int ROUNDS = Integer.getInteger("quota.forgotten.rounds", 400);
  private static final int RELEASE_ROUNDS = 20_000;
  private static final long LATER_NANOS = Duration.ofMinutes(11).toNanos();

  private final QuotaBench bench = new QuotaBench();

  private static Moment later(QuotaBench of) {
    return new Moment(of.clock.wallMillis(), of.clock.monotonicNanos() + LATER_NANOS);
  }

  @Test
  void reserve_accountForgottenAfterTheLook_reservesNothingAndSaysSo() {
    bench.quota("q", "calls", 10, /* overage= */ true).keys(null);
    assertThat(bench.admit(event(1))).isInstanceOf(Admitted.class);
    LeaseBook book = bench.quotas.book();
    QuotaAccount account = requireNonNull(book.account("q"));
    KeyRecord record = record("p");
    KeyPlan plan = requireNonNull(book.plan(record));
    book.forgetIdle(later(bench));

    Holds holds = new Holds(plan.accounts());
    var unused = holds.reserve(event(1), Moment.of(bench.clock), /* linked= */ false);
    assertThat(holds.isForgotten()).isTrue();
    assertThat(holds.use(event(1), Moment.of(bench.clock), 1)).isEmpty();
    KeyPlan next = requireNonNull(book.planAfter(plan, record));
    assertThat(next.accounts()[0]).isSameAs(book.account("p")).isNotSameAs(plan.accounts()[0]);
    assertThat(account.isForgotten()).as("a call of it is open").isFalse();
  }

  private static KeyRecord record(String quota) {
    return new KeyRecord(
        "k-forgotten",
        "0".repeat(64),
        "app",
        KeyRecord.Status.OK,
        null,
        1,
        null,
        List.of(),
        new KeyRecord.Rate(BigDecimal.TEN, 1),
        List.of(
            new KeyRecord.Quota(
                "calls", BigDecimal.TEN, BigDecimal.ZERO, null, /* overage= */ true, quota)));
  }

  @Test
  void rate_usedMeanwhile_isNotForgotten() {
    RateGate gate = new RateGate("k", new KeyRecord.Rate(BigDecimal.TEN, 1), 0);
    assertThat(gate.forgetUnused(LATER_NANOS, LATER_NANOS)).isFalse();
    assertThat(gate.isForgotten()).isFalse();
    assertThat(gate.forgetUnused(LATER_NANOS + 1, LATER_NANOS)).isTrue();
    long unused = gate.pass(LATER_NANOS + 1, false);
    assertThat(gate.isForgotten()).as("the call asks for another one").isTrue();
  }

  @Test
  void call_openWhileItsQuotaIsUnused_keepsTheAccount() {
    bench.hard("calls", "calls", 100).hard("usage", "usage", 100).keys(null).up();
    bench.admit();
    Admitted call = (Admitted) bench.admit();
    bench.scheduler.advance(Duration.ofMinutes(30));
    var waiting = call.reserve(event(5));
    bench.scheduler.advance(Duration.ofMillis(100));
    assertThat(waiting.isEmpty() || call.reserve(event(5)).isEmpty()).isTrue();
    assertThat(call.settle(event(4)).accepted()).isTrue();
    assertThat(bench.server.settled("usage", bench.clock.wallMillis())).isEqualByComparingTo("4");
    assertThat(bench.reported.get(0).mark().epochs()).isNotEmpty();
  }

  @Test
  void whenQuotaUnknown_number_isNotAllowedAgainAfterAPause() {
    QuotaBench allowing = new QuotaBench(WhenQuotaUnknown.allow(2));
    allowing.hard("q", "calls", 100).keys(null);
    int admitted = 0;
    for (int i = 0; i < 40; i++) {
      if (allowing.admit(event(1)) instanceof Admitted call) {
        assertThat(call.settle(event(1)).accepted()).isTrue();
        admitted++;
      }
      allowing.scheduler.advance(Duration.ofMinutes(15));
    }
    assertThat(admitted).isEqualTo(2);
  }

  @Test
  void threads_admittingWhileAccountsAreForgotten_neverExceedTheBound()
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    int admitted = 0;
    int over = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int count = round(threads);
      admitted += count;
      over += count > 1 ? 1 : 0;
    }
    threads.shutdown();
    Proof.sized("quota-forgotten", ROUNDS, RELEASE_ROUNDS)
        .with("rounds", ROUNDS)
        .with("bound", 1)
        .with("admitted", admitted)
        .with("over", over)
        .print();
    assertThat(over).isZero();
    assertThat(admitted).isEqualTo(ROUNDS);
  }

  /** Two threads with a call each, while a third one forgets: one unit is allowed to both. */
  private static int round(ExecutorService threads)
      throws InterruptedException, ExecutionException {
    QuotaBench one = new QuotaBench(WhenQuotaUnknown.allow(1));
    one.hard("q", "calls", 100).keys(null);
    AtomicInteger admitted = new AtomicInteger();
    CyclicBarrier begin = new CyclicBarrier(3);
    Callable<Void> call =
        () -> {
          begin.await();
          if (one.quotas.admit(QuotaBench.KEY, event(1)) instanceof Admitted) {
            admitted.incrementAndGet();
          }
          return null;
        };
    Callable<Void> forget =
        () -> {
          begin.await();
          for (int i = 0; i < 20; i++) {
            one.quotas.book().forgetIdle(later(one));
          }
          return null;
        };
    List<Future<Void>> all =
        List.of(threads.submit(call), threads.submit(forget), threads.submit(call));
    for (Future<Void> each : all) {
      each.get();
    }
    one.quotas.book().forgetIdle(later(one));
    return admitted.get()
        + (one.quotas.admit(QuotaBench.KEY, event(1)) instanceof Admitted ? 1 : 0);
  }
}
