package io.billingsdk.server.common;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * A number that the metrics show. Reading it is cheap and does not fail; NaN stands for "unknown".
 *
 * @param metric its name, with dots between the words
 * @param description for people
 * @param labels of few values each
 * @param counts whether it only rises, from 0 at the start of the process
 * @param value reads it, on any thread
 */
public record Figure(
    String metric,
    String description,
    Map<String, String> labels,
    boolean counts,
    DoubleSupplier value) {
  /** Has a copy of the labels. */
  public Figure {
    labels = Map.copyOf(labels);
  }
}
