package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import io.billingsdk.server.keys.KeyVersions.LegacyKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key is blocked while any cause stands, and each is lifted by itself. */
@Tag("postgres")
class BlockCausesTest {
  private static final int CHANGES = 60;
  private static final List<BlockCause> CAUSES = List.of(BlockCause.values());

  @TempDir Path directory;

  private World world;
  private Database database;
  private KeyAdmin admin;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    admin = new KeyAdmin(database, new KeyVault(new Secrets(directory)), new Actor("ann"));
    admin.createApp("acme", "Acme");
    admin.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ true);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private StoredKey key() {
    return admin.one("k_1").orElseThrow();
  }

  private LegacyKey legacy() {
    return database.read(KeyVersions::legacy).get(0);
  }

  @Test
  void lift_ofOneCause_leavesTheOthers() {
    admin.block("k_1", "by hand");
    admin.block("k_1", BlockCause.PAST_DUE, "invoice 7 is overdue", null);
    admin.unblock("k_1");

    assertThat(key().status()).isEqualTo(KeyStatus.BLOCKED);
    assertThat(key().reason()).isEqualTo("invoice 7 is overdue");
    assertThat(key().causes()).containsExactly(BlockCause.PAST_DUE);
    admin.lift("k_1", BlockCause.PAST_DUE);
    assertThat(key().status()).isEqualTo(KeyStatus.OK);
    assertThat(key().reason()).isNull();
  }

  @Test
  void block_again_hasTheNewReason_andTheFirstTime() {
    admin.block("k_1", "first");
    Instant since = blocks().get(0).since();
    admin.block("k_1", "second");

    assertThat(blocks())
        .singleElement()
        .satisfies(
            block -> {
              assertThat(block.reason()).isEqualTo("second");
              assertThat(block.actor()).isEqualTo("ann");
              assertThat(block.since()).isEqualTo(since);
            });
  }

  @Test
  void quota_aloneBlocksInTheFeedOfV1_untilItsEnd_andNotInThatOfV2() throws SQLException {
    long before = key().version();
    admin.block(
        "k_1", BlockCause.QUOTA, "calls are used up", Instant.parse("2099-01-01T00:00:00Z"));

    assertThat(key().status()).isEqualTo(KeyStatus.OK);
    assertThat(key().version()).isGreaterThan(before);
    assertThat(legacy().isValid()).isFalse();
    assertThat(legacy().reason()).isEqualTo("calls are used up");
    world.execute("UPDATE key_block SET until = now() - interval '1 second'");
    assertThat(legacy().isValid()).isTrue();
    List<String> ended =
        database.read(handle -> KeyBlocks.ended(handle, BlockCause.QUOTA, Instant.now()));
    assertThat(ended).containsExactly("k_1");
  }

  @Test
  void quota_andAnOperator_bothFeedsSayTheOperatorsReason() {
    admin.block("k_1", BlockCause.QUOTA, "calls are used up", null);
    admin.block("k_1", "by hand");

    assertThat(key().status()).isEqualTo(KeyStatus.BLOCKED);
    assertThat(key().reason()).isEqualTo("by hand");
    assertThat(legacy().reason()).isEqualTo("by hand");
    admin.unblock("k_1");
    assertThat(key().status()).isEqualTo(KeyStatus.OK);
    assertThat(legacy().isValid()).isFalse();
  }

  @Test
  void changes_atRandom_theKeyIsBlockedWhileAnyCauseStands() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<BlockCause> standing = EnumSet.noneOf(BlockCause.class);
    for (int i = 0; i < CHANGES; i++) {
      BlockCause cause = CAUSES.get(random.nextInt(CAUSES.size()));
      if (random.nextBoolean()) {
        admin.block("k_1", cause, "because of " + cause, null);
        standing.add(cause);
      } else {
        admin.lift("k_1", cause);
        standing.remove(cause);
      }
      Set<BlockCause> others = EnumSet.noneOf(BlockCause.class);
      others.addAll(standing);
      others.remove(BlockCause.QUOTA);
      assertThat(key().causes()).as("seed %d", seed).containsExactlyElementsOf(standing);
      assertThat(key().status() == KeyStatus.BLOCKED)
          .as("seed %d", seed)
          .isEqualTo(!others.isEmpty());
      assertThat(legacy().isValid()).as("seed %d", seed).isEqualTo(standing.isEmpty());
    }
  }

  @Test
  void remove_whileACauseStands_theRecordStaysRemoved() {
    admin.block("k_1", BlockCause.PAST_DUE, "invoice 7 is overdue", null);
    admin.remove("k_1");

    assertThat(key().status()).isEqualTo(KeyStatus.REMOVED);
    assertThatThrownBy(() -> admin.lift("k_1", BlockCause.PAST_DUE))
        .isInstanceOf(RequestRefusedException.class);
    assertThat(key().status()).isEqualTo(KeyStatus.REMOVED);
  }

  @Test
  void block_withoutAReason_isRefused() {
    assertThatThrownBy(() -> admin.block("k_1", BlockCause.PLAN, " ", null))
        .hasMessage("reason must be a text of 1 to 256 characters");
  }

  private List<KeyBlock> blocks() {
    Map<String, List<KeyBlock>> blocks = admin.blocks(List.of("k_1"));
    return blocks.getOrDefault("k_1", List.of());
  }
}
