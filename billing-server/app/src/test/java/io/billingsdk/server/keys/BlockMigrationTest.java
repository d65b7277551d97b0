package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks of an earlier version are those of an operator. */
@Tag("postgres")
class BlockMigrationTest {
  @Test
  void migrate_blockedKeysOfAnEarlierVersion_areBlockedByAnOperator() throws Exception {
    World world = Testbed.get().worldOf(List.of());
    world.execute(
        """
        INSERT INTO app VALUES ('acme', 'Acme');
        INSERT INTO api_key (key_id, sha256, app_id, version, status, reason) VALUES
          ('k_ok', sha256('1'), 'acme', 1, 'ok', NULL),
          ('k_blocked', sha256('2'), 'acme', 2, 'blocked', 'unpaid'),
          ('k_silent', sha256('3'), 'acme', 3, 'blocked', NULL),
          ('k_removed', sha256('4'), 'acme', 4, 'removed', NULL);
        UPDATE key_table SET version = 4;
        """);
    Database.migrate(world.owner(), ServerSchema.migrations());
    try (Database database = world.database()) {
      KeyAdmin admin = new KeyAdmin(database, null);

      assertThat(admin.keys().stream().map(StoredKey::status))
          .containsExactly(KeyStatus.OK, KeyStatus.BLOCKED, KeyStatus.BLOCKED, KeyStatus.REMOVED);
      assertThat(admin.one("k_blocked").orElseThrow().causes())
          .containsExactly(BlockCause.OPERATOR);
      admin.unblock("k_blocked");
      admin.unblock("k_silent");
      assertThat(admin.one("k_blocked").orElseThrow().status()).isEqualTo(KeyStatus.OK);
      assertThat(admin.one("k_silent").orElseThrow().status()).isEqualTo(KeyStatus.OK);
    }
  }
}
