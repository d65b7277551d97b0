package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.customers.BillingSettings;
import io.billingsdk.server.customers.BillingSettingsBook;
import io.billingsdk.server.customers.SellerSettings;
import io.billingsdk.server.customers.SellerSettings.BankAccount;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An invoice has the settings of its issue, and is made again with them. */
@Tag("postgres")
class PinnedSettingsTest {
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

  private void set(String customer, String legalName, @Nullable String series) {
    new BillingSettingsBook(world.database, InvoiceWorld.TESTER)
        .changeCustomer(
            customer,
            old ->
                new BillingSettings(
                    legalName, null, List.of("a@b.example"), null, series, null, "plain"));
  }

  private void verified(String customer) {
    for (Issued each : world.of(customer)) {
      assertThat(world.invoices().verify(each.number()).differences()).isEmpty();
    }
  }

  @Test
  void invoice_afterAChangeOfSettings_keepsTheValuesOfItsIssue() throws Exception {
    new BillingSettingsBook(world.database, InvoiceWorld.TESTER)
        .changeSeller(
            "acme",
            old ->
                new SellerSettings(
                    new BankAccount("Acme", "DE89370400440532013000", null), 14, null));
    world.used("c");
    set("c", "First Ltd", null);
    world.run();
    set("c", "Second Ltd", null);
    world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
    world.run();
    List<JsonNode> documents = world.of("c").stream().map(InvoiceWorld::document).toList();
    assertThat(documents)
        .extracting(each -> each.at("/customer/legalName").asText())
        .containsExactly("First Ltd", "Second Ltd");
    assertThat(documents.get(0).at("/customer/emails/0").asText()).isEqualTo("a@b.example");
    assertThat(documents.get(0).at("/seller/bank/iban").asText()).startsWith("DE89");
    // Two weeks, the terms of the seller, since the customer has none.
    assertThat(documents.get(1).path("dueDate").asText()).isEqualTo("2026-04-16");
    verified("c");
  }

  @Test
  void number_ofACustomerWithASeriesOfItsOwn_beginsThere_andTheOthersHaveNoGap() throws Exception {
    world.plain();
    set("plain", "Plain Ltd", "EU");
    world.run();
    assertThat(world.of("plain")).extracting(Issued::number).containsExactly("acme+EU-000001");
    assertThat(world.of("plain").get(0).date())
        .isBeforeOrEqualTo(LocalDate.now(java.time.ZoneOffset.UTC).plusDays(1));
    verified("plain");
    assertThat(world.http.get("/api/v1/invoices/acme+EU-000001").status()).isEqualTo(200);
  }
}
