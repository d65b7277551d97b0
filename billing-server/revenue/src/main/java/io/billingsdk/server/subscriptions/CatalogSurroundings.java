package io.billingsdk.server.subscriptions;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.db.Database;
import java.time.Instant;

/** Customers and plans of this server. */
final class CatalogSurroundings implements Surroundings {
  /** Of reading, which is nobody's change. */
  private static final Actor READER = new Actor("subscriptions");

  @Override
  public Customer customer(Database database, String customer) {
    return new Customers(database, READER).require(customer);
  }

  @Override
  public ZoneHistory zones(Database database, Customer customer) {
    return new Customers(database, READER).zones(customer);
  }

  @Override
  public Instant now(Database database, Customer customer) {
    return new CustomerClocks(database).now(customer.id());
  }

  @Override
  public PlanVersion version(Database database, String plan, int version) {
    return new Plans(database, READER).require(plan, version);
  }

  @Override
  public PlanVersion current(Database database, String plan, Instant at) {
    return new Plans(database, READER).current(plan, at);
  }
}
