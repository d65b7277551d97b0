package io.billingsdk.server.http;

import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import java.util.concurrent.atomic.AtomicInteger;

/** The plans that come with the server, and customers for them. */
final class BilledCustomers {
  static final String SUBSCRIPTIONS = "/api/v1/subscriptions";
  static final String MIGRATIONS = "/api/v1/subscription-migrations";

  private final HttpTestbed http;
  private final AtomicInteger number = new AtomicInteger();

  /** Publishes the plans. */
  BilledCustomers(HttpTestbed http) {
    this.http = http;
    var unused =
        new PlanImport(http.database(), HttpTestbed.TESTER)
            .run(PlanFile.shipped(), new ImportOptions(true, null, false));
  }

  /** The id of another customer, in UTC. */
  String customer() {
    String id = "billed-" + number.incrementAndGet();
    var unused =
        new Customers(http.database(), HttpTestbed.TESTER)
            .create(NewCustomer.of(id, id, "USD", "UTC"));
    return id;
  }

  /** The id of another subscription, of another customer. */
  String subscription(String plan) {
    return http.send("POST", SUBSCRIPTIONS, start(customer(), plan))
        .json()
        .at("/subscription/subscriptionId")
        .asText();
  }

  /** The id of another migration, which changes nothing. */
  String migration() {
    return http.send("POST", MIGRATIONS, "{\"plan\":\"pro\",\"version\":1}")
        .json()
        .path("migrationId")
        .asText();
  }

  static String start(String customer, String plan) {
    return "{\"customerId\":\"%s\",\"plan\":\"%s\"}".formatted(customer, plan);
  }
}
