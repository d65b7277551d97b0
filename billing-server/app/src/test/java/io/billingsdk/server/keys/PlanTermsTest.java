package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.PlanTerms.PlanQuota;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of a key's own terms and those of its customer's plan the tighter ones count. */
@Tag("postgres")
class PlanTermsTest {
  private static final PlanTerms PLAN =
      new PlanTerms(
          List.of("gpt-4*"),
          new Rate(new BigDecimal("0.1"), 5),
          List.of(
              new PlanQuota("calls", new BigDecimal("1000"), false, "customer/acme/calls"),
              new PlanQuota("tokens", new BigDecimal("9007199254740991.5"), true, null)));

  private World world;
  private Database database;
  private KeyAdmin admin;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    admin = new KeyAdmin(database, null);
    admin.createApp("acme", "Acme");
    admin.createApp("other", "Other");
    for (String each : List.of("k_1", "k_2", "k_gone")) {
      admin.importKey(each, "sk-" + each, "acme", KeyEntitlements.UNLIMITED, false);
    }
    admin.importKey("k_other", "sk-other", "other", KeyEntitlements.UNLIMITED, false);
    admin.remove("k_gone");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private StoredKey key(String keyId) {
    return admin.one(keyId).orElseThrow();
  }

  @Test
  void planOfApp_reachesItsKeys_andThoseThatAreMadeLater() {
    long before = key("k_2").version();
    long untouched = key("k_other").version();
    long removed = key("k_gone").version();
    admin.planOfApp("acme", PLAN);
    admin.importKey("k_later", "sk-later", "acme", KeyEntitlements.UNLIMITED, false);

    for (String each : List.of("k_1", "k_2", "k_later")) {
      assertThat(key(each).plan()).as(each).isEqualTo(PLAN);
      assertThat(key(each).allowedModels()).containsExactly("gpt-4*");
      assertThat(key(each).allowedRate()).isEqualTo(PLAN.rate());
    }
    assertThat(key("k_2").version()).isGreaterThan(before);
    assertThat(key("k_other").version()).isEqualTo(untouched);
    assertThat(key("k_gone").version()).isEqualTo(removed);
    assertThat(key("k_1").planQuotas().get(0).idFor("k_1")).isEqualTo("customer/acme/calls");
    assertThat(key("k_1").planQuotas().get(1).idFor("k_1")).isEqualTo("plan/k_1/tokens");
  }

  @Test
  void planOfApp_thatIsSoAlready_tellsNobody() {
    admin.planOfApp("acme", PLAN);
    long version = key("k_1").version();
    admin.planOfApp("acme", PLAN);
    assertThat(key("k_1").version()).isEqualTo(version);
    admin.planOfApp("acme", null);
    assertThat(key("k_1").plan()).isNull();
    assertThat(key("k_1").version()).isGreaterThan(version);
  }

  @Test
  void planOfApp_thatIsSoAlready_leavesTheVersionOfTheTable() {
    admin.planOfApp("acme", PLAN);
    long table = database.read(KeyVersions::current);
    assertThat(key("k_2").version()).isEqualTo(table);
    assertThat(admin.planOfApp("acme", PLAN)).isFalse();
    assertThat(database.read(KeyVersions::current)).isEqualTo(table);
  }

  @Test
  void bars_blockAllKeys_andThoseMadeLater_untilThePlanHasNone() {
    admin.block("k_1", "an operator's");
    admin.planOfApp("acme", PLAN.withBars(Map.of(BlockCause.PLAN, "the subscription is paused")));
    admin.importKey("k_later", "sk-later", "acme", KeyEntitlements.UNLIMITED, false);
    assertThat(key("k_1").causes()).containsExactly(BlockCause.OPERATOR, BlockCause.PLAN);
    for (String each : List.of("k_2", "k_later")) {
      assertThat(key(each).status()).as(each).isEqualTo(KeyStatus.BLOCKED);
      assertThat(key(each).reason()).isEqualTo("the subscription is paused");
    }
    admin.planOfApp("acme", PLAN);
    assertThat(key("k_1").causes()).containsExactly(BlockCause.OPERATOR);
    assertThat(key("k_later").status()).isEqualTo(KeyStatus.OK);
  }

  @Test
  void loweredRate_countsBesideTheOthers_untilTheViolationIsLifted() {
    admin.planOfApp("acme", PLAN);
    LoweredRate lowered = new LoweredRate(new Rate(BigDecimal.ONE, 2), "too many calls", null);
    admin.lowerRate("k_1", lowered);
    long version = key("k_1").version();
    admin.lowerRate("k_1", lowered);
    assertThat(key("k_1").version()).isEqualTo(version);
    assertThat(key("k_1").allowedRate()).isEqualTo(new Rate(new BigDecimal("0.1"), 2));
    admin.lift("k_1", BlockCause.VIOLATION);
    assertThat(key("k_1").allowedRate()).isEqualTo(PLAN.rate());
  }

  @Test
  void rate_tighterOneCounts() {
    admin.planOfApp("acme", PLAN);
    admin.change("k_1", terms -> terms.withRate(new Rate(new BigDecimal("0.05"), 9)));

    assertThat(key("k_1").allowedRate()).isEqualTo(new Rate(new BigDecimal("0.05"), 5));
  }

  @ParameterizedTest
  @CsvSource({
    "'','',''",
    "a,'',a",
    "'',a,a",
    "gpt-4*,gpt-4o,gpt-4o",
    "gpt-4o,gpt-4*,gpt-4o",
    "gpt-4*,gpt-4o*,gpt-4o*",
    "'gpt-4*,llama',llama,llama",
    "'a,b','b,c',b",
    "a,b,*none*",
    "*,a*,a*",
  })
  void models_thoseThatBothAllow(String own, String plan, String both) {
    PlanTerms terms = new PlanTerms(list(plan), null, List.of());

    assertThat(terms.tighterModels(list(own))).containsExactlyElementsOf(list(both));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }
}
