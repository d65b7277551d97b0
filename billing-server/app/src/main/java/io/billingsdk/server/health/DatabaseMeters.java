package io.billingsdk.server.health;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Meters of how the server and its database are. */
final class DatabaseMeters implements Meters {
  /** Prometheus waits for ten seconds, and the streams are asked for too. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Signs signs;
  private final Map<String, Database> pools;

  DatabaseMeters(Signs signs, Map<String, Database> pools) {
    this.signs = signs;
    this.pools = Map.copyOf(pools);
  }

  @Override
  public void addTo(MeterRegistry registry) {
    Gauge.builder("billing.up", signs.up(), up -> up.getAsBoolean() ? 1 : 0)
        .description("whether usage is taken in")
        .register(registry);
    Gauge.builder("billing.database.writable", signs.writes(), DatabaseMeters::isWritable)
        .description("whether a write to the database succeeds")
        .register(registry);
    FunctionCounter.builder(
            "billing.database.restarts", signs.databaseRestarts(), restarts -> restarts.getAsLong())
        .description("how often the server's own PostgreSQL ended by itself and was started again")
        .register(registry);
    pools.forEach((name, database) -> pool(registry, name, database));
  }

  private static double isWritable(WriteProbe writes) {
    return writes.find(PATIENCE) == WriteProbe.Found.WRITTEN ? 1 : 0;
  }

  private static void pool(MeterRegistry registry, String name, Database database) {
    state(registry, name, "active", database, each -> each.pool().active());
    state(registry, name, "idle", database, each -> each.pool().idle());
    state(registry, name, "wanted", database, each -> each.pool().wanted());
  }

  private static void state(
      MeterRegistry registry,
      String name,
      String state,
      Database database,
      ToDoubleFunction<Database> value) {
    Gauge.builder("billing.database.connections", database, value)
        .description("connections of a pool; wanted: threads that wait for one")
        .tags("pool", name, "state", state)
        .register(registry);
  }
}
