package io.billingsdk.server.http;

import static io.billingsdk.server.http.BilledCustomers.SUBSCRIPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nobody may store: refused with the field, and nothing of the request is done. */
@Tag("postgres")
class BadRevenueInputTest {
  private static final String FILE =
      """
      {"file":{"meters":[{"slug":"fresh","unit":"u","value":"one","aggregation":"count"}],
       "plans":[{"plan":"fresh","name":"F","currency":"%s","interval":"month",
         "entitlements":%s,
         "charges":[{"id":"c","name":"C","kind":"metered","meter":"%s",%s}]}]},"publish":true}
      """;

  @TempDir Path directory;

  private HttpTestbed http;
  private BilledCustomers customers;

  @BeforeEach
  void open() {
    http = new HttpTestbed(directory);
    customers = new BilledCustomers(http);
  }

  @AfterEach
  void close() {
    http.close();
  }

  private long rows() throws SQLException {
    long rows = 0;
    for (String table :
        Stream.of(
                "meter",
                "plan",
                "plan_draft",
                "plan_version",
                "subscription",
                "audit_log",
                "outbox_event")
            .toList()) {
      rows += http.world().count("SELECT count(*) FROM " + table);
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          USD | {"models":"all"} | fresh | "dimension":"model","prices":{"a":{"model":"unit","price":"1"}} | price | the default for each model
          USD | {"models":"all"} | fresh | "price":{"model":"volume","tiers":[{"upTo":"10"},{"upTo":"5"},{}]} | tiers[1].upTo | above 10
          USD | {"models":"all"} | fresh | "price":{"model":"volume","tiers":[{"upTo":"10"},{"upTo":"10"},{}]} | tiers[1].upTo | above 10
          USD | {"models":"all"} | none | "price":{"model":"unit","price":"1"} | meter | there is no meter none
          USD | {"models":"all"} | fresh | "minimum":"1.00 EUR","price":{"model":"unit","price":"1"} | minimum | USD
          XXX | {"models":"all"} | fresh | "price":{"model":"unit","price":"1"} | currency | currency
          USD | {"models":"all","quotas":[{"meter":"fresh","limit":"-5","mode":"hard"}]} | fresh | "price":{"model":"unit","price":"1"} | quotas[0].limit | a number from 0
          USD | {"models":"all","rate":{"perSecond":"-1","burst":1}} | fresh | "price":{"model":"unit","price":"1"} | rate.perSecond | a number from 0
          """)
  void plan_thatIsWrong_isRefusedByItsField_andNothingOfTheFileIsThere(
      String currency, String entitlements, String meter, String price, String field, String said)
      throws SQLException {
    long before = rows();
    Reply reply =
        http.send(
            "POST", "/api/v1/plans/import", FILE.formatted(currency, entitlements, meter, price));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).endsWith(field);
    assertThat(reply.body()).contains(said);
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void subscription_inAnotherCurrency_isRefused_andAlsoASwitch() throws SQLException {
    new Customers(http.database(), HttpTestbed.TESTER)
        .create(NewCustomer.of("euro", "E", "EUR", "UTC"));
    long before = rows();
    Reply reply = http.send("POST", SUBSCRIPTIONS, BilledCustomers.start("euro", "pro"));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("currency");
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void period_thatEndsBeforeItBegins_isRefusedByItsField() {
    String usage = "/api/v1/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z";
    assertThat(http.get(usage).json().path("field").asText()).isEqualTo("to");
    Reply grant =
        http.send(
            "POST",
            "/api/v1/quotas/grant",
            "{\"quota\":\"customer/x/calls\",\"amount\":\"1\",\"until\":\"2020-01-01T00:00:00Z\",\"reason\":\"r\"}");
    assertThat(grant.status()).as(grant.body()).isEqualTo(400);
    assertThat(grant.json().path("field").asText()).isEqualTo("until");
  }

  @Test
  void switch_inThePast_isRefused_andChangesNothing() throws SQLException {
    String path = SUBSCRIPTIONS + "/" + customers.subscription("pro");
    long before = rows();
    Instant past = Instant.now().minus(2, ChronoUnit.HOURS);
    Reply reply =
        http.send(
            "POST",
            path + "/changes",
            "{\"act\":\"switch\",\"plan\":\"enterprise\",\"at\":\"%s\"}".formatted(past));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).isEqualTo("at");
    Reply beforeItsStart =
        http.send(
            "POST",
            path + "/changes",
            "{\"act\":\"switch\",\"plan\":\"enterprise\",\"version\":1,\"at\":\"%s\"}"
                .formatted(Instant.now().minus(30, ChronoUnit.MINUTES)));
    assertThat(beforeItsStart.status()).isEqualTo(409);
    assertThat(beforeItsStart.body()).contains("in_the_past");
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void twoSwitches_atOnce_oneIsDoneAndTheOtherIsRefused() throws Exception {
    String path = SUBSCRIPTIONS + "/" + customers.subscription("free") + "/changes";
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Reply>> both =
          Stream.of("pro", "enterprise")
              .map(
                  plan ->
                      threads.submit(
                          (Callable<Reply>)
                              () -> {
                                int unused = together.await(60, TimeUnit.SECONDS);
                                return http.send(
                                    "POST",
                                    path,
                                    "{\"act\":\"switch\",\"plan\":\"%s\",\"revision\":1}"
                                        .formatted(plan));
                              }))
              .toList();
      assertThat(List.of(both.get(0).get().status(), both.get(1).get().status()))
          .containsExactlyInAnyOrder(200, 409);
    } finally {
      threads.shutdownNow();
    }
    assertThat(
            http.world()
                .count(
                    "SELECT count(*) FROM subscription_event WHERE act IN ('upgrade',"
                        + " 'downgrade')"))
        .isEqualTo(1);
  }
}
