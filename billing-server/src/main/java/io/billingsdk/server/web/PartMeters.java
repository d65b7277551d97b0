package io.billingsdk.server.web;

import io.billingsdk.server.Counts;
import io.billingsdk.server.Counts.Family;
import io.billingsdk.server.LimitedLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Meters of {@link Counts}, and of the lines that {@link LimitedLog}s left out. */
final class PartMeters {
  private PartMeters() {}

  static void bindTo(MeterRegistry registry, Counts counts) {
    for (Family family : Family.values()) {
      counts.each(
          family,
          (value, count) ->
              FunctionCounter.builder(family.metric(), count, LongAdder::doubleValue)
                  .description(family.description())
                  .tag(family.label(), value)
                  .register(registry));
    }
    for (LimitedLog.Kind kind : LimitedLog.Kind.values()) {
      FunctionCounter.builder("billing.log.lines.left.out", kind, LimitedLog.Kind::leftOut)
          .description("lines that the log left out, since there were too many of their kind")
          .tag("kind", kind.label())
          .register(registry);
    }
  }
}
