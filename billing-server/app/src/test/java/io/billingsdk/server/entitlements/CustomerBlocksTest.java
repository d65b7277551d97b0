package io.billingsdk.server.entitlements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks of a customer reach all its keys. */
@Tag("postgres")
class CustomerBlocksTest {
  private static final Actor TESTER = new Actor("tester");

  private Database database;
  private KeyAdmin keys;
  private CustomerBlocks blocks;

  @BeforeEach
  void open() throws SQLException {
    database = Testbed.get().world().database();
    keys = new KeyAdmin(database, null);
    blocks = new CustomerBlocks(database, TESTER);
    Customers customers = new Customers(database, TESTER);
    var unused = customers.create(NewCustomer.of("acme", "Acme", "USD", "UTC"));
    for (String app : new String[] {"one", "two"}) {
      keys.createApp(app, app);
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, false);
      var unusedSpan = customers.assign("acme", app, null);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private StoredKey key(String id) {
    return keys.one(id).orElseThrow();
  }

  @Test
  void pastDue_blocksKeysOfAllApps_andThoseMadeLater_untilItIsPaid() {
    blocks.pastDue("acme", "invoice 7 is overdue");
    keys.importKey("k_later", "sk-later", "one", KeyEntitlements.UNLIMITED, false);
    for (String each : new String[] {"k_one", "k_two", "k_later"}) {
      assertThat(key(each).status()).as(each).isEqualTo(KeyStatus.BLOCKED);
      assertThat(key(each).causes()).containsExactly(BlockCause.PAST_DUE);
      assertThat(key(each).reason()).isEqualTo("invoice 7 is overdue");
    }
    blocks.paid("acme");
    for (String each : new String[] {"k_one", "k_two", "k_later"}) {
      assertThat(key(each).status()).as(each).isEqualTo(KeyStatus.OK);
      assertThat(key(each).causes()).isEmpty();
    }
  }

  @Test
  void pastDue_whatIsSoAlready_changesNoKey_andAnotherCauseStays() {
    keys.block("k_one", "an operator's");
    blocks.pastDue("acme", "invoice 7 is overdue");
    long version = key("k_one").version();
    blocks.pastDue("acme", "invoice 7 is overdue");
    blocks.lift("acme", "no such block");
    assertThat(key("k_one").version()).isEqualTo(version);
    blocks.paid("acme");
    assertThat(key("k_one").causes()).containsExactly(BlockCause.OPERATOR);
    assertThat(key("k_two").status()).isEqualTo(KeyStatus.OK);
  }

  @Test
  void clock_liftsABlockThatHasEnded_andLeavesOthers() {
    blocks.stand(new CustomerBlock("acme", "over", BlockCause.PLAN, "until now", Instant.now()));
    blocks.pastDue("acme", "invoice 7 is overdue");
    assertThat(key("k_one").causes()).containsExactly(BlockCause.PAST_DUE, BlockCause.PLAN);
    new EntitlementClock(database, new PlanKeys(database)).run();
    assertThat(key("k_one").causes()).containsExactly(BlockCause.PAST_DUE);
    assertThat(blocks.of("acme")).extracting(CustomerBlock::name).containsExactly("past_due");
  }

  @Test
  void clock_afterAStart_givesAppsWhatTheyLack() {
    blocks.pastDue("acme", "invoice 7 is overdue");
    // As if no server had run since.
    var unused = keys.planOfApp("one", null);
    assertThat(key("k_one").status()).isEqualTo(KeyStatus.OK);
    new EntitlementClock(database, new PlanKeys(database)).run();
    assertThat(key("k_one").status()).isEqualTo(KeyStatus.BLOCKED);
  }

  @Test
  void stand_forNoCustomerOrWithoutAReason_isRefused() {
    assertThatThrownBy(() -> blocks.pastDue("nobody", "r")).hasMessageContaining("nobody");
    assertThatThrownBy(() -> blocks.pastDue("acme", " ")).hasMessageContaining("reason");
    assertThatThrownBy(() -> new CustomerBlock("acme", "x", BlockCause.OPERATOR, "r", null))
        .hasMessageContaining("PLAN or PAST_DUE");
  }
}
