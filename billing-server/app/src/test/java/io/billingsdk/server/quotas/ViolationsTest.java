package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.EntitlementsFeature;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import io.billingsdk.server.subscriptions.SubscriptionStarts;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What many refused calls lead to, by the plan of the customer. */
@Tag("postgres")
class ViolationsTest {
  private static final Actor TESTER = new Actor("tester");
  private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");

  private static final String PLANS =
      """
      plans:
        - plan: strict
          name: Strict
          currency: USD
          interval: month
          entitlements:
            models: all
            rate: {perSecond: 10, burst: 10}
            violations:
              - {after: 10, per: day, then: askForUpgrade}
              - {after: 100, per: day, then: lowerRate, rate: {perSecond: 1, burst: 2}, until: nextDay}
              - {after: 1000, per: day, then: block}
              - {after: 5, per: hour, then: notify, reasons: [EXPIRED]}
        - plan: mixed
          name: Mixed
          currency: USD
          interval: month
          entitlements:
            models: all
            rate: {perSecond: 10, burst: 10}
            violations:
              - {after: 100, per: day, then: lowerRate, rate: {perSecond: 2, burst: 4}}
              - {after: 200, per: day, then: lowerRate, rate: {perSecond: 5, burst: 3}, until: nextDay}
              - {after: 300, per: day, then: block, until: nextDay}
              - {after: 5, per: day, then: block, reasons: [EXPIRED]}
      """;

  private final UUID stream = UUID.randomUUID();
  private ManualClock clock;
  private World world;
  private Database database;
  private KeyAdmin keys;
  private Quotas quotas;
  private Violations violations;
  private long question;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(PLANS), new ImportOptions(true, null, false));
    customer("acme", "strict");
    // Noon, so that no day ends within the test.
    clock =
        new ManualClock(
            LocalDate.ofInstant(Instant.now(), ZONE).atTime(12, 0).atZone(ZONE).toInstant());
    quotas = new Quotas(database, new KeyQuotaSource(database), QuotaMeters.BY_RULE, clock);
    violations = quotas.violations();
  }

  /** With an app of the same name. */
  private void customer(String id, String plan) {
    Customers customers = new Customers(database, TESTER);
    var unused = customers.create(NewCustomer.of(id, id, "USD", ZONE.getId()));
    var unusedToo = customers.assign(id, id, null);
    SubscriptionStarts.start(database, id, plan, new EntitlementsFeature(database).listener());
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** An instance says how many it has refused in all. */
  private void refused(String reason, long inAll) {
    refused("k_1", reason, inAll);
  }

  private void refused(String key, String reason, long inAll) {
    var unused =
        quotas
            .instances()
            .ask(
                "i-1",
                new LeaseQuestion(
                    ++question,
                    stream,
                    List.of(),
                    List.of(),
                    List.of(new RefusalCount(key, reason, inAll))));
    violations.run();
  }

  private StoredKey key() {
    return keys.one("k_1").orElseThrow();
  }

  private long events(String then) throws SQLException {
    return world.count(
        "SELECT count(*) FROM outbox_event WHERE kind = 'quota.violated'"
            + " AND payload->>'then' = '"
            + then
            + "'");
  }

  @Test
  void refusals_upToEachRule_leadToIt_onceADay() throws SQLException {
    refused("RATE", 9);
    assertThat(events("ask_for_upgrade")).isZero();
    refused("QUOTA", 1);
    refused("QUOTA", 1);
    refused("RATE", 50);
    assertThat(events("ask_for_upgrade")).isEqualTo(1);
    assertThat(key().allowedRate()).isEqualTo(new Rate(BigDecimal.TEN, 10));
    refused("RATE", 120);
    assertThat(key().allowedRate()).isEqualTo(new Rate(BigDecimal.ONE, 2));
    refused("MODEL", 1_000);
    assertThat(key().status()).isEqualTo(KeyStatus.BLOCKED);
    assertThat(key().causes()).containsExactly(BlockCause.VIOLATION);
    assertThat(key().reason()).isEqualTo("1121 refused calls in a day");
    assertThat(events("block")).isEqualTo(1);
    assertThat(events("notify")).isZero();
  }

  @Test
  void loweredRate_untilTheNextDay_endsByItself_andTheCountBeginsAgain() throws SQLException {
    refused("RATE", 120);
    clock.advance(Duration.ofHours(11));
    violations.run();
    assertThat(key().allowedRate()).isEqualTo(new Rate(BigDecimal.ONE, 2));
    clock.advance(Duration.ofHours(1));
    violations.run();
    assertThat(key().lowered()).isNull();
    refused("RATE", 125);
    assertThat(key().lowered()).isNull();
    assertThat(events("ask_for_upgrade")).isEqualTo(1);
    refused("RATE", 230);
    assertThat(key().lowered()).isNotNull();
    assertThat(events("ask_for_upgrade")).isEqualTo(2);
  }

  @Test
  void block_staysOverTheDay_untilAnOperatorLiftsIt_andTheLowerRateToo() {
    refused("RATE", 1_000);
    clock.advance(Duration.ofDays(2));
    violations.run();
    assertThat(key().status()).isEqualTo(KeyStatus.BLOCKED);
    keys.lift("k_1", BlockCause.VIOLATION);
    violations.run();
    assertThat(key().status()).isEqualTo(KeyStatus.OK);
    assertThat(key().lowered()).isNull();
  }

  private StoredKey mixed() {
    keys.createApp("mixed", "Mixed");
    keys.importKey("k_2", "sk-2", "mixed", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    customer("mixed", "mixed");
    return keys.one("k_2").orElseThrow();
  }

  @Test
  void block_thatEndsByItself_leavesTheRateThatStaysLowered() {
    assertThat(mixed().lowered()).isNull();
    refused("k_2", "RATE", 300);
    StoredKey key = keys.one("k_2").orElseThrow();
    assertThat(key.causes()).containsExactly(BlockCause.VIOLATION);
    assertThat(key.allowedRate()).isEqualTo(new Rate(new BigDecimal("2"), 3));
    clock.advance(Duration.ofDays(1));
    violations.run();

    key = keys.one("k_2").orElseThrow();
    assertThat(key.status()).isEqualTo(KeyStatus.OK);
    assertThat(key.allowedRate()).as("the tighter one").isEqualTo(new Rate(new BigDecimal("2"), 3));
    assertThat(Objects.requireNonNull(key.lowered()).until()).as("the later end").isNull();
  }

  @Test
  void block_thatAnOperatorMustLift_isNotShortenedByALaterRule() throws SQLException {
    assertThat(mixed().causes()).isEmpty();
    refused("k_2", "EXPIRED", 5);
    refused("k_2", "RATE", 300);
    assertThat(events("block")).isEqualTo(2);
    clock.advance(Duration.ofDays(1));
    violations.run();

    assertThat(keys.one("k_2").orElseThrow().causes()).containsExactly(BlockCause.VIOLATION);
  }

  @Test
  void count_thatIsRepeatedOrLate_addsNothing() throws SQLException {
    refused("RATE", 90);
    refused("RATE", 90);
    refused("RATE", 40);
    assertThat(world.count("SELECT sum(count)::bigint FROM quota_refusal_slot")).isEqualTo(90);
    assertThat(key().lowered()).isNull();
  }
}
