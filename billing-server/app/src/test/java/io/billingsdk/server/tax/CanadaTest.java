package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GST and PST of British Columbia, from the shipped table to the return. */
@Tag("postgres")
class CanadaTest {
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant JULY = Instant.parse("2026-07-02T00:00:00Z");

  @TempDir Path directory;

  private TaxWorld world;

  @BeforeEach
  void start() {
    world = new TaxWorld(directory);
    world.seller("ca", "CA");
    Reply registered = register("BC");
    assertThat(registered.status()).as(registered.body()).isEqualTo(201);
    world.plan("cad", "CAD", "100.00", "0.0137", JUNE.minusSeconds(1));
    Reply rates =
        world.file(
            "/tax/exchange-rates",
            """
            day,base,quote,rate,source
            2026-05-30,EUR,CAD,1.6123,the test
            2026-07-01,EUR,CAD,1.6011,the test
            """);
    assertThat(rates.status()).as(rates.body()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private Reply register(String region) {
    return world.send(
        "POST",
        "/sellers/ca/tax-registrations",
        """
        {"scheme":"sales_tax","country":"CA","region":"%s",
         "number":"GST 123456789 RT0001, PST-1234-5678","validFrom":"2026-01-01"}
        """
            .formatted(region));
  }

  private void customer(String id, String region) {
    world.customer(id, "ca", "CAD", null, null, JUNE);
    Reply set =
        world.send(
            "PUT",
            "/customers/" + id + "/tax",
            "{\"validFrom\":\"2026-01-01\",\"country\":\"CA\",\"region\":\"" + region + "\"}");
    assertThat(set.status()).as(set.body()).isEqualTo(200);
    world.subscribe(id, "cad");
  }

  @Test
  void invoices_inBritishColumbia_haveBothTaxes_andTheReturnHasARowForEach() {
    customer("bc", "BC");
    world.bill("bc");
    JsonNode fee = world.documents("bc").get(0);
    assertThat(fee.at("/lines/0/tax/rule").asText()).isEqualTo("ca_province");
    assertThat(fee.at("/lines/0/tax/components/1").toString())
        .isEqualTo("{\"name\":\"PST\",\"percent\":\"7\"}");
    assertThat(fee.at("/taxes/0/components").toString())
        .isEqualTo(
            "[{\"name\":\"GST\",\"percent\":\"5\",\"tax\":\"5.00\"},"
                + "{\"name\":\"PST\",\"percent\":\"7\",\"tax\":\"7.00\"}]");
    assertThat(fee.at("/totals/tax").asText()).isEqualTo("12.00");
    // 5.00 and 7.00 by 1.6123.
    assertThat(fee.at("/accounting/taxes/0/components").findValuesAsText("tax"))
        .containsExactly("3.10", "4.34");
    assertThat(fee.at("/accounting/tax").asText()).isEqualTo("7.44");
    assertThatThrownBy(() -> ElectronicInvoice.ubl(InvoiceReader.read(fee.toString())))
        .hasMessageContaining("no VAT id");
    world.use("bc", JUNE.plusSeconds(864_000), "12345");
    world.move("bc", JULY);
    credit(fee.path("number").asText(), "33.33");
    credit(fee.path("number").asText(), "0.10");
    world.verify("bc");
    assertThat(world.documents("bc")).hasSize(4);
    compareReturns();
  }

  private void credit(String number, String amount) {
    Reply credited =
        world.send(
            "POST",
            "/invoices/" + number + "/credit-notes",
            "{\"lines\":[{\"line\":1,\"amount\":\"%s\"}],\"reason\":\"r\"}".formatted(amount));
    assertThat(credited.status()).as(credited.body()).isEqualTo(201);
  }

  private void compareReturns() {
    Map<String, BigDecimal> expected = new TreeMap<>();
    for (JsonNode document : world.documents("bc")) {
      boolean isCredit = document.path("kind").asText().equals("credit_note");
      BigDecimal sign = isCredit ? BigDecimal.ONE.negate() : BigDecimal.ONE;
      JsonNode group = document.at("/taxes/0");
      for (int i = 0; i < 2; i++) {
        JsonNode part = group.at("/components/" + i);
        String name = part.path("name").asText() + " " + part.path("percent").asText();
        add(expected, name + " base", sign, group.path("base"));
        add(expected, name + " tax", sign, part.path("tax"));
        JsonNode accounting = document.at("/accounting/taxes/0/components/" + i);
        add(expected, name + " in EUR", sign, accounting.path("tax"));
      }
    }
    Map<String, BigDecimal> returned = new TreeMap<>();
    int rows = 0;
    for (String quarter : new String[] {"2026-Q2", "2026-Q3", "2026-Q4"}) {
      String query = "/tax/returns?sellerId=ca&testClocks=true&quarter=" + quarter;
      JsonNode items = world.get(query).path("items");
      for (JsonNode row : items) {
        String name = row.path("component").asText() + " " + row.path("percent").asText();
        add(returned, name + " base", BigDecimal.ONE, row.path("base"));
        add(returned, name + " tax", BigDecimal.ONE, row.path("tax"));
        add(returned, name + " in EUR", BigDecimal.ONE, row.path("accountingTax"));
        assertThat(row.path("region").asText()).isEqualTo("BC");
        rows++;
      }
      String csv = world.http.get("/api/v1" + query + "&format=csv").body();
      assertThat(csv.lines().filter(line -> line.endsWith(",GST")).count() * 2)
          .isEqualTo(items.size());
    }
    assertThat(returned).isEqualTo(expected).hasSize(6);
    assertThat(rows).isGreaterThanOrEqualTo(4);
  }

  private static void add(
      Map<String, BigDecimal> sums, String name, BigDecimal sign, JsonNode amount) {
    BigDecimal value = new BigDecimal(amount.asText()).multiply(sign).setScale(2);
    sums.merge(name, value, BigDecimal::add);
  }

  @Test
  void customer_inAnotherProvince_isNotBilled_untilItIsRegisteredAndInTheTable() {
    customer("on", "ON");
    world.bill("on");
    assertThat(world.failure("on")).contains("not for CA-ON, where the customer is");
    assertThat(register("ON").status()).isEqualTo(201);
    world.bill("on");
    assertThat(world.failure("on")).contains("has no rate of CA-ON on 2026-06-01");
    customer("typo", "British Columbia");
    world.bill("typo");
    assertThat(world.failure("typo")).contains("its province is not known");
    assertThat(register("ZZ").body()).contains("a province of Canada");
  }

  @Test
  void rates_andTheTaxOfACustomer_showTheComponents() {
    customer("bc", "BC");
    String components =
        "[{\"name\":\"GST\",\"percent\":\"5\"},{\"name\":\"PST\",\"percent\":\"7\"}]";
    JsonNode row = world.get("/tax/rates?country=CA").at("/items/0");
    assertThat(row.path("components").toString()).isEqualTo(components);
    assertThat(row.path("percent").asText()).isEqualTo("12");
    JsonNode tax = world.get("/customers/bc/tax/2026-06-30");
    assertThat(tax.path("components").toString()).isEqualTo(components);
    assertThat(world.get("/tax/rates?country=DE").at("/items/0").has("components")).isFalse();
  }

  @Test
  void import_ofWrongComponents_isRefusedByRowAndField_andChangesNothing() {
    for (Map.Entry<String, String> each :
        Map.of(
                ":5;PST:7", "row 3, components[0].name",
                "GST:5;PST:8", "row 3, components must be in sum 12",
                "GST:5;PST:-7", "row 3, components[1].percent",
                "A:2;B:2;C:2;D:2;E:4", "components must be at most 4")
            .entrySet()) {
      Reply refused =
          world.file(
              "/tax/rates",
              """
              edition,2027-01-01
              country,region,percent,valid_from,valid_to,source,components
              CA,BC,12,2013-04-01,,the test,%s
              """
                  .formatted(each.getKey()));
      assertThat(refused.status()).as(refused.body()).isBetween(400, 422);
      assertThat(refused.body()).contains(each.getValue());
    }
    assertThat(world.get("/tax/rates?country=CA").path("edition").asText()).isEqualTo("2026-12-02");
  }
}
