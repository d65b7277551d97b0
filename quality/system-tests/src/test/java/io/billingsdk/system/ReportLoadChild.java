package io.billingsdk.system;

import io.billingsdk.testbed.RawMqtt;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Producers of protocol v1 in a process of their own. Asked by lines: {@code run PRODUCERS EVENTS}
 * answers {@code READY} when all is made, and {@code RAN P50 P99} in nanoseconds when the last
 * PUBACK has come.
 */
public final class ReportLoadChild {
  private ReportLoadChild() {}

  /** Runs it until its standard input ends. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    List<ReportLoad> producers = producers(arguments);
    ExecutorService threads = Executors.newCachedThreadPool();
    System.out.println("UP");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] asked = line.split(" ", -1);
      int count = Integer.parseInt(asked[1]);
      long[] nanos = run(threads, producers.subList(0, count), Integer.parseInt(asked[2]) / count);
      System.out.println("RAN " + at(nanos, 0.5) + " " + at(nanos, 0.99));
    }
    Runtime.getRuntime().halt(0);
  }

  private static List<ReportLoad> producers(Arguments arguments) throws Exception {
    List<String> passwords = list(arguments.text("passwords"));
    List<ReportLoad> producers = new ArrayList<>();
    for (String user : list(arguments.text("users"))) {
      RawMqtt connection =
          RawMqtt.tls(
              (int) arguments.number("port", 0),
              Path.of(arguments.text("ca")),
              RawMqtt.Login.of(user, passwords.get(producers.size())).keepAlive(0));
      producers.add(
          new ReportLoad(connection, arguments.text("key"), (int) arguments.number("window", 100)));
    }
    return producers;
  }

  private static List<String> list(String text) {
    return Pattern.compile(",").splitAsStream(text).toList();
  }

  private static long[] run(ExecutorService threads, List<ReportLoad> producers, int events)
      throws Exception {
    for (ReportLoad each : producers) {
      each.make(events);
    }
    System.out.println("READY");
    List<Callable<long[]>> sending = new ArrayList<>();
    producers.forEach(each -> sending.add(each::send));
    LongStream all = LongStream.empty();
    for (Future<long[]> each : threads.invokeAll(sending)) {
      all = LongStream.concat(all, Arrays.stream(each.get()));
    }
    return all.sorted().toArray();
  }

  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
