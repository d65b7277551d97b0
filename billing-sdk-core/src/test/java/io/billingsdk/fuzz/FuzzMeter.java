package io.billingsdk.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Holds each input of a fuzz test against a bound of time and of memory, and keeps the worst.
 *
 * <p>What an input costs is repeatable, and what a class costs that is loaded, or a collector that
 * steps in, is not: an input beyond a bound is read once more, and the lesser of both counts.
 * Confined to one thread.
 */
public final class FuzzMeter {
  private static final long HANG_NANOS = 1_000_000_000;
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long fixedBytes;
  private final long bytesPerByte;
  private long inputs;
  private long worstNanos;
  private long mostBytes;

  /** Reads an input. */
  @FunctionalInterface
  public interface Target {
    /** What it throws is a finding. */
    void read(byte[] input) throws IOException;
  }

  private record Cost(long nanos, long bytes) {
    Cost lesser(Cost other) {
      return new Cost(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }
  }

  /** A meter that allows {@code fixedBytes + bytesPerByte × length} of an input. */
  public FuzzMeter(long fixedBytes, long bytesPerByte) {
    this.fixedBytes = fixedBytes;
    this.bytesPerByte = bytesPerByte;
  }

  /**
   * Reads an input.
   *
   * @throws AssertionError when it takes more than a second, or more memory than is allowed
   */
  public void measure(byte[] input, Target target) throws IOException {
    long allowed = fixedBytes + bytesPerByte * input.length;
    Cost cost = cost(input, target);
    if (cost.bytes() > allowed || cost.nanos() > HANG_NANOS) {
      cost = cost.lesser(cost(input, target));
    }
    inputs++;
    worstNanos = Math.max(worstNanos, cost.nanos());
    mostBytes = Math.max(mostBytes, cost.bytes());
    if (cost.bytes() > allowed) {
      throw new AssertionError(
          cost.bytes() + " bytes allocated for an input of " + input.length + ": over " + allowed);
    }
    if (cost.nanos() > HANG_NANOS) {
      throw new AssertionError("an input took " + cost.nanos() / 1_000_000 + " ms");
    }
  }

  /** Leaves the figures where the process that started this one looks for them. */
  public void report() throws IOException {
    String file = System.getProperty("fuzz.report");
    if (file == null) {
      return; // Inputs are replayed, no new ones are looked for.
    }
    Properties figures = new Properties();
    figures.setProperty("inputs", Long.toString(inputs));
    figures.setProperty("worst_ms", Long.toString(worstNanos / 1_000_000));
    figures.setProperty("max_alloc_bytes", Long.toString(mostBytes));
    try (Writer out = Files.newBufferedWriter(Path.of(file))) {
      figures.store(out, null);
    }
  }

  private static Cost cost(byte[] input, Target target) throws IOException {
    long bytes = MEMORY.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    target.read(input);
    long nanos = System.nanoTime() - start;
    return new Cost(nanos, MEMORY.getCurrentThreadAllocatedBytes() - bytes);
  }
}
