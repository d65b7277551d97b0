package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxPart;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseCustomer;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseLine;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents whose taxes consist of components. */
@Tag("postgres")
class TaxComponentsTest {
  private static final String BOTH = "GST:5;PST:7";

  @TempDir Path directory;

  private MoneyCaseWorld world;

  @BeforeEach
  void start() {
    world = new MoneyCaseWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void creditNotes_overComponents_giveEachOfThemBackExactly() throws Exception {
    long seed = Long.getLong("tax.seed", System.nanoTime());
    Random random = new Random(seed);
    CaseCustomer customer = world.customer("CAD");
    List<CaseLine> lines = new ArrayList<>();
    for (String tax : List.of(BOTH, BOTH, BOTH, "IGST:12", "12")) {
      BigDecimal amount = BigDecimal.valueOf(100 + random.nextInt(9_900), 2);
      lines.add(CaseLine.of(amount.toPlainString(), tax));
    }
    Issued invoice = world.bill(customer, lines);
    Map<String, BigDecimal> left = new TreeMap<>();
    add(left, invoice, BigDecimal.ONE);
    assertThat(left.keySet()).containsExactly("12", "GST 5", "IGST 12", "PST 7");
    List<Issued> documents = new ArrayList<>(List.of(invoice));
    for (int i = 0; i < 5; i++) {
      String note = world.notes().credit(invoice.number(), parts(invoice, i), "part " + i);
      documents.add(world.world.invoices().require(note));
      add(left, documents.get(i + 1), BigDecimal.ONE.negate());
    }
    assertThat(left.values()).as("seed %d", seed).allMatch(each -> each.signum() == 0);
    for (Issued each : documents) {
      assertThat(world.world.invoices().verify(each.number()).differences()).isEmpty();
      assertThat(differences(InvoiceWorld.document(each))).as(each.document()).isEmpty();
    }
    Proof.of("tax-component-notes")
        .with("credit_notes", documents.size() - 1)
        .with("components", left.size())
        .with("left_over", 0)
        .with("seed", seed)
        .print();
  }

  /** A fifth of each line with a part of a cent off, and at last the rest. */
  private static List<PartOfLine> parts(Issued invoice, int note) {
    List<PartOfLine> parts = new ArrayList<>();
    for (JsonNode line : BillingCasesThroughInvoicesTest.charged(invoice)) {
      BigDecimal net = new BigDecimal(line.path("net").asText());
      BigDecimal fifth = net.divideToIntegralValue(new BigDecimal("0.05")).movePointLeft(2);
      BigDecimal amount = note < 4 ? fifth : net.subtract(fifth.multiply(BigDecimal.valueOf(4)));
      parts.add(new PartOfLine(line.path("line").asInt(), amount));
    }
    return parts;
  }

  /** Adds the taxes of a document, each component by its name. */
  private static void add(Map<String, BigDecimal> sums, Issued document, BigDecimal sign) {
    for (JsonNode group : InvoiceWorld.document(document).path("taxes")) {
      if (!group.has("components")) {
        sums.merge(group.path("percent").asText(), tax(group).multiply(sign), BigDecimal::add);
      }
      for (JsonNode part : group.path("components")) {
        String name = part.path("name").asText() + " " + part.path("percent").asText();
        sums.merge(name, tax(part).multiply(sign), BigDecimal::add);
      }
    }
  }

  private static BigDecimal tax(JsonNode node) {
    return new BigDecimal(node.path("tax").asText());
  }

  private static List<String> differences(JsonNode document) {
    List<String> differences = new ArrayList<>();
    SumCheck.check(document, differences);
    return differences;
  }

  @Test
  void documents_withOtherComponentsThanTheirSums_areNamed() throws Exception {
    Issued invoice = world.bill(world.customer("CAD"), List.of(CaseLine.of("33.33", BOTH)));
    // 1.6665 and 2.3331, each rounded by itself.
    assertThat(invoice.tax()).isEqualByComparingTo("4.00");
    ObjectNode document = (ObjectNode) InvoiceWorld.document(invoice);
    assertThat(differences(document)).isEmpty();
    ((ObjectNode) document.at("/taxes/0/components/1")).put("tax", "2.34");
    assertThat(differences(document)).anyMatch(each -> each.startsWith("totals: tax PST is 2.34"));
    ((ObjectNode) document.at("/taxes/0/components/1")).put("percent", "8");
    assertThat(differences(document))
        .anyMatch(each -> each.contains("components must be in sum 12"));
  }

  @Test
  void document_withOneRateOfDifferentComponents_isOneTaxForElectronicInvoices() throws Exception {
    Issued invoice =
        world.bill(
            world.customer("INR"),
            List.of(CaseLine.of("10.50", "CGST:9;SGST:9"), CaseLine.of("20.00", "IGST:18")));
    assertThat(InvoiceWorld.document(invoice).path("taxes")).hasSize(2);
    List<DocumentTax> taxes = InvoiceReader.read(invoice.document()).taxes();
    assertThat(taxes).hasSize(1);
    // 0.945 twice, each rounded up, and 3.60.
    assertThat(taxes.get(0).tax()).isEqualByComparingTo("5.50");
    assertThat(taxes.get(0).parts())
        .extracting(DocumentTaxPart::name)
        .containsExactly("CGST", "SGST", "IGST");
  }

  @Test
  void document_withoutComponents_saysNothingOfThem() throws Exception {
    Issued invoice = world.bill(world.customer("EUR"), List.of(CaseLine.of("10.00", "19")));
    assertThat(invoice.document()).doesNotContain("components");
  }

  @Test
  void rows_whoseComponentsDoNotAddUp_areRefusedByTheDatabase() throws Exception {
    Issued invoice = world.bill(world.customer("CAD"), List.of(CaseLine.of("100.00", BOTH)));
    for (String components :
        List.of(
            "[{\"name\":\"A\",\"percent\":\"20\",\"tax\":\"11.99\"}]",
            "[{\"name\":\"A\",\"percent\":\"19\",\"tax\":\"12\"}]",
            "[]")) {
      assertThatThrownBy(
              () ->
                  world
                      .world
                      .http
                      .world()
                      .execute(
                          "INSERT INTO invoice_tax VALUES ('%s', 'S', 20, 60, 12, '%s')"
                              .formatted(invoice.number(), components)))
          .isInstanceOfSatisfying(
              SQLException.class, each -> assertThat(each.getSQLState()).isEqualTo("23514"));
    }
  }
}
