package io.billingsdk.costs;

/** The bins of a sketch: each power of two in 64 parts, and below 128 each number by itself. */
final class SketchBins {
  private static final int BITS = 6;
  private static final int PARTS = 1 << BITS;

  /** The bin of {@link Long#MAX_VALUE}. */
  static final int LAST = of(Long.MAX_VALUE);

  private SketchBins() {}

  static int of(long value) {
    int shift = shiftOf(value);
    return shift * PARTS + (int) (value >> shift);
  }

  /** Half of the values of a bin are below it. */
  static long middle(int bin) {
    if (bin < 2 * PARTS) {
      return bin;
    }
    int shift = bin / PARTS - 1;
    long low = (long) (bin - shift * PARTS) << shift;
    return low + ((1L << shift) - 1) / 2;
  }

  private static int shiftOf(long value) {
    return Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - BITS - 1);
  }
}
