package io.billingsdk.server.http;

import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.ledger.LedgerFeature;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests of customers, meters and plans that succeed, over the rows that they need. */
final class RevenueRequests {
  private static final Instant CLOCK = Instant.parse("2027-01-01T00:00:00Z");

  private static final String METER =
      "{%s\"unit\":\"call %d\",\"module\":\"llm\",\"models\":[\"gpt-*\"],"
          + "\"metadata\":{\"tier\":\"one\"},\"value\":\"one\",\"aggregation\":\"count\"}";

  private static final String PLAN =
      """
      {"plan":"%s","name":"Plan %d","currency":"USD","interval":"month",
       "entitlements":{"models":"all"},
       "charges":[{"id":"base","name":"Base","kind":"flatInAdvance",
                   "price":{"model":"flat","amount":"%d"}}]}
      """;

  private static final String ADDRESS =
      "{\"lines\":[\"Hauptstr. 1\"],\"city\":\"Berlin\",\"postalCode\":\"10115\","
          + "\"region\":\"Berlin\",\"country\":\"DE\"}";
  private static final String TAX_IDS = "[{\"type\":\"eu_vat\",\"value\":\"DE123456789\"}]";

  private static final String REGISTRATION = "00000000-0000-4000-8000-000000000001";

  private final HttpTestbed http;
  private int number;

  /** Adds the rows: a seller, a customer, a meter, and a plan with a version and a draft. */
  RevenueRequests(HttpTestbed http) {
    this.http = http;
    new Sellers(http.database(), HttpTestbed.TESTER)
        .create(
            new NewSeller(
                "seller",
                "Billing GmbH",
                "EUR",
                "Europe/Berlin",
                new Address(List.of("Hauptstr. 1"), "Berlin", "10115", null, "DE"),
                List.of(new TaxId("eu_vat", "DE123456789"))));
    new Customers(http.database(), HttpTestbed.TESTER)
        .create(
            new NewCustomer(
                "customer", "Acme", "USD", "UTC", "en", "seller", null, List.of(), CLOCK));
    http.send("POST", "/api/v1/meters", METER.formatted("\"slug\":\"meter\",", 0));
    draft();
    http.send("POST", "/api/v1/plans/plan/versions", "{}");
    draft();
  }

  private void draft() {
    number++;
    http.send("PUT", "/api/v1/plans/plan/draft", PLAN.formatted("plan", number, number));
  }

  /** The path with the names of the rows. */
  static String path(String path) {
    String named =
        path.replace("{sellerId}", "seller")
            .replace("{customerId}", "customer")
            .replace("{slug}", "meter")
            .replace("{plan}", "plan")
            .replace("{month}", path.contains("/revenue/") ? "2026-11" : "2027-01")
            .replace("{seq}", LedgerRows.SEQ)
            .replace("{registrationId}", REGISTRATION)
            .replace("{day}", "2026-01-01")
            .replace("{version}", "1");
    if (named.endsWith("/explanation")) {
      return named.replace("{stream}", LedgerRows.STREAM);
    }
    if (named.endsWith("/tax/returns")) {
      return named + "?sellerId=seller&month=2027-01";
    }
    return named.endsWith("/diff") ? named + "?from=1" : named;
  }

  /** Brings the rows to where an operation changes something, once more. */
  void prepare(String operation) throws SQLException {
    switch (operation) {
      case "removePlanDraft", "publishPlan" -> draft();
      case "assignApp" -> newApp();
      case "endTaxRegistration" -> openRegistration();
      // As after a restore.
      case "resumeInvoices" -> {
        var unused = LedgerFeature.renewId(http.database());
      }
      case "releaseApp" ->
          new Customers(http.database(), HttpTestbed.TESTER).assign("customer", newApp(), null);
      default -> {
        // It can be done again and again.
      }
    }
  }

  /** Of a time to come: so nobody is billed by it. */
  private void openRegistration() throws SQLException {
    http.world()
        .execute(
            """
            INSERT INTO seller_registration (registration_id, seller_id, scheme, country, number,
              valid_from) VALUES ('%s', 'seller', 'oss', 'DE', '1', '2095-01-01')
            ON CONFLICT (registration_id) DO UPDATE SET valid_to = NULL
            """
                .formatted(REGISTRATION));
  }

  private String newApp() throws SQLException {
    String app = "app" + ++number;
    http.world().execute("INSERT INTO app (app_id, name) VALUES ('%s', 'x')".formatted(app));
    return app;
  }

