package io.billingsdk.forecast;

/**
 * A closed bucket that is not as expected.
 *
 * @param index the number of the bucket
 * @param onset the number of the bucket with which it began
 * @param expected the expected log value
 * @param deviation the standard deviation of a single bucket on the log scale
 */
record Flag(
    int index, int onset, AnomalyKind kind, boolean up, double expected, double deviation) {}
