package io.billingsdk.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ElectronicRulesTest {
  @Test
  void currency_withThreeDecimals_isRefusedWithTheWayOut() {
    refused("S", json -> json.put("currency", "KWD"))
        .hasMessageContaining("currency is KWD with 3 decimals")
        .hasMessageContaining("JSON and PDF only");
  }

  @Test
  void currency_unknown_isRefused() {
    refused("S", json -> json.put("currency", "XYZ")).hasMessageContaining("ISO 4217");
  }

  @Test
  void customer_withoutCountry_isRefusedByItsId() {
    refused("S", json -> ((ObjectNode) json.get("customer")).remove("taxPlace"))
        .hasMessageContaining("customer.country is missing")
        .hasMessageContaining("c0");
  }

  @Test
  void reverseCharge_withoutVatIdOfTheCustomer_isRefused() {
    refused("AE", json -> ((ObjectNode) json.get("customer")).remove("taxIds"))
        .hasMessageContaining("customer.taxIds has no VAT id");
  }

  @Test
  void seller_withoutVatId_isRefusedForATax() {
    refused("S", json -> ((ObjectNode) json.get("seller")).remove("taxIds"))
        .hasMessageContaining("seller.taxIds has no VAT id");
  }

  @Test
  void categoryO_besideAnother_isRefused() {
    refused(
            "O",
            json ->
                ((ArrayNode) json.get("taxes"))
                    .addObject()
                    .put("category", "Z")
                    .put("base", "0")
                    .put("tax", "0"))
        .hasMessageContaining("category O beside others");
  }

  @Test
  void category_unknown_isRefusedByItsField() {
    refused("S", json -> ((ObjectNode) json.at("/taxes/0")).put("category", "Q"))
        .hasMessageContaining("taxes[0].category is Q");
  }

  @Test
  void sums_thatDisagree_areRefused() {
    refused("S", json -> ((ObjectNode) json.get("totals")).put("net", "1.00"))
        .hasMessageContaining("totals.net is 1.00, expected");
  }

  @Test
  void amount_thatIsANumber_isRefusedByItsPath() {
    refused("S", json -> ((ObjectNode) json.at("/lines/0")).put("net", 1))
        .hasMessageContaining("lines[0].net of the invoice is missing or malformed");
  }

  @Test
  void name_withAControlCharacter_isRefusedByTheCharacter() {
    refused("S", json -> ((ObjectNode) json.get("customer")).put("name", "a\u0001b"))
        .hasMessageContaining("U+0001");
  }

  @Test
  void lines_none_areRefused() {
    refused(
            "O",
            json -> {
              json.putArray("lines");
              json.putArray("taxes");
            })
        .hasMessageContaining("lines is empty");
  }

  @Test
  void document_withoutLaterFields_isRead() {
    ObjectNode json = SampleInvoices.of("O", 0, 1);
    json.remove("allowances");
    ((ObjectNode) json.get("customer")).remove("zone");
    String ubl =
        new String(
            ElectronicInvoice.ubl(InvoiceReader.read(json.toString())), StandardCharsets.UTF_8);
    assertThat(ubl).contains("VATEX-EU-O").doesNotContain("PartyTaxScheme");
  }

  @Test
  void reasonOfTheDocument_goesBeforeTheDefault() {
    ObjectNode json = SampleInvoices.of("E", 0, 1);
    for (var tax : json.get("taxes")) {
      ((ObjectNode) tax).put("reasonCode", "VATEX-EU-132").put("reason", "Education");
    }
    String cii =
        new String(
            ElectronicInvoice.cii(InvoiceReader.read(json.toString())), StandardCharsets.UTF_8);
    assertThat(cii).contains("VATEX-EU-132").contains("Education");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
      String category, Consumer<ObjectNode> change) {
    ObjectNode json = SampleInvoices.of(category, 0, 18);
    change.accept(json);
    return assertThatThrownBy(() -> ElectronicInvoice.ubl(InvoiceReader.read(json.toString())))
        .isInstanceOf(DocumentException.class);
  }
}
