package io.billingsdk.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Bytes that the measured threads themselves allocate for an operation. The profiler {@code gc}
 * adds what other threads allocate at the same time: those of the journal and of the consumer.
 */
public final class CallerBytesProfiler implements InternalProfiler {
  /** Name of the result. */
  static final String RESULT = "caller.bytes";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<Long, Long> before = new HashMap<>();

  /** Made by JMH. */
  public CallerBytesProfiler() {}

  @Override
  public String getDescription() {
    return "bytes allocated by the measured threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before.clear();
    before.putAll(measuredThreads());
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long bytes = 0;
    for (Map.Entry<Long, Long> thread : measuredThreads().entrySet()) {
      bytes += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    long operations = result.getMetadata().getAllOps();
    return List.of(
        new ScalarResult(RESULT, (double) bytes / operations, "B/op", AggregationPolicy.AVG));
  }

  private Map<Long, Long> measuredThreads() {
    Map<Long, Long> bytes = new HashMap<>();
    for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().contains("-jmh-worker-")) {
        bytes.put(info.getThreadId(), threads.getThreadAllocatedBytes(info.getThreadId()));
      }
    }
    return bytes;
  }
}
