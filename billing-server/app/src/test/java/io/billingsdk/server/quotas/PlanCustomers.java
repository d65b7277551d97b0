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
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Customers with published plans and test clocks, for the proofs of quotas: what decides is what
 * decides in a server, the calendar of a subscription too.
 */
public final class PlanCustomers {
  /** After all plans were published, whenever the test runs. */
  static final Instant BEGIN = Instant.parse("2098-03-15T12:00:00Z");

  private static final Actor TESTER = new Actor("tester");

  private final Database database;
  private final EntitlementsFeature entitlements;
  private final KeyQuotaSource source;
  private final Set<String> apps = new HashSet<>();

  /** In a database, with the plans of a file. */
  PlanCustomers(Database database, String plans) {
    this.database = database;
    this.entitlements = new EntitlementsFeature(database);
    this.source = new KeyQuotaSource(database);
    var unused =
        new PlanImport(database, TESTER)
            .run(
                PlanFile.parse(plans),
                new ImportOptions(/* publish= */ true, null, /* dryRun= */ false));
  }

  /** The quotas of their plans. */
  QuotaSource source() {
    return source;
  }

  /** Adds a customer, whose time begins at a moment. */
  void create(String customer, String zone, Instant begin) {
    NewCustomer added = NewCustomer.of(customer, customer, "USD", zone);
    var unused = new Customers(database, TESTER).create(added.withTestClock(begin));
  }

  /** Gives a customer an app with a key. */
  void key(String customer, String app, String key, String text) {
    KeyAdmin keys = new KeyAdmin(database, null);
    if (apps.add(app)) {
      keys.createApp(app, app);
      var unused = new Customers(database, TESTER).assign(customer, app, null);
    }
    keys.importKey(key, text, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  /** Starts a subscription; a billing period begins on the local day of the anchor. */
  UUID subscribe(String customer, String plan, LocalDate anchor) {
    return SubscriptionTime.start(database, customer, plan, anchor, entitlements.listener()).id();
  }

  /** The time of a customer passes up to a moment. */
  void moveTo(String customer, Instant moment) {
    var unused = new CustomerClocks(database).moveTo(TESTER, customer, moment);
    SubscriptionTime.catchUp(database, customer, entitlements.listener());
  }

  /** The customer has another plan from now on. */
  void switchNow(UUID subscription, String plan) {
    SubscriptionTime.switchNow(database, subscription, plan, entitlements.listener());
  }

  /** The subscription ends now. */
  void cancelNow(UUID subscription) {
    SubscriptionTime.cancelNow(database, subscription, entitlements.listener());
  }

  /** The app belongs to another customer from now on. */
  void move(String app, String customer) {
    var unused = new Customers(database, TESTER).assign(customer, app, null);
  }

  /** The job that gives moved apps the plan of their customer. */
  void giveMovedApps() {
    for (Job each : entitlements.jobs()) {
      try {
        each.run();
      } catch (Exception failed) {
        throw new AssertionError(each.name(), failed);
      }
    }
  }
}
