package io.billingsdk.benchmarks;

import io.billingsdk.benchmarks.stores.EventStore;
import io.billingsdk.benchmarks.stores.StoreKind;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Durable events per second with group commit: one thread appends for the length of a window, then
 * waits until all of that is on disk, and again. Each iteration has a new store.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@SuppressWarnings("NullAway.Init")
public class DurableBenchmark {
  /** Events between two looks at the clock, which can cost as much as an append. */
  private static final int STRIDE = 16;

  /** The store. */
  @Param public StoreKind store;

  /** How long events are appended before they are waited for. */
  @Param({"1", "10", "100"})
  public int windowMillis;

  private Path directory;
  private EventStore opened;
  private byte[] body;

  /** Events that were durable. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Durable {
    /** How many. */
    public long events;
  }

  /** Opens a new store. */
  @Setup(Level.Iteration)
  public void open() throws Exception {
    directory = BenchmarkDirectory.make();
    opened = store.open(directory);
    body = SampleEvent.encode();
  }

  /** Closes it and deletes its files. */
  @TearDown(Level.Iteration)
  public void close() throws Exception {
    opened.close();
    BenchmarkDirectory.delete(directory);
  }

  /** One window. */
  @Benchmark
  public void window(Durable durable) throws Exception {
    long windowNanos = TimeUnit.MILLISECONDS.toNanos(windowMillis);
    long begun = System.nanoTime();
    int events = 0;
    do {
      for (int i = 0; i < STRIDE; i++) {
        opened.append(body);
      }
      events += STRIDE;
    } while (System.nanoTime() - begun < windowNanos);
    opened.force();
    durable.events += events;
  }
}
