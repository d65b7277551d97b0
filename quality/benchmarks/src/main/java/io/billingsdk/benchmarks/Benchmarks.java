package io.billingsdk.benchmarks;

import io.billingsdk.benchmarks.grpc.GrpcOverhead;
import io.billingsdk.benchmarks.query.QuerySpeed;
import io.billingsdk.benchmarks.quotas.QuotaSpeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks and prints what follows from them as proof lines. */
public final class Benchmarks {
  private static final List<String> PARTS =
      List.of(
          "journal-report",
          "journal-durable",
          "journal-drain",
          "grpc-overhead",
          "quota-speed",
          "query-speed");

  private static final int ROUNDS = 3;

  private static final String HELP =
      """
      usage: scripts/bench [PART…] [--quick] [--rounds=N]

      Parts:

        journal-report    what a report costs its caller, on 1, 2 and 4 threads
        journal-durable   durable events per second, in windows of 1, 10 and 100 ms, each store
        journal-drain     events per second read and acknowledged from a backlog, each store
        grpc-overhead     what the key check adds to a call, in process and over Netty
        quota-speed       what it costs to admit a call and to settle it, on 1, 2 and 4 threads
        query-speed       sums of a month over a million events, and from report to the live tail
        all               each of them; the default

        peers             the SDK beside other libraries, alone: scripts/bench peers --help

        --quick           few short iterations: shows that everything runs, and no more
        --rounds=N        how often everything is repeated; 3 by default, 1 when quick
        --help            this

      Takes 14 minutes, quick 4. Prints lines 'proof: ...' and appends them to
      quality/benchmarks/target/proofs.txt. Stores are made in quality/benchmarks/target,
      whose disk is what is measured; another: BENCHMARKS_DIRECTORY. See docs/performance.md.
      """;

  private static final String ROUNDS_OPTION = "--rounds=";

  private final boolean quick;
  private final int rounds;

  private Benchmarks(boolean quick, int rounds) {
    this.quick = quick;
    this.rounds = rounds;
  }

  /** See {@code --help}. */
  public static void main(String[] args) throws Exception {
    Set<String> chosen = new LinkedHashSet<>(Arrays.asList(args));
    if (chosen.contains("--help") || chosen.contains("-h")) {
      System.out.print(HELP);
      return;
    }
    boolean quick = chosen.remove("--quick");
    int rounds = quick ? 1 : ROUNDS;
    for (String option : args) {
      if (option.matches(ROUNDS_OPTION + "[1-9]")) {
        rounds = Integer.parseInt(option.substring(ROUNDS_OPTION.length()));
        chosen.remove(option);
      }
    }
    if (chosen.isEmpty() || chosen.remove("all")) {
      chosen.addAll(PARTS);
    }
    if (!PARTS.containsAll(chosen)) {
      System.err.print(HELP);
      System.exit(2);
    }
    Benchmarks benchmarks = new Benchmarks(quick, rounds);
    for (String part : PARTS) {
      if (chosen.contains(part)) {
        benchmarks.run(part);
      }
    }
  }

  private void run(String part) throws Exception {
    switch (part) {
      case "grpc-overhead" -> new GrpcOverhead(quick).run();
      case "quota-speed" -> new QuotaSpeed(quick).run();
      case "query-speed" -> new QuerySpeed(quick).run();
      case "journal-report" -> report();
      case "journal-durable" -> durable();
      default -> drain();
    }
  }

  private void report() throws RunnerException {
    for (int threads : new int[] {1, 2, 4}) {
      int calls = ReportBenchmark.CALLS / threads;
      List<RunResult> results =
          run(
              options(ReportBenchmark.class)
                  .threads(threads)
                  .addProfiler(GCProfiler.class)
                  .addProfiler(CallerBytesProfiler.class)
                  .warmupBatchSize(calls)
                  .warmupIterations(quick ? 5 : 20)
                  .measurementBatchSize(calls)
                  .measurementIterations(quick ? 5 : 20));
      JournalProofs.report(results, threads, calls, quick);
    }
  }

  private void durable() throws RunnerException {
    List<RunResult> results =
        run(
            options(DurableBenchmark.class)
                .warmupTime(TimeValue.seconds(1))
                .warmupIterations(quick ? 1 : 2)
                .measurementTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 1 : 3));
    JournalProofs.durable(results, quick);
  }

  private void drain() throws RunnerException {
    int events = quick ? 20_000 : 200_000;
    List<RunResult> results =
        run(
            options(DrainBenchmark.class)
                .param("events", String.valueOf(events))
                .warmupIterations(quick ? 1 : 2)
                .measurementIterations(2));
    JournalProofs.drain(results, events, quick);
  }

  private static ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
        .jvmArgs(ForkOptions.all())
        .shouldFailOnError(true);
  }

  /** In rounds, so that a neighbour who is busy for a while does not hit one store alone. */
  private List<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      results.addAll(new Runner(options.build()).run());
    }
    return results;
  }
}
