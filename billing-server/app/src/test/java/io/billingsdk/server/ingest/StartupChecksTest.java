package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class StartupChecksTest {
  private final Testbed testbed = Testbed.get();

  @Test
  void run_synchronousCommitIsOff_isRefusedWithItsName() throws Exception {
    World world = testbed.world();
    world.execute("ALTER DATABASE " + world.prefix() + " SET synchronous_commit = off");

    assertRefused(world.database(), "synchronous_commit");
  }

  @Test
  void run_roleMayChangeTheLedger_isRefused() throws Exception {
    World world = testbed.world();
    world.execute("GRANT UPDATE ON usage_event TO billing_server");

    assertRefused(world.database(), "usage_event");
  }

  @Test
  void run_identityIsNotUnique_isRefused() throws Exception {
    World world = testbed.world();
    world.execute("ALTER TABLE event_identity DROP CONSTRAINT event_identity_is_unique");

    assertRefused(world.database(), "event_identity");
  }

  @Test
  void run_databaseAsItWasMade_isAccepted() throws Exception {
    try (Database database = testbed.world().database()) {
      database.requireSafe();
    }
  }

  private static void assertRefused(Database database, String named) {
    try (database) {
      assertThatThrownBy(() -> database.requireSafe())
          .isInstanceOf(ServerException.class)
          .hasMessageContaining(named);
    }
  }
}
