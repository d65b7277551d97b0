package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that admit, settle and close at random, all on two quotas. */
@Tag("simulation")
final class AdmissionStressTest {
  private static final int THREADS = 4;
  private static final int CALLS = Integer.getInteger("quota.stress.calls", 20_000);
  private static final int RELEASE_CALLS = 1_000_000;
  private static final long SEED = Long.getLong("quota.stress.seed", System.nanoTime());
  private static final long LIMIT = 1_000;

  private final QuotaBench bench = new QuotaBench();
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong reserved = new AtomicLong();
  private final AtomicLong highest = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();

  @Test
  void threads_atRandom_debitWhatTheySettleAndNeverExceedTheLease()
      throws InterruptedException, ExecutionException {
    bench.delivering = false;
    bench.hard("customer", "usage", 2 * LIMIT).hard("key", "calls", 20 * LIMIT).keys(null).up();
    bench.admitted(event(1)).close();
    bench.quotas.line().down();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long seed = SEED + i;
      Callable<Void> work =
          () -> {
            calls(new Random(seed));
            return null;
          };
      all.add(threads.submit(work));
    }
    for (Future<Void> each : all) {
      each.get();
    }
    threads.shutdown();
    Lease lease = lease("customer");
    BigDecimal sum =
        bench.reported.stream()
            .map(each -> each.event().usage())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    Proof.sized("quota-admission-stress", (long) THREADS * CALLS, RELEASE_CALLS)
        .with("threads", THREADS)
        .with("calls", THREADS * CALLS)
        .with("settled", settled)
        .with("refused", refused)
        .with("debited", lease.spent())
        .with("reported", sum)
        .with("lease", LIMIT)
        .with("highest", highest)
        .with("seed", SEED)
        .print();
    assertThat(lease.spent()).isEqualByComparingTo(sum);
    assertThat(lease("key").spent()).isEqualByComparingTo(BigDecimal.valueOf(settled.get()));
    assertThat(lease.hasAdmissions() || lease("key").hasAdmissions()).isFalse();
    assertThat(highest.get()).isLessThanOrEqualTo(LIMIT);
    assertThat(refused.get()).as("the lease was contended").isPositive();
  }

  private Lease lease(String quota) {
    return requireNonNull(bench.quotas.book().account(quota)).open().get(0);
  }

  private void calls(Random random) {
    List<Call> open = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      long estimate = 1L + random.nextInt(150);
      if (bench.quotas.admit(QuotaBench.KEY, event(estimate)) instanceof Admitted admitted) {
        // After the debit, and taken off before it goes back: a sum that is never too high.
        reserved.addAndGet(estimate);
        highest.accumulateAndGet(used.get() + reserved.get(), Math::max);
        open.add(new Call(admitted, estimate));
      } else {
        refused.incrementAndGet();
      }
      while (!open.isEmpty() && (open.size() > 3 || random.nextInt(3) == 0)) {
        finish(open.remove(random.nextInt(open.size())), random);
      }
    }
    open.forEach(each -> finish(each, random));
  }

  private record Call(Admitted admitted, long estimate) {}

  private void finish(Call call, Random random) {
    reserved.addAndGet(-call.estimate());
    // Rarely, and little: what is settled is gone from the lease for ever.
    if (random.nextInt(100) == 0 && call.admitted().settle(event(0)).accepted()) {
      settled.incrementAndGet();
    }
    if (random.nextInt(5_000) == 0 && call.admitted().settle(event(1)).accepted()) {
      used.incrementAndGet();
      settled.incrementAndGet();
    }
    call.admitted().close();
  }
}
