package io.billingsdk.costs;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The stored form of a sketch: version, least, most, sum, and for each bin how far it is from the
 * one before and how many values it has; numbers of seven bits a byte, the lowest first.
 */
final class SketchBytes {
  private static final int VERSION = 1;
  private static final int MOST_SUM_BYTES = 20;
  private static final String POSSIBLE_SUM = "with a sum that its values can have";
  private static final String ONE_FORM = "in the one form that the values have";

  private final byte[] bytes;
  private int next;

  private SketchBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  static byte[] write(int[] bins, long[] counts, long least, long most, BigInteger sum) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    number(out, least);
    number(out, most);
    byte[] sumBytes = sum.toByteArray();
    number(out, sumBytes.length);
    out.writeBytes(sumBytes);
    int before = -1;
    for (int i = 0; i < bins.length; i++) {
      number(out, bins[i] - before);
      number(out, counts[i]);
      before = bins[i];
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  static DurationSketch read(byte[] bytes) {
    SketchBytes in = new SketchBytes(bytes);
    if (bytes.length == 0 || bytes[in.next++] != VERSION) {
      throw refused("of version " + VERSION);
    }
    long least = in.number();
    long most = in.number();
    BigInteger sum = in.sum();
    // A bin takes two bytes or more.
    int[] bins = new int[(bytes.length - in.next) / 2];
    long[] counts = new long[bins.length];
    int size = 0;
    int bin = -1;
    while (in.next < bytes.length) {
      long step = in.number();
      long values = in.number();
      if (step < 1 || step > SketchBins.LAST - bin || values < 1) {
        throw refused("of ascending bins with values");
      }
      bin += (int) step;
      bins[size] = bin;
      counts[size++] = values;
    }
    bins = Arrays.copyOf(bins, size);
    counts = Arrays.copyOf(counts, size);
    requireAgreeing(bins, least, most);
    requireSum(counts, least, most, sum);
    return new DurationSketch(bins, counts, least, most, sum);
  }

  private static void requireAgreeing(int[] bins, long least, long most) {
    boolean isSo =
        bins.length == 0
            ? least == 0 && most == 0
            : bins[0] == SketchBins.of(least) && bins[bins.length - 1] == SketchBins.of(most);
    if (!isSo) {
      throw refused("with the least and the most value in the outer bins");
    }
  }

  /** So many values from the least to the most cannot have another sum. */
  private static void requireSum(long[] counts, long least, long most, BigInteger sum) {
    long count = 0;
    for (long values : counts) {
      count += values;
      if (count < 0) {
        throw refused(POSSIBLE_SUM);
      }
    }
    BigInteger many = BigInteger.valueOf(count);
    boolean isSo =
        sum.compareTo(many.multiply(BigInteger.valueOf(least))) >= 0
            && sum.compareTo(many.multiply(BigInteger.valueOf(most))) <= 0;
    if (!isSo) {
      throw refused(POSSIBLE_SUM);
    }
  }

  private BigInteger sum() {
    long length = number();
    if (length < 1 || length > MOST_SUM_BYTES || length > bytes.length - next) {
      throw refused("with a sum of 1 to " + MOST_SUM_BYTES + " bytes");
    }
    BigInteger sum = new BigInteger(bytes, next, (int) length);
    if (sum.bitLength() / Byte.SIZE + 1 != length) {
      throw refused(ONE_FORM);
    }
    next += (int) length;
    return sum;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      if (next >= bytes.length) {
        throw refused("complete");
      }
      byte part = bytes[next++];
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        if (part == 0 && shift > 0) {
          throw refused(ONE_FORM);
        }
        return value;
      }
    }
    throw refused("of numbers below 2^63");
  }

  private static CostInputException refused(String expectation) {
    return new CostInputException("sketch", expectation, "other bytes");
  }
}
