package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A seller, customers with test clocks and their own apps, usage over HTTP, and runs. */
final class InvoiceWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");
  static final Instant START = Instant.parse("2026-03-11T12:00:00Z");
  static final Instant IN_MARCH = Instant.parse("2026-03-20T10:00:00Z");

  /** 19 per cent until the end of June, 21 from then on. */
  static final TaxCalculator TABLE =
      (seller, customer, day) -> TaxRate.of("S", day.getMonthValue() < 7 ? "19" : "21");

  private static final String PLAN =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: metered
          name: Metered
          currency: EUR
          interval: month
          entitlements: {models: all}
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 29}}
            - id: tokens
              name: Tokens
              kind: metered
              meter: tokens
              price: {model: graduated, tiers: [{upTo: 100, unitPrice: 0.05}, {unitPrice: 0.013}]}
        - plan: committed
          name: Committed
          currency: EUR
          interval: month
          commitment: 100
          entitlements: {models: all}
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 30}}
        - plan: large
          name: Large
          currency: EUR
          interval: month
          entitlements: {models: all}
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 30}}
        - plan: small
          name: Small
          currency: EUR
          interval: month
          entitlements: {models: all}
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 5}}
      """;

  final HttpTestbed http;
  final Database database;
  private int number;

  InvoiceWorld(Path directory) {
    http = new HttpTestbed(directory);
    database = http.world().database();
    seller("acme");
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(PLAN), new ImportOptions(true, START.minusSeconds(1), false));
  }

  /** A customer with a subscription and some usage in March. */
  Subscription used(String id) {
    customer(id, "UTC");
    Subscription subscription = subscribe(id);
    use(id, IN_MARCH, "150.5");
    return subscription;
  }

  /** The customer {@code plain}, by the clock of this machine. */
  void plain() {
    Customers customers = new Customers(database, TESTER);
    customers.create(NewCustomer.of("plain", "Plain", "EUR", "UTC"));
    sell("plain");
    app("plain", Instant.now().minus(Duration.ofDays(1)));
    subscribe("plain");
  }

  void seller(String id) {
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                id,
                id + " GmbH",
                "EUR",
                "Europe/Berlin",
                new Address(List.of("Weg 1"), "Berlin", "10115", null, "DE"),
                List.of(new TaxId("eu_vat", "DE123456789"))));
  }

  /** Gives the seller to a customer. */
  void sell(String customer) {
    sell(customer, "acme");
  }

  void sell(String customer, String seller) {
    new Customers(database, TESTER).change(customer, old -> sold(old, seller));
  }

  private static Customer sold(Customer old, String seller) {
    return new Customer(
        old.id(),
        old.name(),
        old.currency(),
        old.zone(),
        old.locale(),
        seller,
        old.taxPlace(),
        old.taxIds(),
        old.createdAt());
  }

  void customer(String id, String zone) {
    customer(id, zone, START);
  }

  /** Whose clock begins at a moment. */
  void customer(String id, String zone, Instant begin) {
    NewCustomer wanted = new NewCustomer(id, id, "EUR", zone, "de", "acme", null, List.of(), begin);
    new Customers(database, TESTER).create(wanted);
    app(id, START.minus(Duration.ofDays(60)));
  }

  /** An app with a key, both with the id of the customer. */
  private void app(String id, Instant since) {
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    new Customers(database, TESTER).assign(id, id, since);
  }

  Subscription subscribe(String customer) {
    return subscribe(customer, "metered");
  }

  Subscription subscribe(String customer, String plan) {
    return SubscriptionTime.start(database, customer, plan);
  }

  /** Moves the clock of a customer, and lets happen what time brings. */
  void move(String customer, Instant to) {
    new CustomerClocks(database).moveTo(TESTER, customer, to);
    SubscriptionTime.catchUp(database, customer);
  }

  Progress run() throws InterruptedException {
    new Spans(database).noteAll();
    return new InvoiceRun(database, TABLE, TESTER).run(null, /* eager= */ true, progress -> {});
  }

  /** As the server does it every five seconds. */
  Progress timed() throws InterruptedException {
    return new InvoiceRun(database, TABLE, TESTER).run(null, /* eager= */ false, progress -> {});
  }

  Invoices invoices() {
    return new Invoices(database, TESTER, TABLE);
  }

  /** All documents of a customer, the first one first. */
  List<Issued> of(String customer) {
    List<Issued> latest = invoices().page(customer, Long.MAX_VALUE, 1_000);
    return latest.stream().sorted((a, b) -> Long.compare(a.position(), b.position())).toList();
  }

  static JsonNode document(Issued issued) {
    return CanonicalJson.stored(issued.document());
  }

  /** An event; returns its number within its stream and the stream. */
  JsonNode use(String customer, Instant at, String usage) {
    Reply stored =
        http.send(
            "POST",
            "/api/v1/events",
            """
            {"keyId":"k_%s","module":"llm","model":"m","usage":"%s","occurredAt":"%s",
             "metadata":{"n":"%d"}}
            """
                .formatted(customer, usage, at, ++number));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
    return stored.json();
  }

  /** Corrects the event that was used last of a customer in a time. */
  void correct(String customer, Instant at, String usage) {
    String found =
        "/api/v1/events?appId=%s&from=%s&to=%s".formatted(customer, at, at.plusMillis(1));
    JsonNode event = MissingNode.getInstance();
    for (JsonNode each : http.get(found).json().path("items")) {
      event = each.has("corrects") ? event : each;
    }
    Reply corrected =
        http.send(
            "POST",
            "/api/v1/corrections",
            "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":\"%s\",\"reason\":\"r\"}"
                .formatted(
                    event.path("stream").asText(),
                    event.path("seq"),
                    event.path("occurredAt").asText(),
                    usage));
    assertThat(corrected.status()).as(corrected.body()).isBetween(200, 201);
  }

  @Override
  public void close() {
    database.close();
    http.close();
  }
}
