package io.billingsdk.costs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Optional;

/**
 * Counts durations in bins. Sketches of hours add up to that of any time, with its percentiles.
 * Values below 128 are exact; a bin above is as wide as a 64th of its power of two, so that its
 * middle is within 0.8 % of each of its values. Everything is a whole number: the same values make
 * the same bytes, in whichever order and in however many sketches they came.
 *
 * <p>Immutable; {@link Builder} collects.
 */
public final class DurationSketch {
  /** No value. */
  public static final DurationSketch EMPTY = new Builder().build();

  // Ascending; each with the count of the same place, which is above 0.
  private final int[] bins;
  private final long[] counts;
  private final long count;
  private final long least;
  private final long most;
  private final BigInteger sum;

  /** The arrays are its own from now on. */
  DurationSketch(int[] bins, long[] counts, long least, long most, BigInteger sum) {
    this.bins = bins;
    this.counts = counts;
    this.count = Arrays.stream(counts).reduce(0L, Math::addExact);
    this.least = least;
    this.most = most;
    this.sum = sum;
  }

  /** Collects values. Confined to one thread. */
  public static final class Builder {
    private static final int FEW_BINS = 1_024;

    private long[] byBin = new long[FEW_BINS];
    private int size;
    private long least = Long.MAX_VALUE;
    private long most;
    private BigInteger sum = BigInteger.ZERO;

    /** Adds a value that is not negative. */
    public Builder add(long value) {
      if (value < 0) {
        throw new CostInputException("duration", "at least 0", value);
      }
      add(SketchBins.of(value), 1);
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum = sum.add(BigInteger.valueOf(value));
      return this;
    }

    /** Adds the values of another sketch. */
    public Builder add(DurationSketch other) {
      for (int i = 0; i < other.bins.length; i++) {
        add(other.bins[i], other.counts[i]);
      }
      if (other.count > 0) {
        least = Math.min(least, other.least);
        most = Math.max(most, other.most);
      }
      sum = sum.add(other.sum);
      return this;
    }

    private void add(int bin, long values) {
      if (bin >= byBin.length) {
        byBin = Arrays.copyOf(byBin, SketchBins.LAST + 1);
      }
      if (byBin[bin] == 0) {
        size++;
      }
      byBin[bin] = Math.addExact(byBin[bin], values);
    }

    /** The sketch of what was added. */
    public DurationSketch build() {
      int[] bins = new int[size];
      long[] counts = new long[size];
      int place = 0;
      for (int bin = 0; bin < byBin.length; bin++) {
        if (byBin[bin] > 0) {
          bins[place] = bin;
          counts[place++] = byBin[bin];
        }
      }
      return new DurationSketch(bins, counts, size == 0 ? 0 : least, most, sum);
    }
  }

  /** The values of both. */
  public DurationSketch plus(DurationSketch other) {
    return new Builder().add(this).add(other).build();
  }

  /** How many values. */
  public long count() {
    return count;
  }

  /** The smallest value, exactly; 0 without one. */
  public long least() {
    return least;
  }

  /** The greatest value, exactly; 0 without one. */
  public long most() {
    return most;
  }

  /** The sum, exactly. */
  public BigInteger sum() {
    return sum;
  }

  /** The average, half up to so many decimals; empty without a value. */
  public Optional<BigDecimal> average(int decimals) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new BigDecimal(sum).divide(BigDecimal.valueOf(count), decimals, RoundingMode.HALF_UP));
  }

  /**
   * The percentile as {@link Percentile#linear} defines it, within 1 %; empty without a value.
   *
   * @param percent 0 to 100
   */
  public Optional<BigDecimal> percentile(BigDecimal percent) {
    return count == 0 ? Optional.empty() : Optional.of(Percentile.at(count, percent, this::at));
  }

  /** The value of a rank from 0, as near as its bin says. */
  private long at(long rank) {
    if (rank == 0) {
      return least;
    }
    if (rank == count - 1) {
      return most;
    }
    long seen = 0;
    for (int i = 0; i < bins.length; i++) {
      seen += counts[i];
      if (seen > rank) {
        return Math.min(most, Math.max(least, SketchBins.middle(bins[i])));
      }
    }
    return most;
  }

  /** The bytes to store: equal sketches have equal bytes. */
  public byte[] toBytes() {
    return SketchBytes.write(bins, counts, least, most, sum);
  }

  /** Reads what {@link #toBytes} wrote; anything else is refused. */
  public static DurationSketch read(byte[] bytes) {
    return SketchBytes.read(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DurationSketch that
        && Arrays.equals(bins, that.bins)
        && Arrays.equals(counts, that.counts)
        && least == that.least
        && most == that.most
        && sum.equals(that.sum);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bins) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "DurationSketch[" + count + " values, " + least + " to " + most + "]";
  }
}
