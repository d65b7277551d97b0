package io.billingsdk.benchmarks;

import io.billingsdk.benchmarks.stores.EventStore;
import io.billingsdk.benchmarks.stores.StoreKind;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Reading and acknowledging a backlog after a restart. Filling, closing and opening again are not
 * measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@SuppressWarnings("NullAway.Init")
public class DrainBenchmark {
  private static final int BATCH = 10_000;

  /** The store; how the journal was filled makes no difference here. */
  @Param({"JOURNAL_BATCH", "SQLITE", "H2_MVSTORE", "CHRONICLE", "ROCKSDB"})
  public StoreKind store;

  /** The backlog. */
  @Param("200000")
  public int events;

  private Path directory;
  private EventStore opened;
  private long drained;

  /** Fills a new store and opens it again. */
  @Setup(Level.Iteration)
  public void fill() throws Exception {
    directory = BenchmarkDirectory.make();
    byte[] body = SampleEvent.encode();
    try (EventStore filling = store.open(directory)) {
      for (int i = 1; i <= events; i++) {
        filling.append(body);
        if (i % BATCH == 0 || i == events) {
          filling.force();
        }
      }
    }
    opened = store.open(directory);
    drained = 0;
  }

  /** Closes it and deletes its files. */
  @TearDown(Level.Iteration)
  public void close() throws Exception {
    opened.close();
    BenchmarkDirectory.delete(directory);
  }

  /** The whole backlog. */
  @Benchmark
  public long drain() throws Exception {
    opened.drain(body -> drained++);
    if (drained != events) {
      throw new IllegalStateException("there were " + drained + " events, not " + events);
    }
    return drained;
  }
}
