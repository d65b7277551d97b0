package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.db.Database;
import java.time.Instant;

/** What a subscription stands on: customers, their clocks, and plans. Thread-safe. */
interface Surroundings {
  /** A customer; refuses one that there is not. */
  Customer customer(Database database, String customer);

  /** In which zones the days of a customer begin. */
  ZoneHistory zones(Database database, Customer customer);

  /** The time by the clock of a customer. */
  Instant now(Database database, Customer customer);

  /** A published version of a plan; refuses one that there is not. */
  PlanVersion version(Database database, String plan, int version);

  /** The version that new subscriptions have at a moment; refuses a plan that has none then. */
  PlanVersion current(Database database, String plan, Instant at);
}
