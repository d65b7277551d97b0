package io.billingsdk.server.revenue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.TaxRate;
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
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports and charges of two months of customers with test clocks, and of one without. */
@Tag("postgres")
class RevenueTest {
  private static final Actor TESTER = new Actor("tester");
  private static final Instant START = Instant.parse("2026-03-11T12:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private HttpTestbed http;
  private Database database;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    database = http.world().database();
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "acme",
                "Acme GmbH",
                "EUR",
                "UTC",
                new Address(List.of("Weg 1"), "Berlin", "10115", null, "DE"),
                List.of()));
    var unused =
        new PlanImport(database, TESTER)
            .run(
                PlanFile.parse(
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
                          - {id: base, name: Base, kind: flatInAdvance,
                             price: {model: flat, amount: 29}}
                          - {id: tokens, name: "=Tokens", kind: metered, meter: tokens,
                             price: {model: unit, price: 0.05}}
                    """),
                new ImportOptions(true, START.minusSeconds(1), false));
  }

  @AfterEach
  void stop() {
    database.close();
    http.close();
  }

  private void customer(String id, boolean hasTestClock) {
    NewCustomer wanted = NewCustomer.of(id, "Customer " + id, "EUR", "UTC");
    wanted =
        new NewCustomer(
            id,
            wanted.name(),
            "EUR",
            "UTC",
            "en",
            "acme",
            null,
            List.of(),
            hasTestClock ? START : null);
    new Customers(database, TESTER).create(wanted);
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    new Customers(database, TESTER).assign(id, id, START.minus(Duration.ofDays(9)));
    var unused = SubscriptionTime.start(database, id, "metered");
  }

  private void use(String id, Instant at, String usage) {
    Reply stored =
        http.send(
            "POST",
            "/api/v1/events",
            "{\"keyId\":\"k_%s\",\"module\":\"llm\",\"model\":\"m\",\"usage\":\"%s\",\"occurredAt\":\"%s\"}"
                .formatted(id, usage, at));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  private void issue(String id) {
    var unused = FirstInvoice.issue(database, id, (seller, customer, day) -> TaxRate.of("S", "19"));
  }

  private void move(String id, Instant to) {
    new CustomerClocks(database).moveTo(TESTER, id, to);
    SubscriptionTime.catchUp(database, id);
    issue(id);
  }

  /** One who goes after 9 of 21 days, and one who stays and uses 150.5 tokens. */
  private void twoMonths() {
    customer("goes", true);
    customer("stays", true);
    use("stays", START.plus(Duration.ofDays(9)), "150.5");
    issue("goes");
    new CustomerClocks(database).moveTo(TESTER, "goes", Instant.parse("2026-03-20T10:00:00Z"));
    SubscriptionTime.cancelNow(
        database,
        new io.billingsdk.server.subscriptions.Subscriptions(database, TESTER, List.of())
            .ofCustomer("goes")
            .get(0)
            .id());
    move("goes", APRIL);
    move("stays", APRIL);
  }

  private JsonNode get(String path) {
    Reply reply = http.get("/api/v1/revenue/" + path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void report_ofAMonth_hasInvoicesTaxesMovementsAndFigures() {
    twoMonths();
    JsonNode march = get("reports/2026-03?testClocks=true");
    // Twice 19.65, and 19 per cent of it. The credit note is of April.
    assertThat(march.at("/invoiced/0/invoiced").asText()).isEqualTo("39.30");
    assertThat(march.at("/invoiced/0/tax").asText()).isEqualTo("7.46");
    assertThat(march.at("/invoiced/0/creditNotes").asInt()).isZero();
    assertThat(march.at("/invoiced/0/paid").asText()).isEqualTo("0.00");
    JsonNode moved = march.at("/recurring/0");
    assertThat(moved.path("opening").asText()).isEqualTo("0.00");
    assertThat(moved.path("gained").asText()).isEqualTo("58.00");
    assertThat(moved.path("churn").asText()).isEqualTo("29.00");
    assertThat(moved.path("closing").asText()).isEqualTo("29.00");
    Map<String, JsonNode> figures = figures(march);
    assertThat(figure(march, "churn").path("state").asText()).isEqualTo("no_data");
    assertThat(figure(march, "payment_success").path("state").asText()).isEqualTo("no_data");
    assertThat(figure(march, "payment_success").path("target").asText()).isEqualTo("95");
    assertThat(figures).hasSize(7);

    JsonNode april = get("reports/2026-04?testClocks=true");
    // 150.5 x 0.05 and 29; 9 of 21 days are kept of 19.65.
    assertThat(april.at("/invoiced/0/invoiced").asText()).isEqualTo("36.53");
    assertThat(april.at("/invoiced/0/credited").asText()).isEqualTo("11.23");
    assertThat(april.at("/invoiced/0/net").asText()).isEqualTo("25.30");
    assertThat(april.at("/recurring/0/opening").asText()).isEqualTo("29.00");
    assertThat(figure(april, "churn").path("percent").asText()).isEqualTo("0.00");
    assertThat(figure(april, "churn").path("state").asText()).isEqualTo("met");
    assertThat(figure(april, "revenue_growth").path("state").asText()).isEqualTo("missed");

    JsonNode months = get("invoiced?from=2026-03&to=2026-04&testClocks=true");
    assertThat(months.at("/items/0")).isEqualTo(march.at("/invoiced/0"));
    assertThat(months.at("/items/1")).isEqualTo(april.at("/invoiced/0"));
  }

  @Test
  void report_ofTheBooks_hasNothingOfTestClocks() {
    twoMonths();
    JsonNode books = get("reports/2026-03");
    assertThat(books.path("invoiced")).isEmpty();
    assertThat(books.path("recurring")).isEmpty();
    customer("real", false);
    issue("real");
    String month = Instant.now().toString().substring(0, 7);
    JsonNode now = get("reports/" + month);
    assertThat(now.path("invoiced")).hasSize(1);
    assertThat(now.at("/recurring/0/gained").asText()).isEqualTo("29.00");
    assertThat(now.path("over").asBoolean()).isFalse();
  }

  @Test
  void report_asCsv_hasALineForEachFigure() {
    twoMonths();
    Reply csv = http.get("/api/v1/revenue/reports/2026-04?testClocks=true&format=csv");
    assertThat(csv.contentType()).startsWith("text/csv");
    assertThat(csv.body())
        .startsWith("month,group,seller,currency,figure,value,target,state\r\n")
        .contains("2026-04,invoiced,acme,EUR,net,25.30,,\r\n")
        .contains("2026-04,recurring,,EUR,closing,29.00,,\r\n")
        .contains("2026-04,figure_percent,,,churn,0.00,below 5,met\r\n")
        .contains("2026-04,figure_percent,,,payment_failure,,below 3,no_data\r\n");
  }

  @Test
  void routes_withAWrongParameter_nameIt() {
    assertThat(http.get("/api/v1/revenue/reports/2026-13").body()).contains("\"field\":\"month\"");
    assertThat(http.get("/api/v1/revenue/reports/2026-11?zone=%2B02:00").body())
        .contains("\"field\":\"zone\"");
    assertThat(http.get("/api/v1/revenue/reports/2026-11?format=pdf").body())
        .contains("\"field\":\"format\"");
    assertThat(http.get("/api/v1/revenue/invoiced?from=2026-05&to=2026-04").body())
        .contains("\"field\":\"from\"");
    assertThat(http.get("/api/v1/revenue/charges?from=2026-02-30").body())
        .contains("\"field\":\"from\"");
    assertThat(http.get("/api/v1/revenue/charges?from=2026-02-03&to=2026-02-03").body())
        .contains("\"field\":\"to\"");
  }

  @Test
  void charges_inPages_addUpToTheDocuments_andKeepTheRulesOfFocus() {
    twoMonths();
    List<JsonNode> charges = charges(2);
    assertThat(charges).isEqualTo(charges(200));
    Map<String, BigDecimal> sums = new HashMap<>();
    for (JsonNode each : charges) {
      sums.merge(
          each.path("InvoiceId").asText(),
          new BigDecimal(each.path("BilledCost").asText()),
          BigDecimal::add);
      assertThat(FocusRules.broken(each)).isEmpty();
    }
    for (JsonNode each : http.get("/api/v1/invoices?limit=100").json().path("items")) {
      BigDecimal total = new BigDecimal(each.path("total").asText());
      boolean isInvoice = each.path("kind").asText().equals("invoice");
      assertThat(sums.remove(each.path("number").asText()))
          .isEqualByComparingTo(isInvoice ? total : total.negate());
    }
    assertThat(sums).isEmpty();
    JsonNode usage =
        charges.stream()
            .filter(each -> each.path("ChargeCategory").asText().equals("Usage"))
            .findFirst()
            .orElseThrow();
    assertThat(usage.path("ConsumedQuantity").asText()).isEqualTo("150.5");
    assertThat(usage.path("ConsumedUnit").asText()).isEqualTo("token");
    assertThat(usage.path("SkuPriceId").asText()).isEqualTo("metered/1/tokens");
    assertThat(http.get("/api/v1/revenue/charges?customerId=goes").json().path("items")).isEmpty();
  }

  /** A check that finds nothing would pass any charge. */
  @Test
  void focusRules_ofAChangedCharge_areBroken() {
    twoMonths();
    JsonNode charge = charges(1).get(0);
    for (String column : FocusRules.MANDATORY) {
      var changed = (com.fasterxml.jackson.databind.node.ObjectNode) charge.deepCopy();
      changed.remove(column);
      assertThat(FocusRules.broken(changed)).as(column).isNotEmpty();
    }
    var changed = (com.fasterxml.jackson.databind.node.ObjectNode) charge.deepCopy();
    changed.put("ChargePeriodStart", "2026-03-11T12:00:00.5Z");
    assertThat(FocusRules.broken(changed)).isNotEmpty();
  }

  @Test
  void uptime_ofNotedMinutes_isTheirShareOfWholeHours() {
    Uptime uptime = new Uptime(database);
    Instant first = Instant.parse("2026-03-01T00:30:00Z");
    Instant from = Instant.parse("2026-03-01T00:00:00Z");
    Instant to = Instant.parse("2026-04-01T00:00:00Z");
    assertThat(uptime.of(from, to, to)).isEmpty();
    uptime.note(first);
    // Of the two hours after the first one, all minutes but three.
    for (int minute = 0; minute < 120; minute++) {
      if (minute < 60 || minute > 62) {
        uptime.note(Instant.parse("2026-03-01T01:00:00Z").plus(Duration.ofMinutes(minute)));
        uptime.note(Instant.parse("2026-03-01T01:00:59Z").plus(Duration.ofMinutes(minute)));
      }
    }
    Optional<Ratios.Ratio> ratio = uptime.of(from, to, Instant.parse("2026-03-01T03:10:00Z"));
    assertThat(ratio).contains(Ratios.Ratio.of(117, 120));
  }

  private List<JsonNode> charges(int limit) {
    List<JsonNode> all = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = get("charges?testClocks=true&limit=" + limit + next);
      page.path("items").forEach(all::add);
      next = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!next.isEmpty());
    return all;
  }

  private static JsonNode figure(JsonNode report, String name) {
    return java.util.Objects.requireNonNull(figures(report).get(name), name);
  }

  private static Map<String, JsonNode> figures(JsonNode report) {
    Map<String, JsonNode> figures = new HashMap<>();
    report.path("figures").forEach(each -> figures.put(each.path("figure").asText(), each));
    return figures;
  }
}
