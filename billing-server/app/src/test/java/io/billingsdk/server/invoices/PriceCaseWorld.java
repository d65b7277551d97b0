package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Customers with the plans of cases, whose clocks begin where a case begins. */
final class PriceCaseWorld implements AutoCloseable {
  static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  static final Instant APRIL = Instant.parse("2026-04-01T02:00:00Z");

  private static final String METERS =
      """
      meters:
        - {slug: used, unit: unit, module: used, value: usage, aggregation: sum}
        - {slug: unit1, unit: unit, module: unit1, value: usage, aggregation: max}
        - {slug: unit2, unit: unit, module: unit2, value: usage, aggregation: max}
      plans:
      """;

  final InvoiceWorld world;
  private int customers;
  private int events;

  PriceCaseWorld(Path directory) {
    world = new InvoiceWorld(directory);
  }

  /** JSON is YAML, too. */
  void publish(ObjectNode plan) {
    var unused =
        new PlanImport(world.database, InvoiceWorld.TESTER)
            .run(
                PlanFile.parse(METERS + "  - " + plan + "\n"),
                new ImportOptions(true, Instant.parse("2001-01-01T00:00:00Z"), false));
  }

  /** With a subscription from the first moment of its clock on. */
  String customer(
      String plan, String currency, String zone, Instant begin, @Nullable String anchor) {
    return customer(plan, currency, zone, begin, anchor, ProrationRule.DAYS);
  }

  String customer(
      String plan,
      String currency,
      String zone,
      Instant begin,
      @Nullable String anchor,
      ProrationRule rule) {
    String id = "p" + ++customers;
    new Customers(world.database, InvoiceWorld.TESTER)
        .create(new NewCustomer(id, id, currency, zone, "en", "acme", null, List.of(), begin));
    KeyAdmin keys = new KeyAdmin(world.database, null, InvoiceWorld.TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    new Customers(world.database, InvoiceWorld.TESTER)
        .assign(id, id, begin.minus(Duration.ofDays(1)));
    SubscriptionTime.start(
        world.database, id, plan, anchor == null ? null : LocalDate.parse(anchor), rule);
    return id;
  }

  /** The id of the subscription of a customer. */
  UUID subscription(String customer) {
    return new Subscriptions(world.database, InvoiceWorld.TESTER, List.of())
        .ofCustomer(customer)
        .get(0)
        .id();
  }

  /** Without what time brings. */
  void clock(String customer, Instant to) {
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, customer, to);
  }

  /** An event of a module at a moment of March. */
  void use(String customer, String module, String usage) {
    if (usage.equals("0")) {
      return;
    }
    events++;
    Instant at = MARCH.plus(Duration.ofDays(10)).plusSeconds(events);
    Reply stored =
        world.http.send(
            "POST",
            "/api/v1/events",
            """
            {"keyId":"k_%s","module":"%s","model":"m","usage":"%s","occurredAt":"%s",
             "metadata":{"n":"%d"}}
            """
                .formatted(customer, module, usage, at, events));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  /** How a document differs from the one that is made again. */
  List<String> verify(Issued issued) {
    return new Invoices(
            world.database, InvoiceWorld.TESTER, (seller, payer, day) -> TaxRate.of("Z", "0"))
        .verify(issued.number())
        .differences();
  }

  /** Again until nothing is left: clocks of other years have their next times before the last. */
  void run() throws InterruptedException {
    new Spans(world.database).noteAll();
    Progress progress;
    do {
      progress =
          new InvoiceRun(
                  world.database, (seller, payer, day) -> TaxRate.of("Z", "0"), InvoiceWorld.TESTER)
              .run(null, /* eager= */ true, each -> {});
    } while (progress.invoices() + progress.creditNotes() + progress.empty() > 0);
  }

  /** The draft of the running period, over HTTP. */
  JsonNode draft(String customer) {
    Reply reply = world.http.get("/api/v1/customers/" + customer + "/invoices/draft");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  /** The lines of all documents, the first one first. */
  List<JsonNode> lines(String customer) {
    List<JsonNode> lines = new ArrayList<>();
    for (Issued each : world.of(customer)) {
      InvoiceWorld.document(each).path("lines").forEach(lines::add);
    }
    return lines;
  }

  @Override
  public void close() {
    world.close();
  }
}
