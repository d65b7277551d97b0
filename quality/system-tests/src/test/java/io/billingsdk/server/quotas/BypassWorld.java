package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.server.control.LeaseBridge;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A customer with three keys of two apps, and a plan with one hard quota of usage for all of them;
 * services with the SDK's code, a real ledger.
 */
final class BypassWorld implements AutoCloseable {
  static final long LIMIT = 20;
  static final String QUOTA = "customer/acme/tokens";
  static final String KEY = "sk-1";
  static final String SECOND_KEY = "sk-2";
  static final String KEY_OF_ANOTHER_APP = "sk-3";

  private static final Map<String, String> KEY_IDS =
      Map.of(KEY, "k_1", SECOND_KEY, "k_2", KEY_OF_ANOTHER_APP, "k_3");

  private static final String PLANS =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: small
          name: Small
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: tokens, limit: %d, mode: hard}]
      """
          .formatted(LIMIT);

  private final World world;
  private final Database database;
  private final SimulatedTime time = new SimulatedTime();
  private final Map<String, SdkInstance> instances = new LinkedHashMap<>();
  private final Quotas quotas;
  private final LeaseBridge server;
  private final AdmittedLane lane;

  BypassWorld() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    PlanCustomers customers = new PlanCustomers(database, PLANS);
    customers.create("acme", "America/New_York", time.server().instant());
    KEY_IDS.forEach((text, id) -> customers.key("acme", app(text), id, text));
    var unused = customers.subscribe("acme", "small", LocalDate.of(2098, 1, 1));
    quotas = new Quotas(database, customers.source(), QuotaMeters.BY_RULE, time.server());
    server = new LeaseBridge(quotas.instances(), ledger(), answer -> answer);
    lane = new AdmittedLane(database, List.of(quotas.counters()), 0, time.server());
  }

  private static String app(String key) {
    return key.equals(KEY_OF_ANOTHER_APP) ? "beta" : "acme";
  }

  private UUID ledger() {
    return io.billingsdk.server.ledger.LedgerFeature.id(database);
  }

  SdkInstance instance(String name) {
    List<KeyRecord.Quota> shared =
        List.of(
            new KeyRecord.Quota(
                "usage",
                BigDecimal.valueOf(LIMIT),
                BigDecimal.ZERO,
                null,
                /* overage= */ false,
                QUOTA));
    List<KeyRecord> records =
        KEY_IDS.entrySet().stream()
            .map(
                each ->
                    SdkInstance.key(
                        each.getValue(), each.getKey(), app(each.getKey()), null, shared))
            .toList();
    return new SdkInstance(name, time, server, instances, () -> 5, records, KEY_IDS);
  }

  SimulatedTime time() {
    return time;
  }

  Quotas quotas() {
    return quotas;
  }

  Database database() {
    return database;
  }

  LeaseBridge server() {
    return server;
  }

  AdmittedLane lane() {
    return lane;
  }

  /** Stores an event that nobody has admitted, or that names these leases. */
  void store(String instance, UUID stream, long seq, long usage, List<String> admission)
      throws Exception {
    Instant at = time.server().instant();
    var unused =
        lane.store(
            List.of(
                new AdmittedLane.Admitted(
                    stream, instance, seq, "k_1", BigDecimal.valueOf(usage), at, admission)));
  }

  /** Everybody delivers; what the ledger has then. */
  long stored() throws Exception {
    for (SdkInstance each : instances.values()) {
      each.deliver(lane);
    }
    return world.count("SELECT coalesce(sum(usage), 0)::bigint FROM usage_event");
  }

  /** How much of that no lease covers: it is charged beyond the quota. */
  long beyond() throws Exception {
    return world.count("SELECT coalesce(sum(beyond), 0)::bigint FROM quota_counter_shard");
  }

  /** Nothing is missing in the counters, and all that is beyond the quota is named. */
  void assertNamed() throws Exception {
    long stored = stored();
    assertThat(world.count("SELECT coalesce(sum(settled), 0)::bigint FROM quota_counter_shard"))
        .isEqualTo(stored);
    assertThat(stored).isLessThanOrEqualTo(LIMIT + beyond());
  }

  @Override
  public void close() {
    lane.close();
    database.close();
  }
}
