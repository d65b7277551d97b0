package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Scopes;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A higher spend cap is about money: a token for keys and apps may not give it. */
@Tag("postgres")
class SpendCapRightsTest {
  private static final String PLANS =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
        - {slug: gpt, unit: call, value: one, aggregation: count, models: [gpt-4*]}
      plans:
        - plan: capped
          name: Capped
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas:
              - {meter: amount, limit: 10, mode: hard}
              - {meter: calls, limit: 10, mode: hard, thresholds: [70, 90]}
              - {meter: gpt, limit: 10, mode: hard}
      """;

  private static final String GRANT =
      """
      {"quota":"%s","amount":5,"until":"2099-01-01T00:00:00Z","reason":"ticket"}
      """;

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void open() {
    http = new HttpTestbed(directory);
    var unused =
        new PlanImport(http.database(), HttpTestbed.TESTER)
            .run(PlanFile.parse(PLANS), new ImportOptions(true, null, false));
    var unusedToo =
        new Customers(http.database(), HttpTestbed.TESTER)
            .create(NewCustomer.of("capped", "Capped", "USD", "UTC"));
    assertThat(
            http.send(
                    "POST",
                    BilledCustomers.SUBSCRIPTIONS,
                    BilledCustomers.start("capped", "capped"))
                .status())
        .isEqualTo(201);
  }

  @AfterEach
  void close() {
    http.close();
  }

  private Reply grant(String token, String meter) {
    return http.send(
        "POST", "/api/v1/quotas/grant", token, GRANT.formatted("customer/capped/" + meter));
  }

  @Test
  void extension_ofASpendCap_needsTheScopeFinance_andOfAnotherQuotaDoesNot() throws SQLException {
    String write = http.token(Scope.WRITE, null);
    String both =
        new Tokens(http.database())
            .create(
                HttpTestbed.TESTER,
                "tester",
                new Scopes(Set.of(Scope.METERING, Scope.FINANCE)),
                null,
                Duration.ofHours(1))
            .text();

    assertThat(grant(write, "calls").status()).isEqualTo(200);
    Reply refused = grant(write, "amount");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("the scope finance", "spend cap");
    assertThat(grant(both, "amount").status()).isEqualTo(200);
  }

  @Test
  void quotas_show_whoRefuses_andTheirOwnThresholds() {
    var items = http.get("/api/v1/customers/capped/quotas").json().path("items");

    assertThat(items.findValuesAsText("enforcedBy"))
        .containsExactly("block", "services", "reservations");
    assertThat(items.path(1).path("thresholds")).hasToString("[70,90]");
    assertThat(items.path(2).path("thresholds")).hasToString("[50,80,100]");
  }
}
