package io.billingsdk.server.http;

import io.billingsdk.server.db.Database;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of a feature for Prometheus. Labels have few values: no app, no key. A meter reads what
 * its feature counts anyway, and costs nothing until it is read.
 */
@FunctionalInterface
public interface Meters {
  /** Adds them, once, before the server listens. */
  void addTo(MeterRegistry registry);

  /** Runs before all meters are read: one question to the database serves many gauges. */
  default void beforeReading(Database requests) {}
}
