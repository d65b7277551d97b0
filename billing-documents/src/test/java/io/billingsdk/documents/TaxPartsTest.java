package io.billingsdk.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxPart;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Taxes that consist of parts, for which EN 16931 has no place. */
@Tag("simulation")
class TaxPartsTest {
  private static final String BOTH =
      """
      "components":[{"name":"GST","percent":"5","tax":"0.01"},
       {"name":"PST","percent":"7","tax":"0.01"}],
      """;
  private static final String OTHER =
      """
      "components":[{"name":"IGST","percent":"12","tax":"1.20"}],
      """;

  /** An invoice over 0.10 with the first taxes, and over 10.00 with the second ones. */
  private static InvoiceDocument read(String first, String second, String sums) {
    return InvoiceReader.read(
        """
        {"format":"billing-invoice/1","kind":"invoice","number":"a-1","issueDate":"2026-12-01",
         "currency":"CAD",
         "seller":{"sellerId":"a","name":"A","address":{"lines":["1 Road"],"city":"Berlin",
          "postalCode":"10115","country":"DE"},"taxIds":[{"type":"eu_vat","value":"DE123456789"}]},
         "customer":{"customerId":"c","name":"C","zone":"UTC",
          "taxPlace":{"country":"CA","region":"BC"},"taxIds":[]},
         "lines":[
          {"name":"Calls","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z","net":"0.10",
           "discount":"0.00","tax":{"category":"S","percent":"12"}}%s],
         "allowances":[],"taxes":[%s],%s}
        """
            .formatted(
                second.isEmpty()
                    ? ""
                    : """
                    ,{"name":"Fee","from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z",
                     "net":"10.00","discount":"0.00","tax":{"category":"S","percent":"12"}}
                    """,
                first + (second.isEmpty() ? "" : "," + second),
                sums));
  }

  private static String tax(String components, String base, String tax) {
    return "{\"category\":\"S\",\"percent\":\"12\",%s\"base\":\"%s\",\"tax\":\"%s\"}"
        .formatted(components, base, tax);
  }

  private static String totals(String net, String tax, String total) {
    return """
    "totals":{"net":"%s","discount":"0.00","taxable":"%s","tax":"%s","total":"%s",
     "prepaid":"0.00","due":"%s"}
    """
        .formatted(net, net, tax, total, total);
  }

  /** 0.005 and 0.007 are a cent each, though 12 per cent of 0.10 are one cent. */
  @Test
  void xml_ofATaxWithParts_hasOneTaxWithTheirSum_andIsValid() {
    InvoiceDocument document = read(tax(BOTH, "0.10", "0.02"), "", totals("0.10", "0.02", "0.12"));
    byte[] ubl = ElectronicInvoice.ubl(document);
    assertThat(En16931.faults(ubl)).isEmpty();
    assertThat(En16931.faults(ElectronicInvoice.cii(document))).isEmpty();
    String text = new String(ubl, StandardCharsets.UTF_8);
    assertThat(text.split("<cac:TaxSubtotal>", -1)).hasSize(2);
    assertThat(text)
        .contains("<cbc:TaxAmount currencyID=\"CAD\">0.02</cbc:TaxAmount>")
        .contains("<cbc:Percent>12</cbc:Percent>")
        .doesNotContain("GST");
  }

  @Test
  void read_ofOneRateWithOtherParts_isOneTax_andItsXmlIsValid() {
    InvoiceDocument document =
        read(
            tax(BOTH, "0.10", "0.02"),
            tax(OTHER, "10.00", "1.20"),
            totals("10.10", "1.22", "11.32"));
    assertThat(document.taxes()).hasSize(1);
    DocumentTax tax = document.taxes().get(0);
    assertThat(tax.base()).isEqualByComparingTo("10.10");
    assertThat(tax.tax()).isEqualByComparingTo("1.22");
    assertThat(tax.parts()).extracting(DocumentTaxPart::name).containsExactly("GST", "PST", "IGST");
    assertThat(En16931.faults(ElectronicInvoice.ubl(document))).isEmpty();
    assertThat(En16931.faults(ElectronicInvoice.cii(document))).isEmpty();
  }

  /** The one without parts becomes one without a name. */
  @Test
  void read_ofOneRateWithAndWithoutParts_keepsBoth() {
    InvoiceDocument document =
        read(tax(BOTH, "0.10", "0.02"), tax("", "10.00", "1.20"), totals("10.10", "1.22", "11.32"));
    assertThat(document.taxes()).hasSize(1);
    DocumentTaxPart plain = document.taxes().get(0).parts().get(2);
    assertThat(plain.name()).isNull();
    assertThat(plain.base()).isEqualByComparingTo("10.00");
    assertThat(plain.tax()).isEqualByComparingTo("1.20");
  }

  @Test
  void xml_ofPartsThatDoNotAddUp_isRefused() {
    InvoiceDocument document = read(tax(BOTH, "0.10", "0.03"), "", totals("0.10", "0.03", "0.13"));
    assertThatThrownBy(() -> ElectronicInvoice.ubl(document))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("taxes.tax is 0.03, expected 0.02");
  }
}
