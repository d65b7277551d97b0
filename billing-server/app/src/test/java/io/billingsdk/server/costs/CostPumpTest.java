package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Await;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class CostPumpTest {
  private static final Map<String, BigDecimal> TOKENS = Map.of("input_tokens", BigDecimal.TEN);

  private static final String ALL =
      "SELECT (SELECT count(*) FROM cost) = 4 AND NOT EXISTS (SELECT FROM cost_queue)";

  private final UUID stream = UUID.randomUUID();
  private final GivingWay givingWay = new GivingWay();

  /** Stores events of these numbers in one batch. */
  private void store(AdmittedLane lane, long from, long to) {
    List<Admitted> batch = LongStream.rangeClosed(from, to).mapToObj(this::event).toList();
    try {
      lane.store(batch, TOKENS);
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private Admitted event(long seq) {
    return new Admitted(
        stream, "i-1", seq, "k_1", BigDecimal.TEN, Clock.systemUTC().instant(), List.of());
  }

  @Test
  void pump_whileMoreIsNotedThanItMakes_givesWay_andMakesAllInTheEnd() throws Exception {
    World world = Testbed.get().world();
    try (Database database = world.database()) {
      KeyAdmin keys = new KeyAdmin(database, null);
      keys.createApp("acme", "Acme");
      keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      AdmittedLane[] lane = new AdmittedLane[1];
      // While the cost of the first event is made, the intake stores three more.
      CostListener flood =
          (transaction, changes) -> {
            if (changes.size() == 1) {
              store(lane[0], 2, 4);
            }
          };
      CostStore costs = new CostStore(List.of(flood));
      try (CostPump pump = new CostPump(database, costs, new Catalogues(), givingWay)) {
        lane[0] =
            new AdmittedLane(database, List.of(new CostIntake(pump::noted)), 0, Clock.systemUTC());
        store(lane[0], 1, 1);
        pump.start();
        Await.until(
            () -> database.read(handle -> handle.createQuery(ALL).mapTo(Boolean.class).one()));
      }
      assertThat(givingWay.waited()).isPositive();
      lane[0].close();
    }
  }
}
