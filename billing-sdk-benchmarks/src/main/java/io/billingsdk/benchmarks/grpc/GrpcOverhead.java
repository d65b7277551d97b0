package io.billingsdk.benchmarks.grpc;

import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.testbed.Proof;
import io.billingsdk.wire.KeyUpdate;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the key check adds to a call, beside the least that one can be: in rounds that take turns,
 * so that a busy neighbour hits all alike. What is added is the median of the differences within a
 * round; the other times are medians of the rounds.
 */
public final class GrpcOverhead {
  private static final String GOOD = "bk_live_k7f3a_0123456789abcdef0123456789abcdef_9d2c";
  private static final String BLOCKED = "bk_live_k0000_0123456789abcdef0123456789abcdef_1111";

  private final boolean quick;

  /** Few rounds when quick: shows that it runs, and no more. */
  public GrpcOverhead(boolean quick) {
    this.quick = quick;
  }

  /** Runs and prints. */
  public void run() throws IOException, InterruptedException {
    KeyTable table = new KeyTable(Clock.system(), Duration.ofMinutes(5));
    Map<String, String> callers = new ConcurrentHashMap<>();
    fill(table, callers);
    List<ServerInterceptor> ours =
        List.of(ApiKeyInterceptor.builder().client(new KeyTableClient(table)).build());
    List<ServerInterceptor> minimal = List.of(new MinimalInterceptor(callers));
    try (EchoServer bare = EchoServer.inProcess(List.of());
        EchoServer least = EchoServer.inProcess(minimal);
        EchoServer checked = EchoServer.inProcess(ours)) {
      measure("in-process", bare, least, checked, quick ? 20 : 600, 500);
    }
    try (EchoServer bare = EchoServer.overNetty(List.of());
        EchoServer least = EchoServer.overNetty(minimal);
        EchoServer checked = EchoServer.overNetty(ours)) {
      measure("netty", bare, least, checked, quick ? 5 : 60, 500);
    }
  }

  private static void fill(KeyTable table, Map<String, String> callers) {
    List<KeyUpdate.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      entries.add(new KeyUpdate.Entry("app", GOOD + i, /* blocked= */ false, null));
      callers.put(GOOD + i, "app");
    }
    entries.add(new KeyUpdate.Entry("app", GOOD, /* blocked= */ false, null));
    entries.add(new KeyUpdate.Entry("app", BLOCKED, /* blocked= */ true, "unpaid"));
    callers.put(GOOD, "app");
    table.feedUp();
    table.apply(new KeyUpdate(0, entries, 0));
  }

  private static void measure(
      String transport,
      EchoServer bare,
      EchoServer least,
      EchoServer checked,
      int rounds,
      int calls)
      throws InterruptedException {
    Lane[] lanes = {
      new Lane(bare, GOOD, Status.Code.OK, rounds),
      new Lane(least, GOOD, Status.Code.OK, rounds),
      new Lane(checked, GOOD, Status.Code.OK, rounds),
      new Lane(least, BLOCKED, Status.Code.UNAUTHENTICATED, rounds),
      new Lane(checked, BLOCKED, Status.Code.PERMISSION_DENIED, rounds),
      new Lane(checked, "unknown", Status.Code.UNAUTHENTICATED, rounds),
    };
    for (int warmup = 0; warmup < rounds / 4 + 1; warmup++) {
      for (Lane lane : lanes) {
        lane.round(-1, calls);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < lanes.length; i++) {
        lanes[(i + round) % lanes.length].round(round, calls);
      }
    }
    print(transport, lanes, rounds * calls);
  }

  private static void print(String transport, Lane[] lanes, int calls) {
    double bare = lanes[0].median();
    double minimalAdds = lanes[1].added(lanes[0]);
    double oursAdds = lanes[2].added(lanes[0]);
    Proof.of("grpc-overhead")
        .with("transport", transport)
        .with("calls_each", calls)
        .with("bare_ns", Math.round(bare))
        .with("bare_p90_ns", Math.round(lanes[0].p90()))
        .with("minimal_adds_ns", Math.round(minimalAdds))
        .with("ours_adds_ns", Math.round(oursAdds))
        .with("added_ratio", String.format(java.util.Locale.ROOT, "%.2f", oursAdds / minimalAdds))
        .with("target", "<=1.3")
        .with("allowed_ns", Math.round(lanes[2].median()))
        .with("denied_minimal_ns", Math.round(lanes[3].median()))
        .with("denied_blocked_ns", Math.round(lanes[4].median()))
        .with("denied_unknown_ns", Math.round(lanes[5].median()))
        .with("bare_bytes", Math.round(lanes[0].bytesPerCall(calls)))
        .with("minimal_bytes", Math.round(lanes[1].bytesPerCall(calls)))
        .with("allowed_bytes", Math.round(lanes[2].bytesPerCall(calls)))
        .with("denied_bytes", Math.round(lanes[4].bytesPerCall(calls)))
        .print();
  }

  /** One kind of call, and what its rounds took. */
  private static final class Lane {
    private final EchoServer server;
    private final String apiKey;
    private final Status.Code expected;
    private final double[] nanosPerCall;
    private long bytes;

    Lane(EchoServer server, String apiKey, Status.Code expected, int rounds) {
      this.server = server;
      this.apiKey = apiKey;
      this.expected = expected;
      this.nanosPerCall = new double[rounds];
    }

    void round(int round, int calls) throws InterruptedException {
      com.sun.management.ThreadMXBean threads =
          (com.sun.management.ThreadMXBean)
              java.lang.management.ManagementFactory.getThreadMXBean();
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        Status.Code code = server.call(apiKey);
        if (code != expected) {
          throw new IllegalStateException("the call ended with " + code + ", not " + expected);
        }
      }
      if (round >= 0) {
        nanosPerCall[round] = (System.nanoTime() - start) / (double) calls;
        bytes += threads.getCurrentThreadAllocatedBytes() - bytesBefore;
      }
    }

    /** To another lane's calls. */
    double added(Lane other) {
      double[] differences = new double[nanosPerCall.length];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = nanosPerCall[i] - other.nanosPerCall[i];
      }
      return quantile(differences, 0.5);
    }

    double median() {
      return quantile(nanosPerCall, 0.5);
    }

    double p90() {
      return quantile(nanosPerCall, 0.9);
    }

    /** Of the calling thread: all of a call in process, the client's part over Netty. */
    double bytesPerCall(int calls) {
      return bytes / (double) calls;
    }

    private static double quantile(double[] values, double q) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[(int) (q * (sorted.length - 1))];
    }
  }
}
