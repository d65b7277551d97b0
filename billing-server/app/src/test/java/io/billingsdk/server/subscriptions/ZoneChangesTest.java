package io.billingsdk.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.testbed.Proof;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Customers who move between twenty zones, with their test clocks, on a real PostgreSQL. */
@Tag("postgres")
class ZoneChangesTest {
  private static final Actor TESTER = new Actor("tester");
  private static final Instant BEGIN = Instant.parse("2098-01-10T09:30:00Z");
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "Europe/Lisbon",
          "America/New_York",
          "America/Sao_Paulo",
          "America/St_Johns",
          "America/Havana",
          "America/Santiago",
          "Asia/Kolkata",
          "Asia/Kathmandu",
          "Asia/Shanghai",
          "Asia/Tokyo",
          "Asia/Beirut",
          "Africa/Cairo",
          "Australia/Lord_Howe",
          "Australia/Adelaide",
          "Pacific/Apia",
          "Pacific/Kiritimati",
          "Pacific/Chatham",
          "Pacific/Honolulu");

  private Database database;
  private Customers customers;
  private CustomerClocks clocks;
  private Subscriptions subscriptions;

  @BeforeEach
  void open() throws SQLException {
    database = Testbed.get().world().database();
    customers = new Customers(database, TESTER);
    clocks = new CustomerClocks(database);
    subscriptions = new Subscriptions(database, TESTER, List.of());
    var unused =
        new PlanImport(database, TESTER)
            .run(
                PlanFile.parse(
                    """
                    plans:
                      - plan: pro
                        name: Pro
                        currency: USD
                        interval: month
                        entitlements: {models: all}
                        charges:
                          - {id: base, name: B, kind: flatInAdvance, price: {model: flat, amount: 29}}
                    """),
                new ImportOptions(/* publish= */ true, null, /* dryRun= */ false));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void periods_ofCustomersWhoMove_haveNoGapNoOverlap_andEndAtMidnight() {
    long seed = Long.getLong("zones.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> wrong = new ArrayList<>();
    int periods = 0;
    int moves = 0;
    for (int i = 0; i < ZONES.size(); i++) {
      String id = "c" + i;
      String first = ZONES.get(i);
      customers.create(NewCustomer.of(id, id, "USD", first).withTestClock(BEGIN));
      UUID subscription = start(id);
      Instant now = BEGIN;
      for (int move = 0; move < 3; move++) {
        now = now.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 50)));
        if (now.isAfter(clocks.now(id))) {
          now = clocks.moveTo(TESTER, id, now);
        }
        subscriptions.catchUpOf(id);
        BillingPeriod running = subscriptions.require(subscription).periodAt(now);
        moveTo(id, ZONES.get(random.nextInt(ZONES.size())));
        moves++;
        // Sometimes the server has not seen the move when the next period begins.
        if (random.nextBoolean()) {
          subscriptions.catchUpOf(id);
          BillingPeriod after = subscriptions.require(subscription).periodAt(now);
          if (!after.end().equals(running.end())) {
            wrong.add(id + ": the running period ends otherwise, " + running + ", " + after);
          }
        }
      }
      Instant end = clocks.moveTo(TESTER, id, BEGIN.plus(Duration.ofDays(365)));
      subscriptions.catchUpOf(id);
      Subscription lived = subscriptions.require(subscription);
      String zone = customers.require(id).zone().getId();
      if (!lived.zone().getId().equals(zone)) {
        wrong.add(id + ": lives in " + lived.zone() + ", its customer in " + zone);
      }
      periods += check(lived, end, wrong);
      if (!SubscriptionJson.write(lived)
          .equals(SubscriptionJson.write(subscriptions.replayed(subscription)))) {
        wrong.add(id + ": its events make another subscription");
      }
    }
    Proof.of("zone-changes")
        .with("zones", ZONES.size())
        .with("moves", moves)
        .with("periods", periods)
        .with("wrong", wrong.size())
        .with("seed", seed)
        .print();
    assertThat(wrong).as("seed %s", seed).isEmpty();
  }

  /**
   * Each charge begins where the one before ends, and ends at a midnight of the zone of its period.
   */
  private int check(Subscription lived, Instant end, List<String> wrong) {
    List<SubscriptionLine> fees = new ArrayList<>();
    for (SubscriptionEvent event : subscriptions.events(lived.id(), 0, 1_000)) {
      fees.addAll(event.lines());
      // What was said when the period began stands, whatever the customer did since.
      event.lines().stream()
          .filter(line -> !lived.periodAt(line.from()).end().equals(line.to()))
          .forEach(line -> wrong.add(lived + ": announced " + line + ", not kept"));
    }
    for (int i = 1; i < fees.size(); i++) {
      SubscriptionLine fee = fees.get(i);
      if (!fee.from().equals(fees.get(i - 1).to())) {
        wrong.add(lived + ": a gap or an overlap at " + fee.from());
      }
    }
    for (SubscriptionLine fee : fees) {
      ZoneId zone = lived.periodAt(fee.from()).zone();
      LocalTime local = fee.to().atZone(zone).toLocalTime();
      // Some zones skip the hour after midnight.
      if (local.isAfter(LocalTime.of(1, 0))) {
        wrong.add(lived + ": ends at " + local + " in " + zone);
      }
    }
    if (fees.get(fees.size() - 1).to().isBefore(end)) {
      wrong.add(lived + ": ends at " + fees.get(fees.size() - 1).to());
    }
    return fees.size();
  }

  @Test
  void twoMoves_atTheSameMomentOfATestClock_theLastOneCounts() {
    customers.create(NewCustomer.of("acme", "A", "USD", "UTC").withTestClock(BEGIN));
    UUID id = start("acme");
    clocks.moveTo(TESTER, "acme", BEGIN.plus(Duration.ofHours(1)));
    moveTo("acme", "Asia/Tokyo");
    subscriptions.catchUpOf("acme");
    moveTo("acme", "Europe/Berlin");
    subscriptions.catchUpOf("acme");
    assertThat(subscriptions.require(id).zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    clocks.moveTo(TESTER, "acme", Instant.parse("2098-02-15T00:00:00Z"));
    subscriptions.catchUpOf("acme");
    assertThat(subscriptions.require(id).periodAt(Instant.parse("2098-02-15T00:00:00Z")).end())
        .isEqualTo("2098-02-28T23:00:00Z");
  }

  @Test
  void start_backdatedBeforeTheMove_beginsInTheZoneOfItsMoment() {
    customers.create(NewCustomer.of("acme", "A", "USD", "UTC").withTestClock(BEGIN));
    clocks.moveTo(TESTER, "acme", BEGIN.plus(Duration.ofMinutes(30)));
    moveTo("acme", "Asia/Tokyo");
    UUID id =
        subscriptions
            .start(new Begin("acme", "pro", null, null, ProrationRule.DAYS, BEGIN))
            .after()
            .orElseThrow()
            .id();
    assertThat(subscriptions.require(id).zone()).isEqualTo(ZoneId.of("UTC"));
    subscriptions.catchUpOf("acme");
    assertThat(subscriptions.require(id).zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    assertThat(subscriptions.require(id).periodAt(BEGIN).end()).isEqualTo("2098-02-01T00:00:00Z");
  }

  /** The server hears of the move by the outbox, long before the period ends. */
  @Test
  void move_reachesTheSubscription_byTheEventOfTheCustomer() throws Exception {
    customers.create(NewCustomer.of("acme", "A", "USD", "UTC").withTestClock(BEGIN));
    UUID id = start("acme");
    moveTo("acme", "Asia/Tokyo");
    OutboxSubscriber subscriber =
        new SubscriptionsFeature(database, List.of()).subscribers().get(0);
    assertThat(subscriber.kinds()).contains(Customers.ZONE_CHANGED);
    DomainEvent event =
        DomainEvent.of(Customers.ZONE_CHANGED, "customer/acme", Map.of("zone", "x"), "tester");
    subscriber.receive(new DeliveredEvent(event, 1, BEGIN, 1, 0));
    assertThat(subscriptions.require(id).zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  private UUID start(String customer) {
    return subscriptions
        .start(new Begin(customer, "pro", null, null, ProrationRule.DAYS, null))
        .after()
        .orElseThrow()
        .id();
  }

  private void moveTo(String customer, String zone) {
    var unused =
        customers.change(
            customer,
            old ->
                new Customer(
                    old.id(),
                    old.name(),
                    old.currency(),
                    ZoneId.of(zone),
                    old.locale(),
                    old.seller(),
                    old.taxPlace(),
                    old.taxIds(),
                    old.createdAt()));
  }
}
