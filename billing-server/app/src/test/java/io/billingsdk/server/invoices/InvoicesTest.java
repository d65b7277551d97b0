package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a start to invoices, late events and verification, of customers with test clocks. */
@Tag("postgres")
class InvoicesTest {
  private static final Instant IN_MARCH = InvoiceWorld.IN_MARCH;
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-02T00:00:00Z");

  @TempDir Path directory;

  private InvoiceWorld world;

  @BeforeEach
  void start() {
    world = new InvoiceWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void identical(String customer) {
    for (Issued each : world.of(customer)) {
      Verification verification = world.invoices().verify(each.number());
      assertThat(verification.differences()).isEmpty();
      assertThat(verification.result()).isEqualTo(Result.IDENTICAL);
    }
  }

  @Test
  void run_afterAPeriod_issuesTheFirstFeeThenUsageAndTheNextFee() throws Exception {
    world.used("c");
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    world.move("c", APRIL);
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    assertThat(world.run()).isEqualTo(Progress.NONE);

    List<Issued> issued = world.of("c");
    assertThat(issued).extracting(Issued::number).containsExactly("acme~c-000001", "acme~c-000002");
    // 21 of 31 days of 29; 19 per cent.
    assertThat(issued.get(0).net()).isEqualByComparingTo("19.65");
    assertThat(issued.get(0).total()).isEqualByComparingTo("23.38");
    // 100 x 0.05 + 50.5 x 0.013 = 5.6565, and 29 for April.
    assertThat(issued.get(1).net()).isEqualByComparingTo("34.66");
    assertThat(issued.get(1).date()).hasToString("2026-04-02");
    JsonNode line = InvoiceWorld.document(issued.get(1)).at("/lines/0");
    assertThat(line.path("net").asText()).isEqualTo("5.66");
    assertThat(line.at("/detail/quantity").asText()).isEqualTo("150.5");
    assertThat(line.at("/detail/events").asInt()).isEqualTo(1);
    assertThat(line.at("/detail/digest").asText()).hasSize(64);
    identical("c");
  }

  @Test
  void run_withLateUsageAndACorrection_billsTheDeltaAndCreditsTheReduction() throws Exception {
    world.used("c");
    world.move("c", APRIL);
    world.run();
    Instant late = IN_MARCH.plusSeconds(60);
    world.use("c", late, "1000");
    world.move("c", MAY);
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    Issued may = world.of("c").get(2);
    // 5 + 1050.5 x 0.013 = 18.6565, so 13.00 more than the 5.66 of before; and 29 for May.
    assertThat(may.net()).isEqualByComparingTo("42.00");
    JsonNode delta = InvoiceWorld.document(may).at("/lines/2");
    assertThat(delta.path("kind").asText()).isEqualTo("delta");
    assertThat(delta.at("/detail/dueNow").asText()).isEqualTo("18.66");
    assertThat(delta.at("/detail/invoicedBefore").asText()).isEqualTo("5.66");

    world.correct("c", late, "0");
    world.correct("c", IN_MARCH, "10");
    world.move("c", Instant.parse("2026-06-02T00:00:00Z"));
    assertThat(world.run()).isEqualTo(new Progress(1, 2, 0, 0, 0));
    List<Issued> notes =
        world.of("c").stream().filter(each -> each.kind().equals("credit_note")).toList();
    // Down to 0.50: 13.00 of the delta, and 5.16 of the first.
    assertThat(notes)
        .extracting(Issued::net)
        .map(BigDecimal::toPlainString)
        .containsExactly("13.00", "5.16");
    assertThat(notes)
        .extracting(Issued::corrects)
        .containsExactly("acme~c-000003", "acme~c-000002");
    assertThat(notes.get(0).tax()).isEqualByComparingTo("2.47");
    identical("c");
  }

  @Test
  void run_afterACancellation_givesTheRestOfTheFeeBackByACreditNote() throws Exception {
    world.customer("c", "UTC");
    Subscription subscription = world.subscribe("c");
    world.run();
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, "c", IN_MARCH);
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move("c", APRIL);
    assertThat(world.run()).isEqualTo(new Progress(0, 1, 0, 0, 0));
    Issued note = world.of("c").get(1);
    // 9 of 21 days are kept: 19.65 - 8.42.
    assertThat(note.net()).isEqualByComparingTo("11.23");
    assertThat(note.corrects()).isEqualTo("acme~c-000001");
    identical("c");
  }

