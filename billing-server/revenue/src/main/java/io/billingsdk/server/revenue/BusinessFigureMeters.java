package io.billingsdk.server.revenue;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Sampled;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.revenue.FigureRows.NotedFigure;
import io.billingsdk.server.revenue.Ratios.Ratio;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The figures of the business of the running month and of the last one. Thread-safe. */
final class BusinessFigureMeters implements Meters, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final Sampled<List<NotedFigure>> noted;

  BusinessFigureMeters(Database database, InstantSource clock) {
    this.clock = clock;
    this.noted = new Sampled<>("billing-business-figures", FRESH, () -> read(database, clock));
  }

  private static List<NotedFigure> read(Database database, InstantSource clock) {
    return database.read(
        handle ->
            FigureRows.ofMonths(handle, List.of(month(clock, "last"), month(clock, "running"))));
  }

  private static String month(InstantSource clock, String which) {
    YearMonth running = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
    return (which.equals("last") ? running.minusMonths(1) : running).toString();
  }

  @Override
  public void addTo(MeterRegistry registry) {
    for (BusinessFigure.Kind kind : BusinessFigure.Kind.values()) {
      for (String month : List.of("last", "running")) {
        Gauge.builder("billing.business.figure.percent", this, self -> self.percent(kind, month))
            .description("a figure of the business; of several currencies the worst")
            .tags("figure", kind.text(), "month", month)
            .register(registry);
        Gauge.builder("billing.business.figure.missed", this, self -> self.missed(kind, month))
            .description("whether it misses its target")
            .tags("figure", kind.text(), "month", month)
            .register(registry);
      }
    }
  }

  private Stream<NotedFigure> found(BusinessFigure.Kind kind, String which) {
    List<NotedFigure> known = noted.value();
    String month = month(clock, which);
    return known == null
        ? Stream.of()
        : known.stream()
            .filter(each -> each.month().equals(month) && each.figure().equals(kind.text()));
  }

  /** The worst one; none without data. */
  private double percent(BusinessFigure.Kind kind, String month) {
    List<Ratio> ratios =
        found(kind, month).map(NotedFigure::ratio).filter(Objects::nonNull).toList();
    return ratios.stream()
        .mapToDouble(each -> each.shown().doubleValue())
        .reduce((one, other) -> kind.isAbove() ? Math.min(one, other) : Math.max(one, other))
        .orElse(Double.NaN);
  }

  private double missed(BusinessFigure.Kind kind, String month) {
    List<String> states = found(kind, month).map(NotedFigure::state).toList();
    if (states.contains("missed")) {
      return 1;
    }
    return states.contains("met") ? 0 : Double.NaN;
  }

  @Override
  public void close() {
    noted.close();
  }
}
