package io.billingsdk.server.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.FirstInvoice;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.EventRow;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A seller, customers with test clocks and their own apps, usage over HTTP, and invoices. */
public final class BilledWorld implements AutoCloseable {
  /** When the clocks of the customers begin. */
  public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  static final Actor TESTER = new Actor("tester");

  private static final String PLANS =
      """
      meters:
        - {slug: tokens, unit: token, module: llm, value: usage, aggregation: sum}
        - {slug: calls, unit: call, value: one, aggregation: count}
        - {slug: peak, unit: token, value: usage, aggregation: max}
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
        - plan: modelled
          name: By model
          currency: EUR
          interval: month
          commitment: 20
          entitlements: {models: all}
          charges:
            - id: calls
              name: Calls
              kind: metered
              meter: calls
              dimension: model
              price: {model: unit, price: 0.01}
              prices: {m1: {model: unit, price: 0.3}}
            - {id: peak, name: Peak, kind: metered, meter: peak, price: {model: unit, price: 0.001}}
        - plan: trial
          name: Trial
          currency: EUR
          interval: month
          trialDays: 10
          entitlements: {models: all}
          charges:
            - {id: calls, name: Calls, kind: metered, meter: calls, price: {model: unit, price: 0.5}}
      """;

  final HttpTestbed http;
  final Database database;
  private final Set<YearMonth> partitions = new HashSet<>();
  private int number;

  /** With the plans metered, modelled and trial. */
  public BilledWorld(Path directory) {
    http = new HttpTestbed(directory);
    database = http.world().database();
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "acme",
                "Acme GmbH",
                "EUR",
                "Europe/Berlin",
                new Address(List.of("Weg 1"), "Berlin", "10115", null, "DE"),
                List.of()));
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(PLANS), new ImportOptions(true, START.minusSeconds(1), false));
  }

  /** Its server. */
  public HttpTestbed http() {
    return http;
  }

  /** Its database. */
  public Database database() {
    return database;
  }

  /** A customer with an app and a key, all of one id, and a subscription. */
  public void customer(String id, String plan) {
    NewCustomer wanted =
        new NewCustomer(id, id, "EUR", "Europe/Berlin", "en", "acme", null, List.of(), START);
    new Customers(database, TESTER).create(wanted);
    app(id);
    new Customers(database, TESTER).assign(id, id, START);
    if (!plan.isEmpty()) {
      SubscriptionTime.start(database, id, plan);
    }
  }

  /** An app with a key, of nobody. */
  public void app(String id) {
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  /** Moves the clock of a customer, and lets happen what time brings. */
  public void move(String customer, Instant to) {
    new CustomerClocks(database).moveTo(TESTER, customer, to);
    SubscriptionTime.catchUp(database, customer);
  }

  /** Bills what is due; gives the latest document of a customer. */
  public String bill(String customer) {
    return FirstInvoice.issue(database, customer);
  }

  /** An event, as the list of events shows it. */
  public JsonNode use(String app, Instant at, String model, String usage) {
    Reply stored = http.send("POST", "/api/v1/events", event(app, at, model, usage));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
    String found = "/api/v1/events?from=%s&to=%s".formatted(at, at.plusMillis(1));
    for (JsonNode each : http.get(found).json().path("items")) {
      if (each.path("keyId").asText().equals("k_" + app)) {
        return each;
      }
    }
    throw new AssertionError("the event is not in the ledger: " + stored.body());
  }

  /** An event that the writer of the ledger adds. */
  public record UsedEvent(String app, Instant at, String model, BigDecimal usage) {}

  /** Adds many events of a stream of their own, by the one writer of the ledger. */
  public void append(List<UsedEvent> events) {
    int stream = stream(events);
    List<EventRow> rows = new ArrayList<>(events.size());
    for (UsedEvent each : events) {
      rows.add(
          new EventRow(
              stream,
              rows.size() + 1,
              each.at().toEpochMilli(),
              /* isTimed= */ true,
              new KeyOwner(each.app(), "k_" + each.app(), null),
              "llm",
              each.model(),
              each.usage(),
              null,
              null,
              EventDetails.NONE,
              new byte[32]));
    }
    var unused =
        database.inTransaction(
            (handle, connection) -> {
              for (int from = 0; from < rows.size(); from += 10_000) {
                var unusedOutcomes =
                    LedgerAppender.withoutHooks()
                        .begin(connection)
                        .append(
                            rows.subList(from, Math.min(rows.size(), from + 10_000)), (short) 0);
              }
              return rows.size();
            });
  }

  private int stream(List<UsedEvent> events) {
    return database.inTransaction(
        handle -> {
          for (UsedEvent each : events) {
            if (partitions.add(YearMonth.from(each.at().atZone(ZoneOffset.UTC)))) {
              handle
                  .createQuery("SELECT 1 FROM (SELECT ensure_partition(:at)) AS made")
                  .bind("at", each.at())
                  .mapTo(Integer.class)
                  .one();
            }
          }
          return handle
              .createQuery(
                  "INSERT INTO stream (uuid, highest_seq, origin)"
                      + " VALUES (gen_random_uuid(), :last, 'http') RETURNING stream_id")
              .bind("last", events.size())
              .mapTo(Integer.class)
              .one();
        });
  }

  /** An event of the module llm. */
  public String event(String app, Instant at, String model, String usage) {
    return """
    {"keyId":"k_%s","module":"llm","model":"%s","usage":"%s","occurredAt":"%s",
     "metadata":{"n":"%d","zone":"ä","a":{"bb":2.50,"a":true}}}\
    """
        .formatted(app, model, usage, at, ++number);
  }

  /** Corrects an event to a usage. */
  public void correct(JsonNode event, Instant at, String usage) {
    Reply corrected =
        http.send(
            "POST",
            "/api/v1/corrections",
            "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":\"%s\",\"reason\":\"r\"}"
                .formatted(event.path("stream").asText(), event.path("seq"), at, usage));
    assertThat(corrected.status()).as(corrected.body()).isBetween(200, 201);
  }

  /** A change that somebody plants as the owner of the tables, past triggers. */
  public void owner(String change, String table) throws SQLException {
    http.world().execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
    http.world().execute(change);
    http.world().execute("ALTER TABLE " + table + " ENABLE TRIGGER USER");
  }

  /** A month after the first moment of the clocks. */
  public static Instant day(int month, int day) {
    return START.plus(Duration.ofDays(31L * (month - 3) + day - 1));
  }

  @Override
  public void close() {
    database.close();
    http.close();
  }
}
