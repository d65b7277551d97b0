package io.billingsdk.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Numbers and places that the tax of the lines knows. */
@Tag("simulation")
class TaxedPartiesTest {
  private static ObjectNode withoutIds(String category) {
    ObjectNode json = SampleInvoices.of(category, 0, 18);
    ((ObjectNode) json.get("seller")).putArray("taxIds");
    ObjectNode customer = (ObjectNode) json.get("customer");
    customer.putArray("taxIds");
    customer.remove("taxPlace");
    customer.remove("address");
    return json;
  }

  private static ObjectNode taxed(ObjectNode json, String field, String value) {
    for (JsonNode line : json.get("lines")) {
      ((ObjectNode) line.get("tax")).put(field, value);
    }
    return json;
  }

  @Test
  void numbersOfTheTax_standInTheDocument_whereThePartiesHaveNone() {
    ObjectNode json = withoutIds("AE");
    taxed(json, "sellerTaxId", "FR40303265045");
    taxed(json, "customerTaxId", "IT00743110157");
    taxed(json, "country", "IT");
    taxed(json, "rule", "eu_reverse_charge");
    InvoiceDocument document = InvoiceReader.read(json.toString());
    assertThat(document.customer().country()).isEqualTo("IT");
    byte[] ubl = ElectronicInvoice.ubl(document);
    assertThat(new String(ubl, StandardCharsets.UTF_8))
        .contains("FR40303265045")
        .contains("IT00743110157");
    assertThat(En16931.faults(ubl)).isEmpty();
    assertThat(En16931.faults(ElectronicInvoice.cii(document))).isEmpty();
  }

  @Test
  void numberOfTheTax_isOnceAndFirst_andOthersStay() {
    ObjectNode json = taxed(SampleInvoices.of("S", 0, 18), "sellerTaxId", "DE123456789");
    assertThat(InvoiceReader.read(json.toString()).seller().taxIds())
        .containsExactly(
            new PartyTaxId("vat", "DE123456789"), new PartyTaxId("de_hrb", "HRB 1234"));
    taxed(json, "sellerTaxId", "FR40303265045");
    assertThat(InvoiceReader.read(json.toString()).seller().taxIds())
        .hasSize(3)
        .first()
        .isEqualTo(new PartyTaxId("vat", "FR40303265045"));
  }

  @Test
  void numberOfAState_isNoVatId_andTheCountryOfTheSellersRate_isNotThatOfTheCustomer() {
    ObjectNode json = taxed(withoutIds("S"), "sellerTaxId", "NY-1");
    taxed(json, "country", "DE");
    taxed(json, "rule", "eu_home_rate");
    InvoiceDocument document = InvoiceReader.read(json.toString());
    assertThat(document.seller().taxIds()).isEmpty();
    assertThatThrownBy(() -> ElectronicInvoice.ubl(document))
        .hasMessageContaining("customer.country is missing");
  }
}
