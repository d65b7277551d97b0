package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** From tax data to documents, verification and returns. */
@Tag("postgres")
class TaxInvoicesTest {
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant IN_JUNE = Instant.parse("2026-06-20T10:00:00Z");
  private static final Instant JULY = Instant.parse("2026-07-02T00:00:00Z");
  private static final Instant AUGUST = Instant.parse("2026-08-02T00:00:00Z");

  @TempDir static Path directory;

  private static TaxWorld world;

  private String seller = "";

  @BeforeAll
  static void start() {
    world = new TaxWorld(directory);
    world.rates("2026-12-03");
    world.plan("eur", "EUR", "29", "0.01", JUNE.minusSeconds(1));
    world.plan("usd", "USD", "29", "0.01", JUNE.minusSeconds(1));
    world.plan("gbp", "GBP", "29", "0.01", JUNE.minusSeconds(1));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /** Each test has a seller of its own, registered nowhere. */
  @BeforeEach
  void sell(TestInfo test) {
    seller = "s" + test.getTestMethod().orElseThrow().getName().hashCode();
    world.seller(seller, "FR");
  }

  private void register() {
    world.register(seller, "vat", "FR", "FR40303265045", "2026-01-01");
    world.register(seller, "oss", "FR", "FR40303265045", "2026-01-01");
  }

  private JsonNode used(String customer, @Nullable String country, @Nullable String taxId) {
    world.customer(customer, seller, "EUR", country, taxId, JUNE);
    world.subscribe(customer, "eur");
    world.use(customer, IN_JUNE, "1234.5");
    world.move(customer, JULY);
    List<JsonNode> documents = world.documents(customer);
    return documents.get(documents.size() - 1);
  }

  /** Usage of June is taxed by the rate of June, the fee of July by that of July. */
  @Test
  void invoice_overARateChange_takesTheRateOfEachTaxPoint() {
    register();
    JsonNode document = used("ee", "EE", null);
    assertThat(document.at("/lines/0/tax/percent").asText()).isEqualTo("22");
    assertThat(document.at("/lines/0/tax/point").asText()).isEqualTo("2026-06-30");
    assertThat(document.at("/lines/0/tax/rule").asText()).isEqualTo("oss");
    assertThat(document.at("/lines/0/tax/source").asText())
        .contains("edition 2026-12-03, row 4: the test");
    assertThat(document.at("/lines/1/tax/percent").asText()).isEqualTo("24");
    // Due on the 1st, and issued on the 2nd.
    assertThat(document.at("/lines/1/tax/point").asText()).isEqualTo("2026-07-02");
    // 12.35 at 22 and 29.00 at 24.
    assertThat(document.at("/taxes/0/tax").asText()).isEqualTo("2.72");
    assertThat(document.at("/taxes/1/tax").asText()).isEqualTo("6.96");
    assertThat(document.at("/totals/tax").asText()).isEqualTo("9.68");
    world.verify("ee");
  }

  /** Issued in August: its service was over at the end of June. */
  @Test
  void fee_thatIsIssuedAfterItsTime_hasTheLastDayOfItAsTaxPoint() {
    register();
    world.customer("late", seller, "EUR", "EE", null, JUNE);
    world.subscribe("late", "eur");
    world.move("late", AUGUST);
    List<JsonNode> documents = world.documents("late");
    assertThat(documents.stream().map(TaxInvoicesTest::taxOfFee))
        .containsExactly("2026-06-30 22", "2026-07-31 24", "2026-08-02 24");
    world.verify("late");
  }

  private static String taxOfFee(JsonNode document) {
    for (JsonNode line : document.path("lines")) {
      if (line.path("kind").asText().equals("advance")) {
        return line.at("/tax/point").asText() + " " + line.at("/tax/percent").asText();
      }
    }
    return "no fee";
  }

  /** The rest of a fee of June goes back at the rate of June, also when a dearer plan follows. */
  @Test
  void credit_ofAFeeBeforeARateChange_hasTheTaxOfTheFee() {
    register();
    Instant middle = Instant.parse("2026-06-15T00:00:00Z");
    world.plan("dear", "EUR", "58", "0.01", JUNE.minusSeconds(1));
    world.customer("up", seller, "EUR", "EE", null, middle);
    Subscription begun =
        SubscriptionTime.start(
            world.database, "up", "eur", LocalDate.of(2026, 6, 15), ProrationRule.DAYS);
    world.bill("up");
    new CustomerClocks(world.database)
        .moveTo(TaxWorld.TESTER, "up", Instant.parse("2026-07-05T00:00:00Z"));
    SubscriptionTime.switchNow(world.database, begun.id(), "dear");
    world.move("up", Instant.parse("2026-07-15T02:00:00Z"));
    List<JsonNode> documents = world.documents("up");
    assertThat(documents).hasSize(3);
    assertThat(documents.get(1).at("/taxes")).hasSize(1);
    assertThat(documents.get(1).at("/taxes/0/percent").asText()).isEqualTo("24");
    // Ten days of the dearer plan, and its next period.
    assertThat(documents.get(1).at("/totals/net").asText()).isEqualTo("77.33");
    JsonNode note = documents.get(2);
    assertThat(note.path("kind").asText()).isEqualTo("credit_note");
    assertThat(note.at("/lines/0/tax/percent").asText()).isEqualTo("22");
    assertThat(note.at("/lines/0/tax/point").asText()).isEqualTo("2026-06-15");
    // 29.00 less two thirds of it, and 22 per cent.
    assertThat(note.at("/totals/net").asText()).isEqualTo("9.67");
    assertThat(note.at("/totals/tax").asText()).isEqualTo("2.13");
    world.verify("up");
  }

  @Test
  void invoice_withoutRegistrations_isAsBefore() {
    JsonNode document = used("fr1", null, null);
    assertThat(document.at("/lines/0/tax").toString())
        .isEqualTo("{\"category\":\"O\",\"percent\":\"0\"}");
    assertThat(document.has("accounting")).isFalse();
    world.verify("fr1");
  }

  @Test
  void invoice_toABusinessInTheEu_hasReverseChargeWithBothIds() {
    register();
    JsonNode document = used("it", "IT", "IT00743110157");
    JsonNode tax = document.at("/lines/0/tax");
    assertThat(tax.path("category").asText()).isEqualTo("AE");
    assertThat(tax.path("reasonCode").asText()).isEqualTo("VATEX-EU-AE");
    assertThat(tax.path("sellerTaxId").asText()).isEqualTo("FR40303265045");
    assertThat(tax.path("customerTaxId").asText()).isEqualTo("IT00743110157");
    assertThat(tax.path("taxIdStatus").asText()).isEqualTo("unchecked");
    assertThat(document.at("/taxes/0/reason").asText()).isEqualTo("Reverse charge");
    assertThat(document.at("/totals/tax").asText()).isEqualTo("0.00");
    world.verify("it");
  }

  @Test
  void invoice_toACustomerWithoutATaxPlace_isNotIssued_andNamesIt() {
    register();
    world.customer("no", seller, "EUR", null, null, JUNE);
    world.subscribe("no", "eur");
    world.bill("no");
    assertThat(world.documents("no")).isEmpty();
    assertThat(world.failure("no")).contains("has no tax place: set it by billing tax set no");
    put("no", "{\"validFrom\":\"2026-01-01\",\"country\":\"FR\"}", 200);
    world.bill("no");
    assertThat(world.documents("no")).hasSize(1);
  }

  /** Once another place counts from a day on, lines before and after it are on two documents. */
  @Test
  void invoice_ofACustomerWhoLeavesTheEu_isTwoDocuments() {
    register();
    world.customer("c", seller, "EUR", "US", null, JUNE);
    put("c", "{\"validFrom\":\"2026-01-01\",\"country\":\"FR\"}", 200);
    put("c", "{\"validFrom\":\"2026-07-01\",\"country\":\"US\"}", 200);
    world.subscribe("c", "eur");
    world.use("c", IN_JUNE, "1000");
    world.move("c", JULY);
    List<JsonNode> documents = world.documents("c");
    assertThat(documents).hasSize(3);
    assertThat(documents.get(1).at("/totals/total").asText()).isEqualTo("12.00");
    assertThat(documents.get(1).at("/taxes")).hasSize(1);
    assertThat(documents.get(2).at("/taxes/0/category").asText()).isEqualTo("O");
    assertThat(documents.get(2).at("/totals/total").asText()).isEqualTo("29.00");
    world.verify("c");
  }

  @Test
  void invoice_inAnotherCurrency_showsTheTaxInTheOneOfTheAccounts_orFails() throws Exception {
    register();
    world.customer("g", seller, "GBP", "FR", null, JUNE);
    world.subscribe("g", "gbp");
    world.bill("g");
    assertThat(world.failure("g"))
        .contains("there is no exchange rate of EUR and GBP of 2026-05-25 to 2026-06-01");
    rates("2026-05-30,EUR,GBP,0.8452,ECB");
    world.bill("g");
    JsonNode accounting = world.documents("g").get(0).path("accounting");
    // 5.80 GBP of tax, by the latest rate up to the day of the issue.
    assertThat(world.documents("g").get(0).at("/totals/tax").asText()).isEqualTo("5.80");
    assertThat(accounting.path("tax").asText()).isEqualTo("6.86");
    assertThat(accounting.path("currency").asText()).isEqualTo("EUR");
    assertThat(accounting.path("day").asText()).isEqualTo("2026-05-30");
    assertThat(accounting.path("source").asText()).isEqualTo("ECB");
    world.verify("g");
  }

  @Test
  void creditNote_takesOverTheTaxAndTheExchangeRateOfItsInvoice() throws Exception {
    register();
    rates("2026-05-30,EUR,USD,1.1339,ECB\n2026-07-01,EUR,USD,1.18,ECB\n2026-08-01,EUR,USD,1.2,ECB");
    world.customer("u", seller, "USD", "EE", null, JUNE);
    world.subscribe("u", "usd");
    world.use("u", IN_JUNE, "1000");
    world.move("u", JULY);
    world.correct("u", IN_JUNE, "0");
    world.move("u", AUGUST);
    JsonNode note =
        world.documents("u").stream()
            .filter(each -> each.path("kind").asText().equals("credit_note"))
            .findFirst()
            .orElseThrow();
    assertThat(note.at("/lines/0/tax/percent").asText()).isEqualTo("22");
    assertThat(note.at("/lines/0/tax/rule").asText()).isEqualTo("oss");
    assertThat(note.at("/accounting/rate").asText()).isEqualTo("1.18");
    world.verify("u");
  }

  private void rates(String rows) throws Exception {
    Reply imported = world.file("/tax/exchange-rates", "day,base,quote,rate,source\n" + rows);
    assertThat(imported.status()).as(imported.body()).isEqualTo(200);
  }

  private void put(String customer, String body, int status) {
    Reply set = world.send("PUT", "/customers/" + customer + "/tax", body);
    assertThat(set.status()).as(set.body()).isEqualTo(status);
  }

  @Test
  void taxData_withAFault_isRefusedAndNamed() throws Exception {
    world.customer("d", seller, "EUR", "FR", null, JUNE);
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-01-01\",\"country\":\"ZZ\"}",
        "\"field\":\"country\"");
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-01-01\",\"country\":\"US\",\"region\":\"XX\"}",
        "\"field\":\"region\"");
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-01-01\",\"country\":\"DE\",\"taxId\":\"DE136695977\"}",
        "check digits");
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-01-01\",\"country\":\"FR\",\"taxId\":\"DE136695976\"}",
        "country FR");
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-02-30\",\"country\":\"FR\"}",
        "validFrom");
    refused(
        "/customers/d/tax",
        "PUT",
        "{\"validFrom\":\"2026-01-01\",\"country\":\"FR\",\"exemption\":{\"category\":\"S\",\"reason\":\"x\"}}",
        "exemption.category");
    String registrations = "/sellers/" + seller + "/tax-registrations";
    refused(
        registrations,
        "POST",
        "{\"scheme\":\"vat\",\"country\":\"FR\",\"number\":\"FR40303265046\",\"validFrom\":\"2026-01-01\"}",
        "check digits");
    refused(
        registrations,
        "POST",
        "{\"scheme\":\"vat\",\"country\":\"DE\",\"number\":\"FR40303265045\",\"validFrom\":\"2026-01-01\"}",
        "a tax id of DE");
    refused(
        registrations,
        "POST",
        "{\"scheme\":\"sales_tax\",\"country\":\"US\",\"number\":\"1\",\"validFrom\":\"2026-01-01\"}",
        "region");
    register();
    refused(
        registrations,
        "POST",
        "{\"scheme\":\"vat\",\"country\":\"FR\",\"number\":\"FR40303265045\",\"validFrom\":\"2026-01-01\"}",
        "is registered for vat of FR");
    assertThat(
            world
                .file(
                    "/tax/rates",
                    """
                    edition,2026-11-30
                    country,region,percent,valid_from,valid_to,source
                    DE,,19,2007-01-01,,law
                    """)
                .body())
        .contains("give it a later edition");
    assertThat(world.file("/tax/rates", "edition,2027-01-01\nx").body())
        .contains("at least one rate");
    rates("2026-05-30,EUR,USD,1.1339,ECB");
    assertThat(
            world
                .file(
                    "/tax/exchange-rates", "day,base,quote,rate,source\n2026-05-30,EUR,USD,1.2,ECB")
                .body())
        .contains("row 2 has another rate");
  }

  private void refused(String path, String method, String body, String named) {
    Reply reply = world.send(method, path, body);
    assertThat(reply.status()).as(reply.body()).isBetween(400, 409);
    assertThat(reply.body()).contains(named);
  }
}