  /** A body with another content each time; null for other operations and those without one. */
  @Nullable String body(String operation) {
    number += operation.equals("assignApp") || operation.equals("releaseApp") ? 0 : 1;
    return switch (operation) {
      case "createSeller" ->
          "{\"sellerId\":\"s%d\",\"name\":\"S\",\"currency\":\"EUR\",\"zone\":\"UTC\",\"address\":%s,\"taxIds\":%s}"
              .formatted(number, ADDRESS, TAX_IDS);
      case "changeSeller" ->
          "{\"name\":\"S %d\",\"address\":%s,\"taxIds\":%s}".formatted(number, ADDRESS, TAX_IDS);
      case "createCustomer" ->
          """
          {"customerId":"c%d","name":"C","currency":"EUR","zone":"Europe/Berlin","locale":"de",
           "sellerId":"seller","taxPlace":{"country":"US","region":"Ohio"},"taxIds":%s,
           "testClock":"2027-01-01T00:00:00Z"}
          """
              .formatted(number, TAX_IDS);
      case "changeCustomer" ->
          """
          {"name":"C %d","zone":"Europe/Paris","locale":"fr","sellerId":"seller","taxPlace":{"country":"FR"},"taxIds":%s}
          """
              .formatted(number, TAX_IDS);
      case "assignApp", "releaseApp" -> "{\"appId\":\"app%d\"}".formatted(number);
      case "moveClock" -> "{\"to\":\"%s\"}".formatted(CLOCK.plusSeconds(3_600L * number));
      case "createMeter" -> METER.formatted("\"slug\":\"m%d\",".formatted(number), 0);
      case "changeMeter" -> METER.formatted("", number);
      case "importPlans" ->
          "{\"file\":{\"plans\":[%s]},\"publish\":true,\"validFrom\":\"2090-01-01T00:00:00Z\"}"
              .formatted(PLAN.formatted("p" + number, number, number));
      case "savePlanDraft" ->
          // The path names the plan.
          PLAN.formatted("plan", number, number).replace("\"plan\":\"plan\",", "");
      case "publishPlan" -> "{}";
      case "changeBillingSettings" ->
          """
          {"legalName":"L %d","address":%s,"taxIds":%s,"netDays":5,
           "exemption":{"reason":"r","certificate":"c"}}
          """
              .formatted(number, ADDRESS, TAX_IDS);
      case "changeSellerSettings" ->
          """
          {"bank":{"holder":"H","iban":"DE89370400440532013000"},"netDays":%d}
          """
              .formatted(number % 365);
      case "resumeInvoices" ->
          "{\"lastNumbers\":[{\"series\":\"seller\",\"number\":%d}]}".formatted(1_000 + number);
      case "priceWhatIf" ->
          "{\"file\":{\"plans\":[%s]},\"months\":1}"
              .formatted(PLAN.formatted("p" + number, number, number));
      case "compareInvoices" ->
          """
          {"from":"2026-01","to":"2026-12","afterCustomerId":"a","upToCustomerId":"z",
           "rows":[{"customerId":"customer","month":"2026-11","currency":"USD","net":"%d.00","tax":"1.00"}]}
          """
              .formatted(number);
      case "reckonMargin" ->
          """
          {"month":"2026-11","customerId":"customer","currency":"USD",
           "costs":[{"module":"llm","model":"gpt-4","perUnit":"0.00000%d"}]}
          """
              .formatted(number % 10);
      case "registerForTax" ->
          """
          {"scheme":"sales_tax","country":"US","region":"NY","number":"1",
           "validFrom":"%1$s","validTo":"%1$s"}
          """
              .formatted(LocalDate.of(2091, 1, 1).plusDays(number));
      case "endTaxRegistration" -> "{\"lastDay\":\"2096-01-01\"}";
      case "setCustomerTax" ->
          """
          {"validFrom":"2091-01-01","country":"DE","taxId":"DE136695976","supply":"service",
           "exemption":{"category":"E","code":"VATEX-EU-151","reason":"R %d","until":"2092-01-01"}}
          """
              .formatted(number);
      case "importTaxRates" ->
          file(
              "edition,%s\\ncountry,region,percent,valid_from,valid_to,source\\nDE,,19,2007-01-01,,law"
                  .formatted(LocalDate.of(2091, 1, 1).plusDays(number)));
      case "importExchangeRates" ->
          file(
              "day,base,quote,rate,source\\n%s,EUR,USD,1.1,ECB"
                  .formatted(LocalDate.of(2091, 1, 1).plusDays(number)));
      default -> null;
    };
  }

  private static String file(String content) {
    return "{\"file\":\"" + content + "\"}";
  }
}
