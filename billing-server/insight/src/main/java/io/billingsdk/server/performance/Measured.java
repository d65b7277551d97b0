package io.billingsdk.server.performance;

import io.billingsdk.costs.DurationSketch;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The durations of a cell, as they are kept.
 *
 * @param durations each of them; empty where they are too many, and of days
 */
record Measured(DurationSketch sketch, Optional<Durations> durations) {
  /** Of some values in any order. */
  static Measured of(Collection<Long> values) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    values.forEach(builder::add);
    return new Measured(builder.build(), Durations.of(values));
  }

  /** Of all values. */
  static Measured sum(List<Measured> parts) {
    return new Measured(
        sketchOf(parts), Durations.sum(parts.stream().map(Measured::durations).toList()));
  }

  /** The same without each of them. */
  static Measured sketchSum(List<Measured> parts) {
    return new Measured(sketchOf(parts), Optional.empty());
  }

  private static DurationSketch sketchOf(List<Measured> parts) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    parts.forEach(each -> builder.add(each.sketch()));
    return builder.build();
  }
}
