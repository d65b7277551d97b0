package io.billingsdk.server.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.SubscriptionsFeature;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two months of a customer with a test clock, whose usage came over HTTP. */
@Tag("postgres")
class MonthReportTest {
  private static final Actor TESTER = new Actor("tester");
  private static final ZoneId ZONE = ZoneId.of("Asia/Kathmandu");

  @TempDir Path directory;

  private final YearMonth first = YearMonth.now(ZoneOffset.UTC).minusMonths(4);
  private final YearMonth second = first.plusMonths(1);
  private HttpTestbed http;
  private Database database;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    database = http.world().database();
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    for (String app : new String[] {"acme", "alien"}) {
      keys.createApp(app, app);
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
    var unused =
        new PlanImport(database, TESTER)
            .run(
                PlanFile.parse(
                    """
                    meters:
                      - {slug: calls, unit: call, value: one, aggregation: count}
                    plans:
                      - plan: pro
                        name: Pro
                        currency: USD
                        interval: month
                        entitlements: {models: all}
                        charges:
                          - {id: base, name: Base, kind: flatInAdvance,
                             price: {model: flat, amount: 30}}
                          - {id: calls, name: Calls, kind: metered, meter: calls,
                             price: {model: unit, price: 0.5}}
                      - plan: tiers
                        name: Tiers
                        currency: USD
                        interval: month
                        entitlements: {models: all}
                        charges:
                          - {id: calls, name: Calls, kind: metered, meter: calls, minimum: 5,
                             price: {model: graduated, tiers: [
                               {upTo: 3, unitPrice: 1}, {unitPrice: 0.25}]}}
                    """),
                new ImportOptions(/* publish= */ true, null, /* dryRun= */ false));
  }

  @AfterEach
  void stop() {
    database.close();
    http.close();
  }

  private static Instant local(YearMonth month, int day, int hour) {
    return month.atDay(day).atTime(hour, 0).atZone(ZONE).toInstant();
  }

  private void customer(Instant begin, String plan, String anchor) {
    Customers customers = new Customers(database, TESTER);
    customers.create(NewCustomer.of("acme", "A", "USD", ZONE.getId()).withTestClock(begin));
    customers.assign("acme", "acme", begin.minus(Duration.ofDays(60)));
    Reply started =
        http.send(
            "POST",
            "/api/v1/subscriptions",
            "{\"customerId\":\"acme\",\"plan\":\"%s\",\"version\":1%s}"
                .formatted(plan, anchor.isEmpty() ? "" : ",\"anchor\":\"" + anchor + "\""));
    assertThat(started.status()).as(started.body()).isEqualTo(201);
  }

  private void used(String app, String model, Instant at, int calls) {
    for (int i = 0; i < calls; i++) {
      Reply stored =
          http.send(
              "POST",
              "/api/v1/events",
              "{\"keyId\":\"k_%s\",\"module\":\"m\",\"model\":\"%s\",\"usage\":\"2.5\",\"occurredAt\":\"%s\"}"
                  .formatted(app, model, at.plusSeconds(i)));
      assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
    }
  }

