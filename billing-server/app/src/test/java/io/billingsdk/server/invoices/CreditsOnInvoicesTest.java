package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.Coupons;
import io.billingsdk.server.credits.Coupons.NewCoupon;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.credits.CreditsFeature;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coupons and credits, from the gift to the document, its ledger and its verification. */
@Tag("postgres")
class CreditsOnInvoicesTest {
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-02T00:00:00Z");

  @TempDir Path directory;

  private InvoiceWorld world;
  private Credits credits;
  private Coupons coupons;

  @BeforeEach
  void start() {
    world = new InvoiceWorld(directory);
    credits = new Credits(world.database, InvoiceWorld.TESTER);
    coupons = new Coupons(world.database, InvoiceWorld.TESTER);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private UUID credit(CreditKind kind, String amount, int priority, @Nullable String expires) {
    return credits.give(
        new NewCredit(
            "c",
            kind,
            CreditSource.OPERATOR,
            Money.parse(amount + " EUR"),
            priority,
            expires == null ? null : Instant.parse(expires),
            null,
            "welcome"));
  }

  private void coupon(String id, Discount discount, @Nullable Integer invoices) {
    coupons.create(new NewCoupon(id, id, discount, invoices, Instant.EPOCH, null));
    var unused = coupons.give(id, "c", null);
  }

  private void identical() {
    for (Issued each : world.of("c")) {
      Verification verification = world.invoices().verify(each.number());
      assertThat(verification.differences()).as(each.number()).isEmpty();
      assertThat(verification.result()).isEqualTo(Result.IDENTICAL);
    }
  }

  private JsonNode ledger(UUID credit) {
    return world.http.get("/api/v1/credits/" + credit).json();
  }

  @Test
  void run_withCouponAndCredits_takesThemInTheirOrder_andVerifies() throws Exception {
    world.used("c");
    coupon("TEN", Discount.percent("10"), 1);
    UUID promotional = credit(CreditKind.PROMOTIONAL, "5", 100, null);
    UUID prepaid = credit(CreditKind.PREPAID, "4", 100, null);
    world.run();
    Issued first = world.of("c").get(0);
    JsonNode document = InvoiceWorld.document(first);
    // 19.65 less 1.97 of the coupon, less 5.00: 12.68, and 19 per cent of it are 2.41.
    assertThat(document.at("/allowances/0/couponId").asText()).isEqualTo("TEN");
    assertThat(document.at("/allowances/0/amount").asText()).isEqualTo("1.97");
    assertThat(document.at("/allowances/0/taxes/0/amount").asText()).isEqualTo("1.97");
    assertThat(document.at("/allowances/1/creditId").asText()).isEqualTo(promotional.toString());
    assertThat(document.at("/lines/0/discount").asText()).isEqualTo("6.97");
    assertThat(document.at("/totals/taxable").asText()).isEqualTo("12.68");
    assertThat(document.at("/totals/total").asText()).isEqualTo("15.09");
    assertThat(document.at("/payments/0/kind").asText()).isEqualTo("prepaid_credit");
    assertThat(document.at("/totals/prepaid").asText()).isEqualTo("4.00");
    assertThat(document.at("/totals/due").asText()).isEqualTo("11.09");
    JsonNode burn = ledger(prepaid).at("/movements/1");
    assertThat(burn.path("document").asText()).isEqualTo(first.number());
    assertThat(burn.path("change").asText()).isEqualTo("-4.00");
    world.move("c", APRIL);
    world.run();
    // Once is once, and nothing is left of the others.
    assertThat(world.of("c").get(1).discount()).isEqualByComparingTo("0");
    identical();
  }

  @Test
  void run_withGrantsOfSeveralPriorities_burnsTheLowerNumberThenTheEarlierExpiry()
      throws Exception {
    world.used("c");
    UUID late = credit(CreditKind.PREPAID, "10", 1, "2026-09-01T00:00:00Z");
    UUID soon = credit(CreditKind.PREPAID, "10", 1, "2026-06-01T00:00:00Z");
    UUID first = credit(CreditKind.PREPAID, "2", 0, null);
    UUID last = credit(CreditKind.PREPAID, "10", 2, "2026-05-01T00:00:00Z");
    world.run();
    // 23.38: 2, 10, 10, 1.38.
    assertThat(ledger(first).at("/credit/remaining").asText()).isEqualTo("0.00");
    assertThat(ledger(soon).at("/credit/remaining").asText()).isEqualTo("0.00");
    assertThat(ledger(late).at("/credit/remaining").asText()).isEqualTo("0.00");
    assertThat(ledger(last).at("/credit/remaining").asText()).isEqualTo("8.62");
    assertThat(world.of("c").get(0).state()).isEqualTo("paid");
    world.move("c", MAY);
    world.run();
    // It expired with April: it paid for April's invoice at the end of March, not for May's.
    assertThat(ledger(last).at("/credit/remaining").asText()).isEqualTo("0.00");
    identical();
  }

  @Test
  void run_withCreditThatExpired_leavesIt_andTheJobWritesItOff() throws Exception {
    world.used("c");
    world.run();
    UUID expired = credit(CreditKind.PREPAID, "10", 1, "2026-03-31T00:00:00Z");
    world.move("c", APRIL);
    world.run();
    assertThat(world.of("c")).allSatisfy(e -> assertThat(e.prepaid()).isEqualByComparingTo("0"));
    world.move("c", MAY);
    new CreditsFeature(world.database).jobs().get(0).run();
    assertThat(ledger(expired).at("/movements/1/kind").asText()).isEqualTo("expire");
    assertThat(ledger(expired).at("/credit/remaining").asText()).isEqualTo("0.00");
  }

  @Test
  void creditNote_ofAnOperator_staysWithinTheLine_isVerified_andUsageIsNotBilledAgain()
      throws Exception {
    world.used("c");
    coupon("TEN", Discount.percent("10"), null);
    world.run();
    world.move("c", APRIL);
    world.run();
    String number = world.of("c").get(1).number();
    String path = "/api/v1/invoices/" + number + "/credit-notes";
    String body = "{\"lines\":[{\"line\":%d,\"amount\":\"%s\"}],\"reason\":\"goodwill\"}";
    assertThat(world.http.send("POST", path, body.formatted(1, "5.67")).body())
        .contains("lines[0].amount", "at most 5.66 EUR");
    assertThat(world.http.send("POST", path, body.formatted(9, "1")).body())
        .contains("lines[0].line");
    JsonNode note = world.http.send("POST", path, body.formatted(1, "5.00")).json();
    // Half a euro of the discount is not credited: 4.50, and 19 per cent.
    assertThat(note.path("kind").asText()).isEqualTo("credit_note");
    assertThat(note.path("total").asText()).isEqualTo("5.36");
    assertThat(world.http.send("POST", path, body.formatted(1, "0.67")).status()).isEqualTo(400);
    Issued corrected = world.invoices().require(number);
    assertThat(corrected.open()).isEqualByComparingTo(corrected.due().subtract(note("5.36")));
    world.move("c", MAY);
    world.run();
    assertThat(InvoiceWorld.document(world.of("c").get(3)).path("lines"))
        .noneSatisfy(line -> assertThat(line.path("kind").asText()).isEqualTo("delta"));
    world.correct("c", InvoiceWorld.IN_MARCH, "0");
    world.move("c", Instant.parse("2026-06-02T00:00:00Z"));
    world.run();
    // 0.66 is left of the line.
    assertThat(world.of("c"))
        .filteredOn(each -> each.kind().equals("credit_note"))
        .last()
        .satisfies(each -> assertThat(each.net()).isEqualByComparingTo("0.66"));
    identical();
  }

  private static BigDecimal note(String amount) {
    return new BigDecimal(amount);
  }

  @Test
  void voidInvoice_givesBackWhatItUsed_keepsTheNumber_andIsVerified() throws Exception {
    world.used("c");
    coupon("TEN", Discount.percent("10"), 1);
    UUID prepaid = credit(CreditKind.PREPAID, "4", 100, null);
    world.run();
    String number = world.of("c").get(0).number();
    new InvoiceStates(world.database, InvoiceWorld.TESTER)
        .pay(number, Money.parse("6.00 EUR"), "pay_1");
    assertThat(world.invoices().require(number).state()).isEqualTo("partly_paid");
    String path = "/api/v1/invoices/" + number + "/void";
    JsonNode document = world.http.send("POST", path, "{\"reason\":\"wrong plan\"}").json();
    assertThat(document.path("kind").asText()).isEqualTo("void");
    assertThat(document.path("corrects").asText()).isEqualTo(number);
    assertThat(ledger(prepaid).at("/credit/remaining").asText()).isEqualTo("4.00");
    assertThat(ledger(prepaid).at("/movements/2/kind").asText()).isEqualTo("return");
    assertThat(credits.balance("c", "EUR")).hasToString("10.00 EUR");
    assertThat(world.invoices().require(number).state()).isEqualTo("void");
    assertThat(world.http.get("/api/v1/customers/c/coupons").json().at("/items/0/uses").asInt())
        .isZero();
    assertThat(world.http.send("POST", path, "{\"reason\":\"again\"}").status()).isEqualTo(409);
    identical();
  }

  @Test
  void run_ofTwoServersAtOnce_usesACreditOnce() throws Exception {
    world.used("c");
    UUID prepaid = credit(CreditKind.PREPAID, "30", 100, null);
    new Spans(world.database).noteAll();
    world.move("c", APRIL);
    new Spans(world.database).noteAll();
    List<Thread> servers =
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          try {
                            var unused = world.timed();
                          } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                          }
                        }))
            .toList();
    servers.forEach(Thread::start);
    for (Thread each : servers) {
      each.join();
    }
    world.run();
    List<Issued> issued = world.of("c");
    assertThat(issued).hasSize(2);
    assertThat(issued.get(0).prepaid().add(issued.get(1).prepaid())).isEqualByComparingTo("30");
    assertThat(ledger(prepaid).path("movements").size()).isEqualTo(3);
    identical();
  }

  @Test
  void ledger_changedBySql_isRefused() throws Exception {
    world.used("c");
    UUID id = credit(CreditKind.PREPAID, "30", 100, null);
    for (String change :
        List.of(
            "UPDATE credit_movement SET change = 31",
            "DELETE FROM credit_movement",
            "UPDATE credit_grant SET remaining = 29",
            "UPDATE credit_grant SET remaining = 31, amount = 31",
            "INSERT INTO credit_movement (credit_id, ordinal, kind, before, change, remaining,"
                + " document, actor, at) VALUES ('"
                + id
                + "', 2, 'burn', 29, -1, 28, 'x', 'x', now())")) {
      assertThatThrownBy(() -> world.http.world().execute(change))
          .as(change)
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void states_ofAnInvoice_followPaymentsReturnsAndTheirEnd() throws Exception {
    world.used("c");
    world.run();
    String number = world.of("c").get(0).number();
    InvoiceStates states = new InvoiceStates(world.database, InvoiceWorld.TESTER);
    assertThat(states.of(number).state().text()).isEqualTo("issued");
    assertThat(states.pay(number, Money.parse("3.38 EUR"), "p1").state().text())
        .isEqualTo("partly_paid");
    assertThat(states.pastDue(number).state().text()).isEqualTo("past_due");
    assertThat(states.uncollectible(number, "gone").state().text()).isEqualTo("uncollectible");
    assertThat(states.pay(number, Money.parse("30.00 EUR"), "p2").state().text()).isEqualTo("paid");
    assertThat(credits.balance("c", "EUR")).hasToString("10.00 EUR");
    assertThat(states.returnPayment(number, Money.parse("23.38 EUR"), "p2").state().text())
        .isEqualTo("issued");
    assertThatThrownBy(() -> states.returnPayment(number, Money.parse("0.01 EUR"), "p2"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("at most 0.00 EUR");
    assertThatThrownBy(() -> states.pay(number, Money.parse("1.00 USD"), "p3"))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("EUR, the currency of");
    assertThat(
            world
                .http
                .world()
                .count("SELECT count(*) FROM outbox_event WHERE kind = 'invoice.state_changed'"))
        .isEqualTo(5);
  }

  @Test
  void closing_thirtyDaysAfterACancellation_billsWhatCameLate_onceItIsEnough() throws Exception {
    Subscription subscription = world.used("c");
    world.run();
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, "c", InvoiceWorld.IN_MARCH);
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move("c", APRIL);
    world.run();
    int before = world.of("c").size();
    world.use("c", InvoiceWorld.IN_MARCH.minusSeconds(60), "1000");
    world.run();
    assertThat(world.of("c")).hasSize(before);
    world.move("c", Instant.parse("2026-04-20T00:00:00Z"));
    world.run();
    List<Issued> issued = world.of("c");
    assertThat(issued).hasSize(before + 1);
    JsonNode lines = InvoiceWorld.document(issued.get(before)).path("lines");
    assertThat(lines.at("/0/kind").asText()).isEqualTo("delta");
    assertThat(lines.at("/0/net").asText()).isEqualTo("16.70");
    identical();
  }

  @Test
  void closing_withLessThanTheThreshold_billsNothing_andKeepsTheAmount() throws Exception {
    Subscription subscription = world.used("c");
    world.run();
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, "c", InvoiceWorld.IN_MARCH);
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move("c", APRIL);
    world.run();
    int before = world.of("c").size();
    world.use("c", InvoiceWorld.IN_MARCH.minusSeconds(60), "9");
    world.move("c", MAY);
    world.run();
    assertThat(world.of("c")).hasSize(before);
    assertThat(
            world
                .http
                .world()
                .count(
                    "SELECT (100 * waived)::bigint FROM invoice_span" + " WHERE kind = 'closing'"))
        .isEqualTo(45);
  }

  @Test
  void run_withACreditThatNoInvoiceHas_keepsItAsAccountCredit_andGoesOn() throws Exception {
    world.customer("c", "UTC");
    Subscription subscription = world.subscribe("c");
    new Spans(world.database).noteAll();
    // As if the fee had been due before the first start.
    world.http.world().execute("UPDATE invoice_span SET state = 'empty'");
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, "c", InvoiceWorld.IN_MARCH);
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move("c", APRIL);
    assertThat(world.run().failed()).isZero();
    assertThat(world.of("c")).isEmpty();
    // 11.23 of the fee, and 19 per cent.
    assertThat(credits.balance("c", "EUR")).hasToString("13.36 EUR");
    world.move("c", MAY);
    world.run();
    assertThat(credits.balance("c", "EUR")).hasToString("13.36 EUR");
  }

  @Test
  void requests_withBadFields_areRefusedWithTheField() throws Exception {
    world.used("c");
    String give = "/api/v1/customers/c/credits";
    String body =
        "{\"kind\":\"%s\",\"amount\":%s,\"currency\":\"%s\",\"reason\":\"r\",\"expiresAt\":\"%s\"}";
    String later = "2026-12-01T00:00:00Z";
    refused(give, body.formatted("prepaid", "-1", "EUR", later), "amount");
    refused(give, body.formatted("prepaid", "1.001", "EUR", later), "amount");
    refused(give, body.formatted("prepaid", "1", "USD", later), "currency");
    refused(give, body.formatted("account", "1", "EUR", later), "kind");
    refused(give, body.formatted("prepaid", "1", "EUR", "2026-03-01T00:00:00Z"), "expiresAt");
    String rolling =
        "{\"kind\":\"%s\",\"amount\":5,\"currency\":\"EUR\",\"reason\":\"r\",\"rollover\":%s}";
    refused(give, rolling.formatted("promotional", "{\"most\":1}"), "rollover");
    refused(give, rolling.formatted("prepaid", "{}"), "rollover.most");
    refused(give, rolling.formatted("prepaid", "{\"most\":5.01}"), "rollover.most");
    refused(give, rolling.formatted("prepaid", "{\"most\":1,\"least\":2}"), "rollover.least");
    refused(give, rolling.formatted("prepaid", "{\"most\":1,\"least\":-1}"), "rollover.least");
    refused(give, rolling.formatted("prepaid", "{\"most\":1,\"min\":1}"), "rollover.min");
    refused(
        give,
        rolling.formatted("prepaid", "{\"most\":1,\"keepOverage\":1}"),
        "rollover.keepOverage");
    String coupon = "{\"couponId\":\"%s\",\"name\":\"n\",%s}";
    refused("/api/v1/coupons", coupon.formatted("a", "\"percent\":101"), "percent");
    refused("/api/v1/coupons", coupon.formatted("a", "\"amount\":1"), "currency");
    refused(
        "/api/v1/coupons",
        coupon.formatted("a", "\"percent\":1,\"validTo\":\"2020-01-01T00:00:00Z\""),
        "validTo");
    String usd = coupon.formatted("USD1", "\"amount\":1,\"currency\":\"USD\"");
    assertThat(world.http.send("POST", "/api/v1/coupons", usd).status()).isEqualTo(201);
    refused("/api/v1/customers/c/coupons", "{\"couponId\":\"USD1\"}", "couponId");
  }

  private void refused(String path, String body, String field) {
    Reply reply = world.http.send("POST", path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
  }
}
