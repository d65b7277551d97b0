package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each category of taxes: from what a customer is to its document, its XML, and its return. */
@Tag("postgres")
class TaxCategoriesTest {
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  /** The tax data of a customer, and the category, rate, rule and code of its document. */
  private static final Map<String, String> CUSTOMERS = new LinkedHashMap<>();

  static {
    CUSTOMERS.put("\"country\":\"FR\"", "S 20 domestic");
    CUSTOMERS.put("\"country\":\"AT\"", "S 20 oss");
    CUSTOMERS.put("\"country\":\"US\",\"region\":\"NY\"", "S 4 us_state");
    CUSTOMERS.put(
        "\"country\":\"FR\",\"exemption\":{\"category\":\"Z\",\"reason\":\"Zero rate\"}",
        "Z 0 exemption");
    CUSTOMERS.put(
        "\"country\":\"FR\",\"exemption\":{\"category\":\"E\",\"code\":\"VATEX-EU-132\","
            + "\"reason\":\"A school\"}",
        "E 0 exemption VATEX-EU-132");
    CUSTOMERS.put(
        "\"country\":\"IT\",\"taxId\":\"IT00743110157\"", "AE 0 eu_reverse_charge VATEX-EU-AE");
    CUSTOMERS.put(
        "\"country\":\"IT\",\"taxId\":\"IT00743110157\",\"supply\":\"goods\"",
        "K 0 eu_goods VATEX-EU-IC");
    CUSTOMERS.put("\"country\":\"CH\",\"supply\":\"goods\"", "G 0 export VATEX-EU-G");
    CUSTOMERS.put("\"country\":\"CH\"", "O 0 abroad VATEX-EU-O");
    CUSTOMERS.put("\"country\":\"US\",\"region\":\"TX\"", "O 0 us_no_nexus VATEX-EU-O");
    CUSTOMERS.put("\"country\":\"GB\",\"taxId\":\"GB980780684\"", "O 0 business_abroad VATEX-EU-O");
  }

  @TempDir Path directory;

  @Test
  void documents_ofEachCategory_sayWhyTheyHaveIt_andAreInTheReturn() {
    try (TaxWorld world = new TaxWorld(directory)) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2026-01-01");
      world.register("fr", "oss", "FR", "FR40303265045", "2026-01-01");
      registerInNewYork(world);
      world.plan("eur", "EUR", "29", "0.01", JUNE.minusSeconds(1));
      List<String> found = new ArrayList<>();
      TreeSet<String> categories = new TreeSet<>();
      int number = 0;
      for (String data : CUSTOMERS.keySet()) {
        JsonNode document = billed(world, "c" + ++number, data);
        found.add(shown(document));
        String category = document.at("/taxes/0/category").asText();
        categories.add(category);
        if (found.get(number - 1).endsWith("us_state")) {
          // EN 16931 knows no sales tax: a rate needs a VAT id of the seller.
          assertThatThrownBy(() -> ubl(document)).hasMessageContaining("no VAT id");
        } else {
          assertThat(ubl(document)).contains("<cbc:ID>" + category + "</cbc:ID>");
        }
      }
      assertThat(found).containsExactlyElementsOf(CUSTOMERS.values());
      JsonNode rows = world.get("/tax/returns?sellerId=fr&testClocks=true&month=2026-06");
      assertThat(new TreeSet<>(rows.path("items").findValuesAsText("category")))
          .isEqualTo(categories);
      Proof.of("tax-categories")
          .with("customers", found.size())
          .with("categories", String.join(",", categories))
          .print();
      assertThat(categories).containsExactly("AE", "E", "G", "K", "O", "S", "Z");
    }
  }

  private static void registerInNewYork(TaxWorld world) {
    Reply made =
        world.send(
            "POST",
            "/sellers/fr/tax-registrations",
            """
            {"scheme":"sales_tax","country":"US","region":"NY","number":"NY-1",
             "validFrom":"2026-01-01"}
            """);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
  }

  private static JsonNode billed(TaxWorld world, String customer, String data) {
    world.customer(customer, "fr", "EUR", null, null, JUNE);
    Reply set =
        world.send(
            "PUT",
            "/customers/" + customer + "/tax",
            "{\"validFrom\":\"2026-01-01\"," + data + "}");
    assertThat(set.status()).as(set.body()).isEqualTo(200);
    world.subscribe(customer, "eur");
    world.bill(customer);
    List<JsonNode> documents = world.documents(customer);
    assertThat(documents).as(world.failure(customer)).hasSize(1);
    world.verify(customer);
    return documents.get(0);
  }

  private static String shown(JsonNode document) {
    JsonNode tax = document.at("/lines/0/tax");
    return String.join(
            " ",
            tax.path("category").asText(),
            tax.path("percent").asText(),
            tax.path("rule").asText(),
            tax.path("reasonCode").asText())
        .trim();
  }

  private static String ubl(JsonNode document) {
    return new String(
        ElectronicInvoice.ubl(InvoiceReader.read(document.toString())), StandardCharsets.UTF_8);
  }
}
