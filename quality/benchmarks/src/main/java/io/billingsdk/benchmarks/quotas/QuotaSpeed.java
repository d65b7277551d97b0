package io.billingsdk.benchmarks.quotas;

import com.sun.management.ThreadMXBean;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Proof;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What it costs to admit a call by two quotas and to settle it, on 1, 2 and 4 threads that share
 * them. Each call is timed by itself: of a mean nobody would see the calls that waited. What the
 * clock takes is printed beside.
 */
public final class QuotaSpeed {
  private static final long TARGET_NANOS = 1_000;

  private final int calls;
  private final LeasedKey key = new LeasedKey();
  private final UsageEvent estimate = UsageEvent.of(LeasedKey.KEY, "llm", "m", 500);
  private final BigDecimal used = BigDecimal.valueOf(123);

  /** Few calls when quick: shows that it runs, and no more. */
  public QuotaSpeed(boolean quick) {
    this.calls = quick ? 200_000 : 2_000_000;
  }

  /** One thread's times, sorted, and the bytes of a call. */
  private record Timed(List<Integer> nanos, long bytes) {}

  /** Runs and prints. */
  public void run() throws InterruptedException {
    key.start();
    while (!(key.quotas().admit(LeasedKey.KEY, estimate) instanceof Admitted)) {
      Thread.onSpinWait();
    }
    Timed warm = measure(1);
    for (int threads : new int[] {1, 2, 4}) {
      Timed timed = measure(threads);
      Proof.of("quota-speed")
          .with("threads", threads)
          .with("calls", timed.nanos().size())
          .with("p50_ns", at(timed, 50))
          .with("p99_ns", at(timed, 99))
          .with("bytes", timed.bytes())
          .with("clock_ns", clock())
          .with("target", threads == 1 ? "p99<" + TARGET_NANOS : "none")
          .with("warm_up_calls", warm.nanos().size())
          .print();
    }
    key.stop();
  }

  private static int at(Timed timed, int percent) {
    return timed.nanos().get(timed.nanos().size() / 100 * percent);
  }

  private Timed measure(int threads) throws InterruptedException {
    int each = calls / threads;
    int[] nanos = new int[each * threads];
    long[] bytes = new long[threads];
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                await(begin);
                bytes[number] = calls(nanos, number * each, each);
              });
      all.add(thread);
      thread.start();
    }
    begin.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    Arrays.sort(nanos);
    return new Timed(
        Arrays.stream(nanos).boxed().toList(), Arrays.stream(bytes).sum() / nanos.length);
  }

  private long calls(int[] nanos, int from, int count) {
    ThreadMXBean allocations = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = allocations.getCurrentThreadAllocatedBytes();
    for (int i = from; i < from + count; i++) {
      long start = System.nanoTime();
      Admitted call = (Admitted) key.quotas().admit(LeasedKey.KEY, estimate);
      if (!call.settle(used).accepted()) {
        throw new IllegalStateException("a call was not settled");
      }
      nanos[i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
    }
    return allocations.getCurrentThreadAllocatedBytes() - before;
  }

  /** The median of what two readings in a row are apart. */
  private static int clock() {
    int[] apart = new int[10_001];
    for (int i = 0; i < apart.length; i++) {
      long start = System.nanoTime();
      apart[i] = (int) (System.nanoTime() - start);
    }
    Arrays.sort(apart);
    return apart[apart.length / 2];
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
