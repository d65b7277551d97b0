package io.billingsdk.peers;

import io.billingsdk.testbed.Pace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A service that reports at a rate, in a process of its own, there to be killed. Arguments:
 * library, port, authority, directory, events a second, the first number, how many at most. It says
 * each number that its library took, after the call and before the next; the line is with the
 * kernel then. {@code stop} ends the load, {@code close} the library.
 */
final class LoadMain {
  private static final long NANOS = 1_000_000_000;

  private final Reporter reporter;
  private final int aSecond;
  private final int first;
  private final int most;
  private volatile boolean stopping;

  private LoadMain(String[] arguments) {
    aSecond = Integer.parseInt(arguments[4]);
    first = Integer.parseInt(arguments[5]);
    most = Integer.parseInt(arguments[6]);
    reporter =
        Library.valueOf(arguments[0])
            .open(
                new Target(
                    Integer.parseInt(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3])));
  }

  /** Ends when the library's threads do, as a service would. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LoadMain load = new LoadMain(arguments);
    System.out.println("ready");
    Thread reporting = new Thread(load::report, "reports");
    reporting.start();
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      load.stopping = true;
      reporting.join();
      if (order.equals("close")) {
        long begun = System.nanoTime();
        load.reporter.close();
        System.out.println("closed " + (System.nanoTime() - begun) / 1_000_000);
        return;
      }
      System.out.println("stopped");
    }
  }

  private void report() {
    long begun = System.nanoTime();
    for (int i = 0; i < most && !stopping; i++) {
      Pace.until(begun + i * NANOS / aSecond);
      boolean isAccepted = reporter.report(Sample.id(first + i));
      System.out.println((isAccepted ? "a " : "r ") + (first + i));
    }
    System.out.println("reported");
  }
}
