package io.billingsdk.benchmarks;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a report costs its caller: encoding an event and appending it to the journal, beside
 * encoding it and offering it to the leanest queue there is.
 *
 * <p>An iteration is one batch of calls. All batches together fit into the journal's ring and into
 * the queue, and each begins when both are empty, so that no call is refused however slow the disk
 * is; the journal's thread writes and forces meanwhile. A refused call fails the run.
 *
 * <p>Calls are not inlined into JMH's loop: the compiler would take the lock once for many of them.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@CompilerControl(CompilerControl.Mode.DONT_INLINE)
public class ReportBenchmark {
  /** Calls of an iteration, of all threads together: less than the ring of 8 MiB holds. */
  static final int CALLS = 24_000;

  private static final int QUEUE_CAPACITY = 32_768;

  /** An encoded event. */
  @State(Scope.Benchmark)
  public static class Body {
    byte[] body = new byte[0];

    /** Encodes it. */
    @Setup
    public void encode() throws IOException {
      body = SampleEvent.encode();
    }
  }

  /** A journal as it is by default, on disk. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init")
  public static class OwnJournal {
    private Path directory;
    private DurableJournal journal;

    /** Opens it. */
    @Setup
    public void open() throws IOException {
      directory = BenchmarkDirectory.make();
      journal =
          DurableJournal.in(
              directory, 16L << 30, Duration.ofMillis(200), 64L << 20, false, Clock.system());
      journal.start();
    }

    /** Waits until its ring is empty. */
    @Setup(Level.Iteration)
    public void settle() throws Exception {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      accepted(journal.append(new byte[] {'{', '}'}, durable));
      durable.get(1, TimeUnit.MINUTES);
    }

    /** Closes it and deletes its files. */
    @TearDown
    public void close() {
      journal.release(Duration.ofMinutes(1));
      BenchmarkDirectory.delete(directory);
    }

    EventJournal.Append append(byte[] body) {
      return accepted(journal.append(body));
    }

    private static EventJournal.Append accepted(EventJournal.Append outcome) {
      if (!(outcome instanceof EventJournal.Appended)) {
        throw new IllegalStateException("refused: " + outcome);
      }
      return outcome;
    }
  }

  /**
   * A bounded queue of JCTools, and a thread that empties it and does nothing with what it gets.
   */
  @State(Scope.Benchmark)
  public static class BareQueue {
    private static final long IDLE_NANOS = 100_000;

    private final MpscArrayQueue<byte[]> queue = new MpscArrayQueue<>(QUEUE_CAPACITY);
    private final Thread consumer = new Thread(this::consume, "consumer");
    private volatile boolean stopping;

    /** Starts the consumer. */
    @Setup
    public void start() {
      consumer.setDaemon(true);
      consumer.start();
    }

    /** Waits until it is empty. */
    @Setup(Level.Iteration)
    public void settle() {
      while (!queue.isEmpty()) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    }

    /** Stops the consumer. */
    @TearDown
    public void stop() throws InterruptedException {
      stopping = true;
      consumer.join();
    }

    boolean offer(byte[] body) {
      if (!queue.offer(body)) {
        throw new IllegalStateException("refused: the queue is full");
      }
      return true;
    }

    private void consume() {
      while (!stopping) {
        if (queue.drain(body -> {}) == 0) {
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
    }
  }

  /** The encoding alone. */
  @Benchmark
  public byte[] encode() throws IOException {
    return SampleEvent.encode();
  }

  /** The journal alone. */
  @Benchmark
  public Object append(OwnJournal journal, Body body) {
    return journal.append(body.body);
  }

  /** What a report does. */
  @Benchmark
  public Object encodeAppend(OwnJournal journal) throws IOException {
    return journal.append(SampleEvent.encode());
  }

  /** The queue alone. */
  @Benchmark
  public boolean offer(BareQueue queue, Body body) {
    return queue.offer(body.body);
  }

  /** The least that a report could do. */
  @Benchmark
  public boolean encodeOffer(BareQueue queue) throws IOException {
    return queue.offer(SampleEvent.encode());
  }
}
