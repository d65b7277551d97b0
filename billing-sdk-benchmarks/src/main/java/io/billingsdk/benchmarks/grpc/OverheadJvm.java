package io.billingsdk.benchmarks.grpc;

import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.wire.KeyUpdate;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Measures once, in a JVM of its own, and prints a line of figures. */
final class OverheadJvm {
  private static final String GOOD = "bk_live_k7f3a_0123456789abcdef0123456789abcdef_9d2c";
  private static final String BLOCKED = "bk_live_k0000_0123456789abcdef0123456789abcdef_1111";
  private static final int CALLS_A_ROUND = 500;

  private OverheadJvm() {}

  /** The transport, and how many rounds. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Transport transport = Transport.valueOf(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    KeyTable table = new KeyTable(Clock.system(), Duration.ofMinutes(5));
    Map<String, String> callers = new ConcurrentHashMap<>();
    fill(table, callers);
    List<ServerInterceptor> ours =
        List.of(ApiKeyInterceptor.builder().client(new KeyTableClient(table)).build());
    List<ServerInterceptor> minimal = List.of(new MinimalInterceptor(callers));
    try (EchoServer bare = transport.serve(List.of());
        EchoServer least = transport.serve(minimal);
        EchoServer checked = transport.serve(ours)) {
      System.out.println(measure(bare, least, checked, rounds).line());
    }
    System.exit(0);
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

  private static OverheadFigures measure(
      EchoServer bare, EchoServer least, EchoServer checked, int rounds)
      throws InterruptedException {
    Lane[] lanes = {
      new Lane(bare, GOOD, Status.Code.OK, rounds),
      new Lane(least, GOOD, Status.Code.OK, rounds),
      new Lane(checked, GOOD, Status.Code.OK, rounds),
      new Lane(least, BLOCKED, Status.Code.UNAUTHENTICATED, rounds),
      new Lane(checked, BLOCKED, Status.Code.PERMISSION_DENIED, rounds),
      new Lane(checked, "unknown", Status.Code.UNAUTHENTICATED, rounds),
    };
    for (int warmup = 0; warmup < rounds / 2; warmup++) {
      for (Lane lane : lanes) {
        lane.round(-1, CALLS_A_ROUND);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < lanes.length; i++) {
        lanes[(i + round) % lanes.length].round(round, CALLS_A_ROUND);
      }
    }
    return OverheadFigures.of(lanes, rounds * CALLS_A_ROUND);
  }
}
