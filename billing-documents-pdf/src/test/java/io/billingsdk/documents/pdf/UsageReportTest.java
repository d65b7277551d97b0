package io.billingsdk.documents.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.UsageReport.CostLine;
import io.billingsdk.documents.pdf.UsageReport.ModelLine;
import io.billingsdk.documents.pdf.UsageReport.RefusalLine;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("simulation")
class UsageReportTest {
  private static UsageReport report(String customer, List<ModelLine> models, boolean over) {
    return new UsageReport(
        "Example Ltd",
        "acme",
        customer,
        LocalDate.of(2026, 11, 1),
        LocalDate.of(2026, 11, 30),
        "Asia/Kathmandu",
        over,
        "USD",
        new BigDecimal("1234567"),
        models,
        List.of(new RefusalLine("QUOTA", BigDecimal.valueOf(7))),
        List.of(
            new CostLine("advance", "Base", "pro v1", new BigDecimal("30.00")),
            new CostLine("credit", "Base", "pro v1", new BigDecimal("-2.50"))),
        new BigDecimal("27.50"));
  }

  private static String text(UsageReport report, PaperLanguage language) throws Exception {
    try (PDDocument pdf = Loader.loadPDF(pdf(report, language))) {
      return new PDFTextStripper().getText(pdf).replaceAll("\\s+", " ");
    }
  }

  private static byte[] pdf(UsageReport report, PaperLanguage language) {
    try (PdfPrinter printer = new PdfPrinter(FontShelf.builtIn())) {
      return printer.print(report, PaperTemplate.PLAIN, language);
    }
  }

  private static ModelLine model(String name) {
    return new ModelLine(name, BigDecimal.TEN, new BigDecimal("2.5"));
  }

  @Test
  void report_hasCallsModelsRefusalsAndCosts() throws Exception {
    String text = text(report("Acme <b>", List.of(model("llama & co")), true), PaperLanguage.EN);

    assertThat(text)
        .contains("Acme <b>")
        .contains("Usage report 2026-11")
        .contains("2026-11-01 – 2026-11-30")
        .contains("Asia/Kathmandu")
        .contains("Calls 1,234,567")
        .contains("llama & co 10 2.5")
        .contains("QUOTA 7")
        .contains("Base Fee in advance pro v1 30.00 USD")
        .contains("Base Credit pro v1 -2.50 USD")
        .contains("Total 27.50 USD")
        .doesNotContain("not over");
    assertThat(text(report("Acme", List.of(), false), PaperLanguage.DE))
        .contains("Nutzungsbericht 2026-11")
        .contains("27,50 USD")
        .contains("Der Monat ist nicht vorbei");
  }

  @Test
  void report_ofManyModels_hasThemAll_onSeveralPages() throws Exception {
    List<ModelLine> models = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      models.add(model("model-" + i));
    }
    byte[] bytes = pdf(report("Acme", models, true), PaperLanguage.EN);
    try (PDDocument pdf = Loader.loadPDF(bytes)) {
      assertThat(pdf.getNumberOfPages()).isGreaterThan(2);
      String text = new PDFTextStripper().getText(pdf);
      models.forEach(each -> assertThat(text).contains(each.model() + " "));
    }
    assertThat(pdf(report("Acme", models, true), PaperLanguage.EN)).isEqualTo(bytes);
  }

  @Test
  void character_thatNoFontHas_isRefusedByItsPlace() {
    UsageReport chinese = report("Acme", List.of(model("llama"), model("通义")), true);

    assertThatThrownBy(() -> pdf(chinese, PaperLanguage.EN))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("of models[1]");
  }
}
