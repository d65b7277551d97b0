package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.EntitlementsFeature;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.subscriptions.SubscriptionStarts;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** One customer with a plan, a key and a test clock, over a real PostgreSQL. */
@Tag("postgres")
abstract class PlanQuotaFixture {
  static final Actor TESTER = new Actor("tester");
  static final String KEY = "k_1";
  static final String SPENDING = "customer/acme/amount";

  /** A plan with a spend cap and a trial of two weeks. */
  static final String TRIAL =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: trial
          name: Trial
          currency: USD
          interval: month
          trialDays: 14
          entitlements:
            models: all
            quotas: [{meter: amount, limit: 10, mode: hard}]
          charges:
            - id: tokens
              name: Tokens
              kind: metered
              meter: tokens
              price: {model: unit, price: 0.05}
      """;

  final ManualClock clock = new ManualClock(Instant.EPOCH);
  World world;
  Database database;
  KeyAdmin keys;
  Quotas quotas;
  private EntitlementsFeature entitlements;
  private long seq;

  @BeforeEach
  void start() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    entitlements = new EntitlementsFeature(database);
    keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey(KEY, "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    quotas = new Quotas(database, new KeyQuotaSource(database), QuotaMeters.BY_RULE, clock);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** The customer has a plan of this file. */
  void subscribe(String file, String plan) {
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(file), new ImportOptions(true, null, false));
    // After the plans were published.
    clock.set(Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(1));
    Customers customers = new Customers(database, TESTER);
    NewCustomer acme = NewCustomer.of("acme", "Acme", "USD", "UTC");
    var unusedToo = customers.create(acme.withTestClock(clock.instant()));
    var unusedThree = customers.assign("acme", "acme", null);
    SubscriptionStarts.start(database, "acme", plan, entitlements.listener());
  }

  /** Time passes, for the customer too. */
  void pass(Duration time) {
    clock.advance(time);
    var unused = new CustomerClocks(database).moveTo(TESTER, "acme", clock.instant());
    SubscriptionTime.catchUp(database, "acme", entitlements.listener());
  }

  /** An event of the present is in the ledger. */
  void use(String model, long usage) {
    AppendedEvent row =
        new AppendedEvent(
            AppendKind.EVENT,
            new EventId(1, ++seq),
            clock.instant(),
            "acme",
            KEY,
            "llm",
            model,
            BigDecimal.valueOf(usage),
            null,
            EventDetails.NONE,
            1);
    QuotaCounters counters = (QuotaCounters) quotas.counters();
    database.useTransaction(handle -> counters.appended(handle.getConnection(), List.of(row)));
  }

  BigDecimal spent() {
    return database.read(
        handle -> {
          QuotaRule rule = quotas.source().byId(handle, SPENDING).orElseThrow();
          return QuotaState.read(handle, List.of(rule), clock.instant()).get(0).used();
        });
  }

  List<BlockCause> causes() {
    return keys.one(KEY).orElseThrow().causes();
  }
}
