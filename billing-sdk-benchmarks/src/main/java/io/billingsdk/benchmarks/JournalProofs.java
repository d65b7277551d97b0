package io.billingsdk.benchmarks;

import io.billingsdk.benchmarks.stores.StoreKind;
import io.billingsdk.testbed.Proof;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The lines {@code proof: journal-jmh}. A figure is the median of its iterations: on a busy machine
 * a mean tells of the neighbours.
 */
final class JournalProofs {
  private static final String NAME = "journal-jmh";

  private JournalProofs() {}

  /** Cost of a call; {@code ratio} is that of a report to the least it could cost. */
  static void report(Collection<RunResult> results, int threads, int callsOfThread, boolean quick) {
    Map<String, Double> nanos = new HashMap<>();
    Map<String, Double> callerBytes = new HashMap<>();
    Map<String, Double> allBytes = new HashMap<>();
    for (RunResult result : results) {
      String label = result.getPrimaryResult().getLabel();
      nanos.put(label, median(result.getPrimaryResult()) / callsOfThread);
      callerBytes.put(label, secondary(result, CallerBytesProfiler.RESULT) / callsOfThread);
      allBytes.put(label, secondary(result, "gc.alloc.rate.norm") / callsOfThread);
    }
    Proof proof = proof("report", quick).with("threads", threads);
    for (String label : new TreeMap<>(nanos).keySet()) {
      proof
          .with(label + "_ns", rounded(of(nanos, label)))
          .with(label + "_bytes", rounded(of(callerBytes, label)))
          .with(label + "_bytes_all_threads", rounded(of(allBytes, label)));
    }
    proof
        .with("ratio", twoDigits(of(nanos, "encodeAppend") / of(nanos, "encodeOffer")))
        .with("target", "<=2")
        .print();
  }

  /** Durable events per second, a line a window. */
  static void durable(Collection<RunResult> results, boolean quick) {
    Map<Integer, Map<StoreKind, Double>> windows = new TreeMap<>();
    for (RunResult result : results) {
      windows
          .computeIfAbsent(
              Integer.valueOf(result.getParams().getParam("windowMillis")),
              window -> new EnumMap<>(StoreKind.class))
          .put(store(result), secondary(result, "events"));
    }
    windows.forEach(
        (window, perSecond) ->
            beside(proof("durable", quick).with("window_ms", window), perSecond).print());
  }

  /** Events per second read and acknowledged. */
  static void drain(Collection<RunResult> results, int events, boolean quick) {
    Map<StoreKind, Double> perSecond = new EnumMap<>(StoreKind.class);
    for (RunResult result : results) {
      perSecond.put(store(result), events / median(result.getPrimaryResult()));
    }
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

  private static StoreKind store(RunResult result) {
    return StoreKind.valueOf(result.getParams().getParam("store"));
  }

  private static double secondary(RunResult result, String label) {
    Result<?> secondary = result.getSecondaryResults().get(label);
    if (secondary == null) {
      throw new IllegalStateException("no " + label + " in " + result.getSecondaryResults());
    }
    return median(secondary);
  }

  private static double median(Result<?> result) {
    return result.getStatistics().getPercentile(50);
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
