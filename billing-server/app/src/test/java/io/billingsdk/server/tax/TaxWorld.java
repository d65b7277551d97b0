package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoicesFeature;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sellers, customers with test clocks, and invoices over HTTP with the taxes of the tables. */
final class TaxWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");
  private static final ObjectMapper JSON = new ObjectMapper();

  final HttpTestbed http;
  final Database database;
  final TaxFeature tax;
  private int number;

  TaxWorld(Path directory) {
    this(directory, TaxHooks.NONE);
  }

  TaxWorld(Path directory, TaxHooks hooks) {
    http = new HttpTestbed(directory);
    database = http.world().database();
    tax = new TaxFeature(database, hooks);
  }

  /** A seller who keeps accounts in EUR. */
  void seller(String id, String country) {
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                id,
                id,
                "EUR",
                "UTC",
                new Address(List.of("Weg 1"), "Stadt", "10115", null, country),
                List.of()));
  }

  void register(String seller, String scheme, String country, String number, String from) {
    Reply made =
        send(
            "POST",
            "/sellers/" + seller + "/tax-registrations",
            """
            {"scheme":"%s","country":"%s","number":"%s","validFrom":"%s"}
            """
                .formatted(scheme, country, number, from));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
  }

  /** A table in which Estonia raises its rate in July 2026. */
  void rates(String edition) {
    Reply imported =
        file(
            "/tax/rates",
            """
            edition,%s
            country,region,percent,valid_from,valid_to,source
            DE,,19,2014-01-01,,the test
            EE,,22,2014-01-01,2026-06-30,the test
            EE,,24,2026-07-01,,the test
            FI,,25.5,2014-01-01,,the test
            FR,,20,2014-01-01,,the test
            IT,,22,2014-01-01,,the test
            RO,,21,2014-01-01,,the test
            """
                .formatted(edition));
    assertThat(imported.status()).as(imported.body()).isEqualTo(200);
  }

  /** A plan in a currency with a fee in advance and the price of a unit, on sale since a moment. */
  void plan(String plan, String currency, String fee, String price, Instant since) {
    String file =
        """
        meters:
          - {slug: tokens, unit: token, value: usage, aggregation: sum}
        plans:
          - plan: %s
            name: Plan
            currency: %s
            interval: month
            entitlements: {models: all}
            charges:
              - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: %s}}
              - id: tokens
                name: Tokens
                kind: metered
                meter: tokens
                price: {model: unit, price: %s}
        """
            .formatted(plan, currency, fee, price);
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(file), new ImportOptions(true, since, false));
  }

  /** A customer with a clock and an app; place as {@code FR} or null. */
  void customer(
      String id,
      String seller,
      String currency,
      @Nullable String country,
      @Nullable String taxId,
      Instant begin) {
    List<TaxId> ids = taxId == null ? List.of() : List.of(new TaxId("eu_vat", taxId));
    TaxPlace place = country == null ? null : new TaxPlace(country, null);
    new Customers(database, TESTER)
        .create(new NewCustomer(id, id, currency, "UTC", "en", seller, place, ids, begin));
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    new Customers(database, TESTER).assign(id, id, begin.minus(Duration.ofDays(60)));
  }

  void subscribe(String customer, String plan) {
    var unused = SubscriptionTime.start(database, customer, plan);
  }

  void use(String customer, Instant at, String usage) {
    Reply stored =
        send(
            "POST",
            "/events",
            """
            {"keyId":"k_%s","module":"llm","model":"m","usage":"%s","occurredAt":"%s",
             "metadata":{"n":"%d"}}
            """
                .formatted(customer, usage, at, ++number));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  /** Corrects the one event of a customer at a moment. */
  void correct(String customer, Instant at, String usage) {
    JsonNode event =
        get("/events?appId=%s&from=%s&to=%s".formatted(customer, at, at.plusMillis(1)))
            .at("/items/0");
    Reply corrected =
        send(
            "POST",
            "/corrections",
            "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":\"%s\",\"reason\":\"r\"}"
                .formatted(
                    event.path("stream").asText(),
                    event.path("seq"),
                    event.path("occurredAt").asText(),
                    usage));
    assertThat(corrected.status()).as(corrected.body()).isBetween(200, 201);
  }

  /** Moves the clock of a customer, lets happen what time brings, and bills it. */
  void move(String customer, Instant to) {
    new CustomerClocks(database).moveTo(TESTER, customer, to);
    SubscriptionTime.catchUp(database, customer);
    bill(customer);
  }

  void bill(String customer) {
    Reply asked = send("POST", "/invoices/runs", "{\"customerId\":\"%s\"}".formatted(customer));
    assertThat(asked.status()).as(asked.body()).isEqualTo(201);
    for (Job job : new InvoicesFeature(database, tax.calculator()).jobs()) {
      try {
        job.run();
      } catch (Exception never) {
        throw new AssertionError(never);
      }
    }
  }

  /** The documents of a customer, the first one first. */
  List<JsonNode> documents(String customer) {
    List<JsonNode> documents = new ArrayList<>();
    for (JsonNode each : get("/invoices?limit=100&customerId=" + customer).path("items")) {
      documents.add(get("/invoices/" + each.path("number").asText() + "/document"));
    }
    Collections.reverse(documents);
    return documents;
  }

  /** Makes each document of a customer again. */
  void verify(String customer) {
    for (JsonNode each : documents(customer)) {
      JsonNode verified = get("/invoices/" + each.path("number").asText() + "/verification");
      assertThat(verified.path("result").asText()).as(verified.toString()).isEqualTo("identical");
    }
  }

  /** Why a customer is not billed. */
  String failure(String customer) {
    for (JsonNode each : get("/invoices/failures").path("items")) {
      if (each.path("customerId").asText().equals(customer)) {
        return each.path("reason").asText();
      }
    }
    return "";
  }

  JsonNode get(String path) {
    Reply reply = http.get("/api/v1" + path);
    assertThat(reply.status()).as(path + ": " + reply.body()).isEqualTo(200);
    return reply.json();
  }

  Reply send(String method, String path, String body) {
    return http.send(method, "/api/v1" + path, body);
  }

  /** A request with a file. */
  Reply file(String path, String content) {
    return send("POST", path, JSON.createObjectNode().put("file", content).toString());
  }

  @Override
  public void close() {
    database.close();
    http.close();
  }
}
