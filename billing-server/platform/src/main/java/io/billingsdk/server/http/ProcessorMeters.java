package io.billingsdk.server.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.concurrent.TimeUnit;

/**
 * What of the processors Micrometer names in a way that Prometheus warns of: {@code _count} is part
 * of a histogram, and times are in seconds.
 */
final class ProcessorMeters {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private ProcessorMeters() {}

  static void bindTo(MeterRegistry registry) {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    Gauge.builder("system.cpus", Runtime.getRuntime(), Runtime::availableProcessors)
        .description("processors that this process may use")
        .register(registry);
    if (system instanceof com.sun.management.OperatingSystemMXBean detailed) {
      FunctionCounter.builder("process.cpu", detailed, each -> each.getProcessCpuTime() / NANOS)
          .baseUnit("seconds")
          .description("processor time that this process has used")
          .register(registry);
    }
  }
}
