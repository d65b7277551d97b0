package io.billingsdk.benchmarks;

import io.billingsdk.benchmarks.stores.StoreKind;
import io.billingsdk.testbed.Proof;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * The lines {@code proof: journal-jmh}. A figure is the median of its iterations: on a busy machine
 * a mean tells of the neighbours. Costs have a second figure, the lowest tenth of the iterations.
 */
final class JournalProofs {
  private static final String NAME = "journal-jmh";

  private JournalProofs() {}

  /** Cost of a call; {@code ratio} is that of a report to the least it could cost. */
  static void report(List<RunResult> results, int threads, int callsOfThread, boolean quick) {
    Map<String, List<RunResult>> byLabel =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.getPrimaryResult().getLabel(),
                    TreeMap::new,
                    Collectors.toList()));
    Map<String, Double> nanos = new HashMap<>();
    Map<String, Double> quietNanos = new HashMap<>();
    Proof proof = proof("report", quick).with("threads", threads);
    byLabel.forEach(
        (label, rounds) -> {
          double ofCall = median(rounds, RunResult::getPrimaryResult) / callsOfThread;
          double undisturbed = quiet(rounds, RunResult::getPrimaryResult) / callsOfThread;
          nanos.put(label, ofCall);
          quietNanos.put(label, undisturbed);
          double callerBytes = median(rounds, secondary(CallerBytesProfiler.RESULT));
          double allBytes = median(rounds, secondary("gc.alloc.rate.norm"));
          proof
              .with(label + "_ns", rounded(ofCall))
              .with(label + "_quiet_ns", rounded(undisturbed))
              .with(label + "_bytes", rounded(callerBytes / callsOfThread))
              .with(label + "_bytes_all_threads", rounded(allBytes / callsOfThread));
        });
    proof
        .with("ratio", ratio(nanos))
        .with("quiet_ratio", ratio(quietNanos))
        .with("target", "<=2")
        .print();
  }

  /** Durable events per second, a line a window. */
  static void durable(List<RunResult> results, boolean quick) {
    Map<Integer, List<RunResult>> windows =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> Integer.valueOf(result.getParams().getParam("windowMillis")),
                    TreeMap::new,
                    Collectors.toList()));
    windows.forEach(
        (window, ofWindow) -> {
          Map<StoreKind, Double> perSecond = byStore(ofWindow, secondary("events"));
          beside(proof("durable", quick).with("window_ms", window), perSecond).print();
        });
  }

  /** Events per second read and acknowledged. */
  static void drain(List<RunResult> results, int events, boolean quick) {
    Map<StoreKind, Double> perSecond = byStore(results, RunResult::getPrimaryResult);
    perSecond.replaceAll((store, seconds) -> events / seconds);
    beside(proof("drain", quick).with("events", events), perSecond).print();
  }

  private static Proof beside(Proof proof, Map<StoreKind, Double> perSecond) {
    perSecond.forEach((store, rate) -> proof.with(store.label() + "_per_s", rounded(rate)));
    Optional<Map.Entry<StoreKind, Double>> best =
        perSecond.entrySet().stream()
            .filter(store -> !store.getKey().isOwn())
            .max(Map.Entry.comparingByValue());
    best.ifPresent(
        peer -> {
          proof.with("best_peer", peer.getKey().label());
          perSecond.forEach(
              (store, rate) -> {
                if (store.isOwn()) {
                  proof.with(store.label() + "_ratio", twoDigits(rate / peer.getValue()));
                }
              });
        });
    return proof.with("target", ">1");
  }

  private static Proof proof(String measure, boolean quick) {
    return Proof.of(NAME).with("measure", measure).with("run", quick ? "quick" : "full");
  }

  private static Map<StoreKind, Double> byStore(
      List<RunResult> results, Function<RunResult, Result<?>> figure) {
    Map<StoreKind, List<RunResult>> stores =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> StoreKind.valueOf(result.getParams().getParam("store"))));
    Map<StoreKind, Double> medians = new EnumMap<>(StoreKind.class);
    stores.forEach((store, rounds) -> medians.put(store, median(rounds, figure)));
    return medians;
  }

  private static Function<RunResult, Result<?>> secondary(String label) {
    return result -> {
      Result<?> secondary = result.getSecondaryResults().get(label);
      if (secondary == null) {
        throw new IllegalStateException("no " + label + " in " + result.getSecondaryResults());
      }
      return secondary;
    };
  }

  private static String ratio(Map<String, Double> nanos) {
    return twoDigits(of(nanos, "encodeAppend") / of(nanos, "encodeOffer"));
  }

  private static double median(List<RunResult> rounds, Function<RunResult, Result<?>> figure) {
    return all(rounds, figure).getPercentile(50);
  }

  /** Of a cost: what it is when the neighbours are quiet, if they ever were. */
  private static double quiet(List<RunResult> rounds, Function<RunResult, Result<?>> figure) {
    return all(rounds, figure).getPercentile(10);
  }

  /** The iterations of all rounds. */
  private static Statistics all(List<RunResult> rounds, Function<RunResult, Result<?>> figure) {
    ListStatistics all = new ListStatistics();
    for (RunResult round : rounds) {
      Statistics statistics = figure.apply(round).getStatistics();
      statistics
          .getRawData()
          .forEachRemaining(
              value -> {
                for (long i = 0; i < value.getValue(); i++) {
                  all.addValue(value.getKey());
                }
              });
    }
    return all;
  }

  private static double of(Map<String, Double> values, String label) {
    Double value = values.get(label);
    if (value == null) {
      throw new IllegalStateException("there is no result of " + label);
    }
    return value;
  }

  private static long rounded(double value) {
    return Math.round(value);
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
