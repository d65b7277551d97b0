package io.billingsdk.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules of EN 16931, as somebody else wrote them, check the XML. */
@Tag("simulation")
class ElectronicInvoiceTest {
  private static final int EACH = Integer.getInteger("en16931.documents", 20);
  private static final long SEED = Long.getLong("seed", 18);

  /** A change of a document, and the rule that it breaks. */
  private record Damage(
      String rule, boolean isUbl, String category, int index, String from, String to) {
    byte[] done() {
      InvoiceDocument document = document(category, index);
      byte[] xml = isUbl ? ElectronicInvoice.ubl(document) : ElectronicInvoice.cii(document);
      String text = new String(xml, StandardCharsets.UTF_8);
      String damaged = text.replaceFirst(from, to);
      assertThat(damaged).as("the damage for %s", rule).isNotEqualTo(text);
      return damaged.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void documents_ofEachCategoryAndSyntax_areValid() {
    Map<TaxCategory, Integer> ubl = new EnumMap<>(TaxCategory.class);
    Map<TaxCategory, Integer> cii = new EnumMap<>(TaxCategory.class);
    List<String> faults = new ArrayList<>();
    int creditNotes = 0;
    for (TaxCategory category : TaxCategory.values()) {
      for (int i = 0; i < EACH; i++) {
        ObjectNode json = SampleInvoices.of(category.name(), i, SEED);
        InvoiceDocument document = InvoiceReader.read(json.toString());
        List<String> ofUbl = En16931.faults(ElectronicInvoice.ubl(document));
        List<String> ofCii = En16931.faults(ElectronicInvoice.cii(document));
        ofUbl.forEach(each -> faults.add("UBL " + category + " " + json + ": " + each));
        ofCii.forEach(each -> faults.add("CII " + category + " " + json + ": " + each));
        boolean hasIt =
            document.taxes().stream().anyMatch(each -> each.rate().category() == category);
        ubl.merge(category, hasIt && ofUbl.isEmpty() ? 1 : 0, Integer::sum);
        cii.merge(category, hasIt && ofCii.isEmpty() ? 1 : 0, Integer::sum);
        creditNotes += document.corrects() == null ? 0 : 1;
      }
    }
    Proof.of("en16931")
        .with("rules", "phive-rules-en16931:4.3.7 (1.3.16)")
        .with("valid-ubl", shown(ubl))
        .with("valid-cii", shown(cii))
        .with("credit-notes", creditNotes)
        .with("faults", faults.size())
        .with("seed", SEED)
        .print();
    assertThat(faults).as("of seed %d", SEED).isEmpty();
    assertThat(ubl).hasSize(TaxCategory.values().length);
    assertThat(ubl.values()).allMatch(each -> each == EACH);
    assertThat(cii).isEqualTo(ubl);
  }

  private static String shown(Map<TaxCategory, Integer> valid) {
    List<String> each = new ArrayList<>();
    valid.forEach((category, count) -> each.add(category + ":" + count));
    return String.join(",", each);
  }

  @Test
  void documents_damaged_areRefusedByTheRules() {
    List<String> refused = new ArrayList<>();
    for (Damage damage : damages()) {
      List<String> faults = En16931.faults(damage.done());
      assertThat(faults).as("%s", damage).anyMatch(each -> each.contains(damage.rule()));
      refused.add(damage.rule());
    }
    Proof.of("en16931-broken")
        .with("broken", damages().size())
        .with("refused", refused.size())
        .with("rules", String.join(",", refused))
        .print();
  }

  private static List<Damage> damages() {
    return List.of(
        ubl("BR-01", "S", "<cbc:CustomizationID>[^<]*</cbc:CustomizationID>", ""),
        ubl("BR-05", "S", "<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>"),
        ubl("BR-CL-01", "S", ">380<", ">999<"),
        ubl("BR-CO-10", "S", "(<cbc:LineExtensionAmount[^>]*>)", "$19"),
        ubl("BR-CO-13", "S", "(<cbc:TaxExclusiveAmount[^>]*>)", "$19"),
        ubl("BR-CO-14", "S", "(<cac:TaxTotal><cbc:TaxAmount[^>]*>)", "$19"),
        ubl("BR-CO-15", "S", "(<cbc:TaxInclusiveAmount[^>]*>)", "$19"),
        ubl("BR-CO-16", "S", "(<cbc:PayableAmount[^>]*>)", "$19"),
        ubl("BR-CO-09", "S", "<cbc:CompanyID>DE123", "<cbc:CompanyID>123"),
        ubl("BR-11", "S", "(AccountingCustomerParty>.*?)<cac:Country>.*?</cac:Country>", "$1"),
        ubl("BR-S-08", "S", "(<cbc:TaxableAmount[^>]*>)", "$19"),
        ubl("BR-AE-10", "AE", "<cbc:TaxExemptionReasonCode>.*?</cbc:TaxExemptionReason>", ""),
        ubl("BR-E-05", "E", "(ClassifiedTaxCategory><cbc:ID>E</cbc:ID><cbc:Percent>)0", "$17"),
        ubl(
            "BR-O-05",
            "O",
            "(ClassifiedTaxCategory><cbc:ID>O</cbc:ID>)",
            "$1<cbc:Percent>0</cbc:Percent>"),
        ubl("BR-IC-12", "K", "<cac:Delivery>.*?</cac:Delivery>", ""),
        ubl("BR-27", "S", "(<cbc:PriceAmount[^>]*>)", "$1-"),
        cii("BR-02", "S", "(<rsm:ExchangedDocument>)<ram:ID>[^<]*</ram:ID>", "$1<ram:ID></ram:ID>"),
        cii("BR-CO-10", "S", "(LineMonetarySummation><ram:LineTotalAmount>)", "$19"),
        cii("BR-CO-15", "S", "(<ram:GrandTotalAmount>)", "$19"),
        ubl("BR-29", "S", "(<cac:InvoicePeriod>.*?<cbc:EndDate>)2026", "$12025"),
        cii("BR-30", "S", "(<ram:EndDateTime><udt:DateTimeString[^>]*>)2026", "$12025"),
        cii(
            "BR-G-10",
            "G",
            "<ram:ExemptionReason>[^<]*</ram:ExemptionReason>(.*?)<ram:ExemptionReasonCode>[^<]*</ram:ExemptionReasonCode>",
            "$1"),
        cii(
            "BR-Z-02",
            "Z",
            "(SellerTradeParty>.*?)<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>",
            "$1"),
        cii(
            "BR-AE-02",
            "AE",
            "(BuyerTradeParty>.*?)<ram:SpecifiedTaxRegistration>.*?</ram:SpecifiedTaxRegistration>",
            "$1"));
  }

  private static Damage ubl(String rule, String category, String from, String to) {
    return new Damage(rule, /* isUbl= */ true, category, 0, from, to);
  }

  private static Damage cii(String rule, String category, String from, String to) {
    return new Damage(rule, /* isUbl= */ false, category, 0, from, to);
  }

  private static InvoiceDocument document(String category, int index) {
    return InvoiceReader.read(SampleInvoices.of(category, index, SEED).toString());
  }
}
