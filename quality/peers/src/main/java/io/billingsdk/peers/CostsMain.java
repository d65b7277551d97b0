package io.billingsdk.peers;

import io.billingsdk.testbed.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one library costs, in a process of its own. Arguments: library, port, authority, directory,
 * the port that counts, events, events a second of the steady part, and its events.
 *
 * <ol>
 *   <li>{@code flow}: as many events under way as the library holds for certain; it says how many
 *       arrive a second, and warms everything up.
 *   <li>{@code burst}: all events as fast as the caller can.
 *   <li>{@code steady}: events at a rate.
 * </ol>
 */
final class CostsMain {
  private static final Duration QUIET = Duration.ofSeconds(7);
  private static final Duration LONGEST_FLOW = Duration.ofSeconds(45);
  private static final long NANOS = 1_000_000_000;

  private final Library library;
  private final Reporter reporter;
  private final SinkCount sink;
  private final String[] ids;
  private int next;

  private CostsMain(String[] arguments) throws IOException {
    library = Library.valueOf(arguments[0]);
    int events = Integer.parseInt(arguments[5]);
    int steady = Integer.parseInt(arguments[7]);
    ids = Sample.ids(2 * events + steady);
    sink = new SinkCount(Integer.parseInt(arguments[4]));
    reporter =
        library.open(
            new Target(
                Integer.parseInt(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3])));
  }

  /** Prints a line for each part. */
  public static void main(String[] arguments) throws IOException {
    CostsMain costs = new CostsMain(arguments);
    int events = Integer.parseInt(arguments[5]);
    costs.flow(events);
    costs.burst(events);
    costs.steady(Integer.parseInt(arguments[6]), Integer.parseInt(arguments[7]));
    costs.reporter.close();
    System.out.println("closed");
    System.exit(0);
  }

  private void flow(int events) {
    int window = Math.min(library.window(), events / 2);
    long begun = System.nanoTime();
    int lost = 0;
    int sent = 0;
    while (sent < events && System.nanoTime() - begun < LONGEST_FLOW.toNanos()) {
      if (sent - lost - sink.now() >= window && !sink.await(sent - lost - window + 1, QUIET)) {
        lost = sent - sink.now();
      }
      int room = window - (sent - lost - sink.now());
      for (int i = 0; i < room && sent < events; i++) {
        if (reporter.report(ids[next++])) {
          sent++;
        }
      }
    }
    var unused = sink.await(sent - lost - window, QUIET);
    long nanos = System.nanoTime() - begun;
    System.out.println(
        "flow events="
            + sent
            + " window="
            + window
            + " lost="
            + lost
            + " delivered_per_s="
            + (sent - lost - window) * NANOS / nanos);
    next = events;
    settle(sent - lost);
  }

  /** Waits until all have come, or nothing comes any longer. */
  private void settle(int all) {
    var unused = sink.await(all, QUIET);
  }

  private void burst(int events) throws IOException {
    CallTimes times = new CallTimes(events);
    int before = sink.now();
    long begun = System.nanoTime();
    for (int i = 0; i < events; i++) {
      var unused = times.call(reporter, ids[next++]);
    }
    long nanos = System.nanoTime() - begun;
    String line = times.line();
    settle(before + times.accepted());
    System.out.println(
        "burst "
            + line
            + " calls_per_s="
            + events * NANOS / nanos
            + " peak_mib="
            + CallTimes.peakMemory());
  }

  private void steady(int aSecond, int events) {
    CallTimes times = new CallTimes(events);
    int before = sink.now();
    long begun = System.nanoTime();
    for (int i = 0; i < events; i++) {
      Pace.until(begun + i * NANOS / aSecond);
      var unused = times.call(reporter, ids[next++]);
    }
    String line = times.line();
    settle(before + times.accepted());
    System.out.println("steady " + line);
  }
}
