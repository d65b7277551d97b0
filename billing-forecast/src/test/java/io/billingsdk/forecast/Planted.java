package io.billingsdk.forecast;

/**
 * An event that a generated series has on purpose.
 *
 * @param kind a spike, a drop or a shift
 * @param index the number of its first bucket
 * @param length how many buckets it changes
 * @param factor what it makes of the usual value
 */
record Planted(Kind kind, int index, int length, double factor) {
  enum Kind {
    SPIKE,
    DROP,
    SHIFT
  }
}
