package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Timed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Readers that ask at once, each for the next as soon as it has its answer. */
final class Readers {
  private static final int READERS = 40;

  private Readers() {}

  /** The times of all answers in nanoseconds, the shortest first. */
  static long[] ask(HttpTestbed http, int requests, IntFunction<String> path) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try {
      AtomicInteger next = new AtomicInteger();
      CountDownLatch together = new CountDownLatch(READERS);
      List<Future<List<Long>>> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        all.add(
            threads.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return read(http, requests, path, next);
                }));
      }
      List<Long> nanos = new ArrayList<>();
      for (Future<List<Long>> each : all) {
        nanos.addAll(each.get());
      }
      return nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    } finally {
      threads.shutdown();
    }
  }

  private static List<Long> read(
      HttpTestbed http, int requests, IntFunction<String> path, AtomicInteger next) {
    List<Long> nanos = new ArrayList<>();
    for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
      Timed answer = http.unchecked("GET", path.apply(i), http.readToken(), null);
      assertThat(answer.reply().status()).as(answer.reply().body()).isEqualTo(200);
      nanos.add(answer.nanos());
    }
    return nanos;
  }

  static long millis(long[] sorted, double share) {
    int at = (int) Math.ceil(share * sorted.length) - 1;
    return TimeUnit.NANOSECONDS.toMillis(sorted[Math.max(0, at)]);
  }

  static long median(long[] some) {
    long[] sorted = some.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
