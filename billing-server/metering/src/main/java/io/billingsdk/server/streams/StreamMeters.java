package io.billingsdk.server.streams;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gauges of all streams. The database is asked once for all of them, when they are read. */
final class StreamMeters implements Meters {
  private static final Logger log = LoggerFactory.getLogger(StreamMeters.class);

  private volatile @Nullable StreamHealth last;

  @Override
  public void addTo(MeterRegistry registry) {
    gauge(
        registry,
        "billing.streams.incomplete",
        "streams with numbers missing",
        h -> h.incomplete());
    gauge(registry, "billing.streams.missing.numbers", "numbers missing", h -> h.missing());
    gauge(
        registry,
        "billing.streams.missing.at.end.numbers",
        "numbers missing above the highest that has come",
        h -> h.missingAtEnd());
    gauge(
        registry,
        "billing.streams.silent",
        "streams with events pending at their instance, not heard of for five minutes",
        h -> h.silent());
    gauge(
        registry,
        "billing.streams.unreadable",
        "streams whose rows are inconsistent",
        h -> h.unreadable());
  }

  /** Asks the database. When it does not answer, the gauges have no number, and the others have. */
  @Override
  public void beforeReading(Database database) {
    try {
      last = new Streams(database).health();
    } catch (DatabaseException away) {
      log.debug("the streams cannot be counted: {}", away.getMessage());
      last = null;
    }
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<StreamHealth> value) {
    Gauge.builder(name, this, self -> self.number(value))
        .description(description)
        .register(registry);
  }

  private double number(ToDoubleFunction<StreamHealth> value) {
    StreamHealth known = last;
    return known == null ? Double.NaN : value.applyAsDouble(known);
  }
}
