package io.billingsdk.server.health;

import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** Meters of {@link Counts}, and of the lines that {@link LimitedLog}s left out. */
final class CountMeters implements Meters {
  private final Counts counts;

  CountMeters(Counts counts) {
    this.counts = counts;
  }

  @Override
  public void addTo(MeterRegistry registry) {
    for (Family family : Family.values()) {
      counts.each(
          family,
          (value, count) ->
              FunctionCounter.builder(family.metric(), count, LongAdder::doubleValue)
                  .description(family.description())
                  .tag(family.label(), value)
                  .register(registry));
    }
    counts.figures().forEach(figure -> bindTo(registry, figure));
    for (LimitedLog.LogKind kind : LimitedLog.LogKind.values()) {
      FunctionCounter.builder("billing.log.lines.left.out", kind, LimitedLog.LogKind::leftOut)
          .description("lines that the log left out, since there were too many of their kind")
          .tag("kind", kind.label())
          .register(registry);
    }
  }

  private static void bindTo(MeterRegistry registry, Figure figure) {
    List<Tag> labels = new ArrayList<>();
    figure.labels().forEach((name, value) -> labels.add(Tag.of(name, value)));
    ToDoubleFunction<Figure> value = each -> each.value().getAsDouble();
    if (figure.counts()) {
      FunctionCounter.builder(figure.metric(), figure, value)
          .description(figure.description())
          .tags(labels)
          .register(registry);
    } else {
      Gauge.builder(figure.metric(), figure, value)
          .description(figure.description())
          .tags(labels)
          .register(registry);
    }
  }
}
