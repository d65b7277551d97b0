package io.billingsdk.server.providers;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Sampled;
import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Whether money waits for a person. */
final class ProviderMeters implements Meters, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Each part has an index of its own. */
  private static final String WAITING =
      """
      SELECT (SELECT count(*) FROM charge WHERE state = 'needs_operator')
        + (SELECT count(*) FROM charge_refund WHERE state = 'created' AND problem IS NOT NULL)
        AS found
      """;

  private final Sampled<Long> waiting;

  ProviderMeters(Database database) {
    this.waiting =
        new Sampled<>(
            "billing-provider-figures",
            FRESH,
            () ->
                database.read(
                    handle ->
                        handle
                            .createQuery(WAITING)
                            .map(ResultRow.to(row -> row.number("found")))
                            .one()));
  }

  @Override
  public void addTo(MeterRegistry registry) {
    Gauge.builder("billing.charges.needing.operator", this, ProviderMeters::value)
        .description("charges and refunds that a provider refuses for the account of this server")
        .register(registry);
  }

  /** None while the database is away. */
  private double value() {
    Long known = waiting.value();
    return known == null ? Double.NaN : known;
  }

  @Override
  public void close() {
    waiting.close();
  }
}