  @Test
  void run_withACustomerWithoutSeller_stopsThatInvoiceAlone_andNamesTheReason() throws Exception {
    world.used("a");
    world.used("b");
    world.http.world().execute("UPDATE customer SET seller_id = NULL WHERE customer_id = 'a'");
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 1, 0));
    assertThat(world.invoices().failures(new UUID(0, 0), 0, 10))
        .singleElement()
        .satisfies(each -> assertThat(each.reason()).contains("has no seller: set sellerId"));
    world.sell("a");
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
  }

  @Test
  void draft_ofTheRunningPeriod_showsUsageSoFar_andStoresNothing() throws Exception {
    world.used("c");
    JsonNode draft = CanonicalJson.stored(world.invoices().draft("c"));
    assertThat(draft.path("kind").asText()).isEqualTo("draft");
    assertThat(draft.has("number")).isFalse();
    assertThat(draft.at("/totals/net").asText()).isEqualTo("25.31");
    world.run();
    JsonNode later = CanonicalJson.stored(world.invoices().draft("c"));
    assertThat(later.at("/totals/net").asText()).isEqualTo("5.66");
    assertThat(world.of("c")).hasSize(1);
  }

  @Test
  void draft_withAPeriodThatIsNotBilledYet_showsItToo() throws Exception {
    world.used("c");
    world.run();
    world.move("c", APRIL);
    new Spans(world.database).noteAll();
    JsonNode draft = CanonicalJson.stored(world.invoices().draft("c"));
    assertThat(draft.at("/totals/net").asText()).isEqualTo("34.66");
    assertThat(draft.at("/period/to").asText()).isEqualTo("2026-05-01T00:00:00Z");
    world.run();
    draft = CanonicalJson.stored(world.invoices().draft("c"));
    assertThat(draft.at("/totals/net").asText()).isEqualTo("0.00");
  }

  @Test
  void verify_afterOneEventALineOrThePriceWasChanged_namesIt() throws Exception {
    world.used("c");
    world.move("c", APRIL);
    world.run();
    String number = world.of("c").get(1).number();
    owner("UPDATE usage_event SET usage = 151.5", "usage_event");
    assertThat(world.invoices().verify(number).differences())
        .anySatisfy(each -> assertThat(each).contains("lines[1].detail.digest is"))
        .noneSatisfy(each -> assertThat(each).contains("pinned"));
    owner("UPDATE usage_event SET usage = 150.5", "usage_event");
    identical("c");
    owner("UPDATE invoice_line SET net = 28.99 WHERE line = 2", "invoice_line");
    assertThat(world.invoices().verify(number).differences())
        .containsExactly("row of line 2, net is 28.99, but comes to 29.00");
    owner(
        "UPDATE invoice_line SET net = 29.00 WHERE line = 2 AND number = '" + number + "'",
        "invoice_line");
    owner(
        "UPDATE plan_version SET content = replace(content::text, '0.013', '0.014')::json",
        "plan_version");
    assertThat(world.invoices().verify(number).differences())
        .anySatisfy(
            each -> assertThat(each).contains("unitPrice is \"0.013\", but comes to \"0.014\""));
  }

  @Test
  void verify_afterADocumentOrARowWasChanged_namesIt() throws Exception {
    world.used("c");
    world.move("c", APRIL);
    world.run();
    String number = world.of("c").get(1).number();
    String document = world.of("c").get(1).document();
    owner("UPDATE invoice SET document = document || ' '", "invoice");
    assertThat(world.invoices().verify(number).differences())
        .containsExactly("the bytes of the document differ");
    owner("UPDATE invoice SET document = '{'", "invoice");
    assertThat(world.invoices().verify(number).differences())
        .containsExactly("the stored document is no JSON");
    owner("UPDATE invoice SET document = '" + document + "', customer_id = 'd'", "invoice");
    owner("UPDATE invoice SET valid_from = valid_from - interval '1 day'", "invoice");
    owner("UPDATE invoice_line SET kind = 'delta' WHERE line = 1", "invoice_line");
    assertThat(world.invoices().verify(number).differences())
        .containsExactly(
            "customer of the row is d, but comes to c",
            "from of the row is 2026-03-10T12:00:00Z, but comes to 2026-03-11T12:00:00Z",
            "row of line 1, kind is delta, but comes to usage");
  }

  @Test
  void invoice_changedBySql_isRefused() throws Exception {
    world.used("c");
    world.run();
    for (String change :
        List.of(
            "UPDATE invoice SET total = 0",
            "DELETE FROM invoice_line",
            "TRUNCATE invoice CASCADE")) {
      assertThatThrownBy(() -> world.http.world().execute(change))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("issued invoice cannot be changed");
    }
  }

  @Test
  void routes_ofInvoices_showDocumentsAndRuns() throws Exception {
    world.used("c");
    world.run();
    String number = world.of("c").get(0).number();
    String path = "/api/v1/invoices/" + number;
    assertThat(
            world.http.get("/api/v1/invoices?customerId=c").json().at("/items/0/number").asText())
        .isEqualTo(number);
    assertThat(world.http.get(path + "/document").body())
        .isEqualTo(world.of("c").get(0).document());
    assertThat(world.http.get(path + "/lines.csv").body())
        .contains("acme~c-000001,1,advance,metered,1,base,Base,");
    assertThat(world.http.get(path + "/verification").json().path("differences").size()).isZero();
    Reply asked = world.http.send("POST", "/api/v1/invoices/runs", "{}");
    assertThat(asked.status()).isEqualTo(201);
    new InvoiceJob(world.database, InvoiceWorld.TABLE).run();
    Reply run = world.http.get("/api/v1/invoices/runs/" + asked.json().path("runId").asText());
    assertThat(run.json().path("finished").asBoolean()).isTrue();
    assertThat(world.http.get("/api/v1/customers/c/invoices/draft").json().path("kind").asText())
        .isEqualTo("draft");
  }

  /** A change that somebody plants as the owner of the tables, past triggers. */
  private void owner(String change, String table) throws SQLException {
    world.http.world().execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
    world.http.world().execute(change);
    world.http.world().execute("ALTER TABLE " + table + " ENABLE TRIGGER USER");
  }
}
