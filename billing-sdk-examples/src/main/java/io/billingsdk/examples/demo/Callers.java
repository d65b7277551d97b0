package io.billingsdk.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes calls, a few at a time. */
final class Callers implements AutoCloseable {
  private static final int AT_A_TIME = 4;

  private final GatewayClient client;
  private final Highlights highlights;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_A_TIME,
          work -> {
            Thread thread = new Thread(work, "demo-caller");
            thread.setDaemon(true);
            return thread;
          });

  Callers(GatewayClient client, Highlights highlights) {
    this.client = client;
    this.highlights = highlights;
  }

  /** Makes all calls and waits for their ends. */
  List<CallResult> makeAll(List<PlannedCall> calls) throws InterruptedException {
    List<Callable<CallResult>> work = new ArrayList<>();
    calls.forEach(call -> work.add(() -> made(call)));
    List<CallResult> results = new ArrayList<>();
    for (Future<CallResult> done : threads.invokeAll(work)) {
      try {
        results.add(done.get());
      } catch (ExecutionException bug) {
        throw new IllegalStateException("a call could not be made", bug.getCause());
      }
    }
    return results;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private CallResult made(PlannedCall call) {
    CallResult result = client.make(call);
    highlights.show(result);
    return result;
  }
}
