package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Each pair of what may happen to an admission, on two threads at once: it ends exactly once, and
 * the lease pays what was reported, and no more.
 */
final class AdmissionOrdersTest {
  private static final int ROUNDS = Integer.getInteger("quota.order.rounds", 100);
  private static final int RELEASE_ROUNDS = 5_000;
  private static final long LIMIT = 1L << 40;

  private final QuotaBench bench = new QuotaBench();

  /** What a thread does; true when an event was accepted as the last one. */
  private enum Step {
    SETTLE,
    SETTLE_MORE,
    SETTLE_NEGATIVE,
    SETTLE_DURABLY,
    SETTLE_TWICE,
    REPORT,
    RESERVE,
    CLOSE;

    boolean take(Admitted call) {
      return switch (this) {
        case SETTLE -> call.settle(event(3)).accepted();
        case SETTLE_MORE -> call.settle(event(50)).accepted();
        case SETTLE_NEGATIVE -> call.settle(event(-7)).accepted();
        case SETTLE_DURABLY -> !call.settleDurably(event(4)).isCompletedExceptionally();
        case SETTLE_TWICE -> settleTwice(call);
        case REPORT -> {
          ReportOutcome unused = call.report(event(5));
          yield false;
        }
        case RESERVE -> {
          var unused = call.reserve(event(20));
          yield false;
        }
        case CLOSE -> {
          call.close();
          yield false;
        }
      };
    }
  }

  private static boolean settleTwice(Admitted call) {
    boolean one = call.settle(event(1)).accepted();
    boolean other = call.settle(event(2)).accepted();
    assertThat(one && other).as("settled twice").isFalse();
    return one || other;
  }

  @Test
  void pairs_onTwoThreads_endOnceAndPayWhatTheyReport()
      throws InterruptedException, ExecutionException {
    bench.delivering = false;
    bench.hard("q", "usage", LIMIT).keys(null).up();
    bench.admitted(event(1)).close();
    bench.quotas.line().down();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<String> wrong = new ArrayList<>();
    for (Step one : Step.values()) {
      for (Step other : Step.values()) {
        for (int round = 0; round < ROUNDS; round++) {
          String fault = race(threads, one, other);
          if (!fault.isEmpty()) {
            wrong.add(one + " beside " + other + ": " + fault);
          }
        }
      }
    }
    threads.shutdown();
    Proof.sized("quota-admission-orders", ROUNDS, RELEASE_ROUNDS)
        .with("pairs", Step.values().length * Step.values().length)
        .with("rounds", ROUNDS)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).isEmpty();
  }

  /** What is wrong after two steps at once; empty for nothing. */
  private String race(ExecutorService threads, Step one, Step other)
      throws InterruptedException, ExecutionException {
    bench.reported.clear();
    Lease lease = requireNonNull(bench.quotas.book().account("q")).open().get(0);
    BigDecimal before = lease.spent();
    Admitted call = (Admitted) bench.quotas.admit(QuotaBench.KEY, event(10));
    CyclicBarrier begin = new CyclicBarrier(2);
    Future<Boolean> first = threads.submit(step(begin, one, call));
    Future<Boolean> second = threads.submit(step(begin, other, call));
    boolean both = first.get() && second.get();
    boolean ended = first.get() || second.get() || one == Step.CLOSE || other == Step.CLOSE;
    if (both) {
      return "two settlements were accepted";
    }
    if (ended && call.settle(event(1)).accepted()) {
      return "it was settled after its end";
    }
    call.close();
    BigDecimal reported =
        bench.reported.stream()
            .map(each -> each.event())
            .map(UsageEvent::usage)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (lease.spent().subtract(before).compareTo(reported) != 0) {
      return "the lease paid " + lease.spent().subtract(before) + " for " + reported;
    }
    return lease.hasAdmissions() ? "the lease waits for it" : "";
  }

  private static Callable<Boolean> step(CyclicBarrier begin, Step step, Admitted call) {
    return () -> {
      begin.await();
      return step.take(call);
    };
  }
}
