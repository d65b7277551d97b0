package io.billingsdk.server.invoices;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Sampled;
import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** A meter of what keeps documents from being issued. Thread-safe. */
final class InvoiceMeters implements Meters, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Sampled<Boolean> suspended;

  InvoiceMeters(Database database) {
    this.suspended =
        new Sampled<>(
            "billing-invoice-figures", FRESH, () -> new InvoiceNumbering(database).isSuspended());
  }

  @Override
  public void addTo(MeterRegistry registry) {
    Gauge.builder("billing.invoices.suspended", this, InvoiceMeters::value)
        .description("1 while issuing is suspended after a restore")
        .register(registry);
  }

  /** None while the database is away. */
  private double value() {
    Boolean known = suspended.value();
    return known == null ? Double.NaN : known ? 1 : 0;
  }

  @Override
  public void close() {
    suspended.close();
  }
}