  private JsonNode report(YearMonth month) {
    Reply reply = http.get("/api/v1/customers/acme/reports/" + month);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private void moveTo(Instant moment) throws Exception {
    new CustomerClocks(database).moveTo(TESTER, "acme", moment);
    // As a server does it by itself.
    new SubscriptionsFeature(database, List.of()).jobs().get(0).run();
  }

  @Test
  void month_hasCallsModelsRefusalsAndCosts_ofItsLocalDays() throws Exception {
    customer(local(first, 1, 0), "pro", "");
    used("acme", "a, \\\"b\\\"", local(first, 1, 0), 3);
    used("acme", "llama", local(second, 1, 0).minusSeconds(60), 2);
    used("acme", "llama", local(second, 1, 0), 4);
    used("acme", "before", local(first, 1, 0).minusSeconds(60), 1);
    used("alien", "llama", local(first, 2, 0), 1);
    refused("k_acme", local(first, 5, 0), 7);
    refused("k_acme", local(second, 1, 0), 1);
    refused("k_alien", local(first, 5, 0), 9);
    moveTo(local(second.plusMonths(1), 1, 0));

    JsonNode report = report(first);

    assertThat(report.path("over").asBoolean()).isTrue();
    assertThat(report.path("calls").asText()).isEqualTo("5");
    assertThat(report.at("/models").toString())
        .isEqualTo(
            "[{\"model\":\"a, \\\"b\\\"\",\"calls\":\"3\",\"usage\":\"7.5\"},"
                + "{\"model\":\"llama\",\"calls\":\"2\",\"usage\":\"5\"}]");
    assertThat(report.at("/refusals").toString()).isEqualTo("[{\"reason\":\"QUOTA\",\"calls\":7}]");
    assertThat(report.at("/costs/0/amount").asText()).isEqualTo("30.00");
    assertThat(report.at("/costs/1/amount").asText()).isEqualTo("2.50");
    assertThat(report.path("total").asText()).isEqualTo("32.50");
    assertThat(report(second).path("total").asText()).isEqualTo("32.00");
    assertThat(report(first.minusMonths(1)).path("total").asText()).isEqualTo("0.00");

    Reply csv = http.get("/api/v1/customers/acme/reports/" + first + "?format=csv");
    assertThat(csv.body().split("\r\n"))
        .containsExactly(
            "customer,month,kind,name,calls,usage,plan,version,amount,currency",
            "acme," + first + ",model,\"a, \"\"b\"\"\",3,7.5,,,,",
            "acme," + first + ",model,llama,2,5,,,,",
            "acme," + first + ",refused,QUOTA,7,,,,,",
            "acme," + first + ",advance,base,,,pro,1,30.00,USD",
            "acme," + first + ",usage,calls,,,pro,1,2.50,USD",
            "acme," + first + ",total,,5,,,,32.50,USD");
  }

  @Test
  void months_ofAPeriodThatIsInBoth_addUpToItsPrice() throws Exception {
    customer(local(first, 15, 0), "tiers", first.atDay(15).toString());
    used("acme", "llama", local(first, 20, 0), 2);
    used("acme", "llama", local(second, 10, 0), 3);
    moveTo(local(second, 20, 0));

    // Two of the first tier, then one of it and two of the second: 3.50, and 1.50 to the minimum.
    assertThat(report(first).path("total").asText()).isEqualTo("2.00");
    assertThat(report(second).path("total").asText()).isEqualTo("3.00");
    assertThat(report(second).path("over").asBoolean()).isFalse();
  }

  @Test
  void report_isForATokenOfTheCustomer_andForNoOther() throws SQLException {
    customer(local(first, 1, 0), "pro", "");
    String path = "/api/v1/customers/acme/reports/" + first;
    String own =
        new Tokens(database)
            .createForCustomer(TESTER, "tester", "acme", Duration.ofHours(1))
            .text();
    assertThat(http.send("GET", path, own, null).status()).isEqualTo(200);
    new Customers(database, TESTER).create(NewCustomer.of("other", "O", "USD", "UTC"));
    String foreign =
        new Tokens(database)
            .createForCustomer(TESTER, "tester", "other", Duration.ofHours(1))
            .text();
    assertThat(http.send("GET", path, foreign, null).status()).isEqualTo(404);
    assertThat(http.get("/api/v1/customers/nobody/reports/" + first).status()).isEqualTo(404);
    for (String wrong : new String[] {"2026-13", "2026-1", "1999-01", "x"}) {
      assertThat(http.get("/api/v1/customers/acme/reports/" + wrong).body())
          .contains("a month of 2000 to 9899");
    }
    assertThat(http.get(path + "?format=xls").body()).contains("one of json, csv, pdf");
    Reply pdf = http.send("GET", path + "?format=pdf", own, null);
    assertThat(pdf.status()).isEqualTo(200);
    assertThat(pdf.contentType()).isEqualTo("application/pdf");
    assertThat(pdf.body()).startsWith("%PDF-1.");
  }

  @Test
  void total_isExact_andTheSumOfItsCosts() {
    customer(local(first, 11, 12), "pro", "");
    used("acme", "llama", local(first, 12, 0), 1);
    JsonNode report = report(first);
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode cost : report.path("costs")) {
      sum = sum.add(new BigDecimal(cost.path("amount").asText()));
    }
    assertThat(new BigDecimal(report.path("total").asText())).isEqualByComparingTo(sum);
    assertThat(report.at("/costs/0/kind").asText()).isEqualTo("advance");
  }

  private void refused(String key, Instant at, int calls) throws SQLException {
    http.world()
        .execute(
            "INSERT INTO quota_refusal_slot (key_id, reason, slot, count) VALUES ('%s', 'QUOTA', '%s', %d)"
                .formatted(key, at, calls));
  }
}
