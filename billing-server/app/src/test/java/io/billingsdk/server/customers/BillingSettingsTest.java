package io.billingsdk.server.customers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of bills over HTTP. */
@Tag("postgres")
class BillingSettingsTest {
  private static final Actor TESTER = new Actor("tester");
  private static final String CUSTOMER = "/api/v1/customers/acme/billing-settings";
  private static final String SELLER = "/api/v1/sellers/de/billing-settings";

  @TempDir Path directory;

  private HttpTestbed http;
  private Database database;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    database = http.world().database();
    new Customers(database, TESTER).create(NewCustomer.of("acme", "Acme", "EUR", "UTC"));
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "de",
                "Seller GmbH",
                "EUR",
                "UTC",
                new Address(List.of("Weg 1"), "Berlin", null, null, "DE"),
                List.of()));
  }

  @AfterEach
  void stop() {
    database.close();
    http.close();
  }

  private JsonNode changed(String path, String body) {
    Reply reply = http.send("PATCH", path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void change_ofAFieldAfterTheOther_keepsTheOthers_andNullRemovesOne() {
    assertThat(http.get(CUSTOMER).json().path("revision").asInt()).isZero();
    JsonNode all =
        changed(
            CUSTOMER,
            """
            {"legalName":"Acme Ltd","emails":["a@acme.example"],"language":"de","netDays":30,
             "address":{"lines":["High St 1"],"city":"London","country":"GB"},
             "taxIds":[{"type":"gb_vat","value":"GB1"}],"series":"EU","template":"plain",
             "exemption":{"reason":"charity","certificate":"C-1"}}
            """);
    assertThat(all.path("revision").asInt()).isEqualTo(1);
    assertThat(all.path("language").asText()).isEqualTo("de");
    assertThat(all.at("/taxIds/0/value").asText()).isEqualTo("GB1");
    JsonNode less = changed(CUSTOMER, "{\"exemption\":null,\"netDays\":0}");
    assertThat(less.has("exemption")).isFalse();
    assertThat(less.path("netDays").asInt()).isZero();
    assertThat(less.path("legalName").asText()).isEqualTo("Acme Ltd");
    assertThat(http.get(CUSTOMER).json()).isEqualTo(less);
    // The same again is no revision.
    assertThat(changed(CUSTOMER, "{\"netDays\":0}").path("revision").asInt()).isEqualTo(2);
    JsonNode history = http.get(CUSTOMER + "/history").json().path("items");
    assertThat(history).hasSize(2);
    assertThat(history.at("/1/settings/exemption/reason").asText()).isEqualTo("charity");
    assertThat(http.get("/api/v1/audit?limit=20").body()).contains("customer.settings");
  }

  @Test
  void change_outOfBounds_isRefusedByItsField_andNothingIsHalfDone() {
    String[][] wrong = {
      {"{\"legalName\":\" \"}", "legalName"},
      {"{\"emails\":[\"a@b.example\",\"nobody\"]}", "emails[1]"},
      {"{\"emails\":[\"a@b.example\",\"a@b.example\"]}", "emails"},
      {"{\"netDays\":366}", "netDays"},
      {"{\"netDays\":-1}", "netDays"},
      {"{\"series\":\"a~b\"}", "series"},
      {"{\"series\":\"12345678901234567\"}", "series"},
      {"{\"template\":\"../x\"}", "template"},
      {"{\"exemption\":{}}", "exemption.reason"},
      {"{\"address\":{\"lines\":[],\"city\":\"x\",\"country\":\"DE\"}}", "address.lines"},
      {"{\"address\":{\"lines\":[\"x\"],\"city\":\"x\",\"country\":\"XX\"}}", "address.country"},
      {"{\"language\":\"de\",\"template\":\"A\"}", "template"},
      {"{\"netDays\":1,\"unknown\":1}", "unknown"},
      {"{}", "body"}
    };
    for (String[] each : wrong) {
      Reply reply = http.send("PATCH", CUSTOMER, each[0]);
      assertThat(reply.status()).as(each[0]).isBetween(400, 422);
      assertThat(reply.body()).as(each[0]).contains("\"field\":\"" + each[1] + "\"");
    }
    JsonNode left = http.get(CUSTOMER).json();
    assertThat(left.path("revision").asInt()).isZero();
    assertThat(left.path("language").asText()).isEqualTo("en");
    assertThat(http.send("PATCH", "/api/v1/customers/none/billing-settings", "{\"netDays\":1}"))
        .extracting(Reply::status)
        .isEqualTo(404);
  }

  @Test
  void seller_withABankAccount_mustHaveARightCheckNumber() {
    JsonNode set =
        changed(
            SELLER,
            """
            {"bank":{"holder":"Seller GmbH","iban":"DE89 3704 0044 0532 0130 00",
             "bic":"COBADEFFXXX"},"netDays":14}
            """);
    assertThat(set.at("/bank/iban").asText()).isEqualTo("DE89370400440532013000");
    for (String iban : List.of("DE88370400440532013000", "GB82WEST12345698765431", "XX")) {
      String body = "{\"bank\":{\"holder\":\"h\",\"iban\":\"" + iban + "\"}}";
      assertThat(http.send("PATCH", SELLER, body).body()).contains("\"field\":\"bank.iban\"");
    }
    String british = "{\"bank\":{\"holder\":\"h\",\"iban\":\"GB82WEST12345698765432\"}}";
    assertThat(changed(SELLER, british).path("netDays").asInt()).isEqualTo(14);
    String bic = british.replace("\"}}", "\",\"bic\":\"COBA\"}}");
    assertThat(http.send("PATCH", SELLER, bic).body()).contains("\"field\":\"bank.bic\"");
    assertThat(changed(SELLER, "{\"bank\":null}").has("bank")).isFalse();
  }
}
