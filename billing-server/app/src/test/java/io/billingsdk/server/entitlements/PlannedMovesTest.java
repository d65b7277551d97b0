package io.billingsdk.server.entitlements;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An app moves at a time that was planned, to a customer whose keys have the same terms. */
@Tag("postgres")
class PlannedMovesTest {
  private World world;
  private Database database;
  private EntitlementClock clock;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    new KeyAdmin(database, null).createApp("app", "App");
    Customers customers = new Customers(database, new Actor("tester"));
    for (String each : new String[] {"from", "to"}) {
      var unused = customers.create(NewCustomer.of(each, each, "USD", "UTC"));
    }
    var unused = customers.assign("from", "app", Instant.now().minus(Duration.ofDays(1)));
    var unusedToo = customers.assign("to", "app", Instant.now().plus(Duration.ofDays(1)));
    clock = new EntitlementClock(database, new PlanKeys(database));
    clock.run();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private long version() {
    return database.read(TermsVersion::current).plans();
  }

  @Test
  void move_thatTakesEffect_raisesTheVersionOnce() throws SQLException {
    long before = version();
    clock.run();
    assertThat(version()).as("it is still to come").isEqualTo(before);
    world.execute("UPDATE customer_app SET valid_from = now() WHERE customer_id = 'to'");
    clock.run();
    assertThat(version()).isEqualTo(before + 1);
    clock.run();

    assertThat(version()).as("it was said").isEqualTo(before + 1);
  }
}
