package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import io.billingsdk.server.tax.TaxIdCheck.CheckAnswer;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An office and a provider of taxes, both played by the test. */
@Tag("postgres")
class TaxHooksTest {
  private static final Instant JUNE = Instant.parse("2025-06-01T00:00:00Z");
  private static final LocalDate DAY = LocalDate.of(2025, 6, 30);

  @TempDir Path directory;

  @Test
  void check_ofATaxId_isPendingUntilTheOfficeAnswers_andDecides() throws Exception {
    AtomicReference<CheckAnswer> answer = new AtomicReference<>(CheckAnswer.UNAVAILABLE);
    List<String> asked = new ArrayList<>();
    TaxIdCheck office =
        (prefix, number) -> {
          asked.add(prefix + " " + number);
          return Objects.requireNonNull(answer.get());
        };
    try (TaxWorld world = new TaxWorld(directory, new TaxHooks(office, null))) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2025-01-01");
      world.customer("gr", "fr", "EUR", "GR", null, JUNE);
      Taxes taxes = new Taxes(world.database, TaxWorld.TESTER, world.tax.calculator(), true);
      var unused =
          taxes.set(
              "gr",
              new CustomerTax(
                  LocalDate.of(2025, 1, 1),
                  TaxPlaces.read("place", "GR", null),
                  "GR 094259216",
                  Supply.DIGITAL,
                  null,
                  null));
      assertThat(tax(world)).isEqualTo("AE pending");
      ask(world);
      assertThat(tax(world)).isEqualTo("AE pending");
      answer.set(CheckAnswer.INVALID);
      // What is not known is asked for some minutes later.
      ask(world);
      assertThat(asked).containsExactly("EL 094259216");
      world.http.world().execute("UPDATE tax_id_check SET next_at = now()");
      ask(world);
      assertThat(tax(world)).isEqualTo("S invalid");
      assertThat(asked).hasSize(2);
    }
  }

  private static void ask(TaxWorld world) throws Exception {
    assertThat(world.tax.jobs()).hasSize(1);
    world.tax.jobs().get(0).run();
  }

  private static String tax(TaxWorld world) {
    JsonNode tax = world.get("/customers/gr/tax/" + DAY);
    return tax.path("category").asText() + " " + tax.path("taxIdStatus").asText();
  }

  @Test
  void provider_inPlaceOfTheRules_isPinned_andAFaultOfItStopsTheInvoice() {
    AtomicBoolean isAway = new AtomicBoolean(true);
    TaxProvider provider =
        (seller, customer, day) -> {
          if (isAway.get()) {
            throw new IllegalStateException("no connection");
          }
          return new Taxation(
              TaxRate.of("S", "7.5"),
              new TaxGrounds(
                  day, "CA", "BC", "provider", "answer 17", null, null, null, null, null));
        };
    try (TaxWorld world = new TaxWorld(directory, new TaxHooks(null, provider))) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2025-01-01");
      world.plan("eur", "EUR", "29", "0.01", JUNE.minusSeconds(1));
      world.customer("c", "fr", "EUR", "CA", null, JUNE);
      world.subscribe("c", "eur");
      world.bill("c");
      assertThat(world.documents("c")).isEmpty();
      assertThat(world.failure("c"))
          .contains("the tax provider does not say which tax the customer c has on 2025-06-01")
          .contains("no connection");
      isAway.set(false);
      world.bill("c");
      isAway.set(true);
      JsonNode document = world.documents("c").get(0);
      assertThat(document.at("/lines/0/tax/source").asText()).isEqualTo("answer 17");
      assertThat(document.at("/totals/tax").asText()).isEqualTo("2.18");
      world.verify("c");
    }
  }

  @Test
  void rates_ofALaterEdition_countForNewDocuments_andIssuedOnesKeepTheirs() {
    try (TaxWorld world = new TaxWorld(directory)) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2025-01-01");
      world.plan("eur", "EUR", "29", "0.01", JUNE.minusSeconds(1));
      assertThat(percent(world, "a")).isEqualTo("20");
      Reply imported =
          world.file(
              "/tax/rates",
              """
              edition,2027-01-01
              country,region,percent,valid_from,valid_to,source
              FR,,33,2014-01-01,,invented
              """);
      assertThat(imported.status()).as(imported.body()).isEqualTo(200);
      assertThat(world.get("/customers/a/tax/2025-06-30").path("percent").asText()).isEqualTo("33");
      assertThat(percent(world, "b")).isEqualTo("33");
      world.verify("a");
      world.verify("b");
    }
  }

  private static String percent(TaxWorld world, String customer) {
    world.customer(customer, "fr", "EUR", "FR", null, JUNE);
    world.subscribe(customer, "eur");
    world.bill(customer);
    return world.documents(customer).get(0).at("/lines/0/tax/percent").asText();
  }
}
