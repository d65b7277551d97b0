package io.billingsdk.documents.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.NoticeDocument.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("simulation")
class PdfPrinterTest {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private final InvoiceDocument invoice = SamplePapers.invoice("Example Ltd", "Calls");

  @TempDir private Path folder;

  @Test
  void character_thatNoFontHas_isRefusedByNameAndPlace() {
    InvoiceDocument chinese = SamplePapers.invoice("Example Ltd", "模型调用");
    assertThatThrownBy(() -> print(chinese, PaperTemplate.PLAIN))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("no font has the character")
        .hasMessageContaining("(U+578B) of lines[0].name")
        .hasMessageContaining("LiberationSans-Regular.ttf");
  }

  @Test
  void fontFile_thatIsNoFont_isRefusedByItsName() throws Exception {
    Files.writeString(folder.resolve("bad.ttf"), "no font");
    assertThatThrownBy(() -> FontShelf.of(folder))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("bad.ttf");
  }

  @Test
  void fontFolder_thatIsAbsent_isRefused() {
    assertThatThrownBy(() -> FontShelf.of(folder.resolve("none")))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("cannot read the folder of fonts");
  }

  @Test
  void template_withLogoAndTexts_isUsed() throws Exception {
    Files.write(folder.resolve("logo.png"), java.util.Base64.getDecoder().decode(PIXEL));
    Files.writeString(folder.resolve("texts_en.properties"), "invoice=Tax invoice\nfooter=Bank: 1");
    Files.writeString(folder.resolve("style.css"), "h1 { color: #003366; }");
    String text = text(print(invoice, PaperTemplate.read(folder)));
    assertThat(text).contains("Tax invoice acme-000042").contains("Bank: 1");
  }

  @Test
  void template_withUnknownText_isRefusedByItsKey() throws Exception {
    Files.writeString(folder.resolve("texts_de.properties"), "Rechnung=x");
    assertThatThrownBy(() -> PaperTemplate.read(folder))
        .hasMessageContaining("has the key Rechnung, expected one of")
        .hasMessageContaining("texts_de.properties");
  }

  @Test
  void template_withALogoOfAnotherKind_isRefused() throws Exception {
    Files.writeString(folder.resolve("logo.png"), "<svg/>");
    assertThatThrownBy(() -> PaperTemplate.read(folder)).hasMessageContaining("is no picture");
  }

  @Test
  void template_withABrokenLogo_isRefused() throws Exception {
    Files.write(folder.resolve("logo.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    assertThatThrownBy(() -> PaperTemplate.read(folder)).hasMessageContaining("logo.png is broken");
  }

  @Test
  void style_thatIsMalformed_isRefusedWithTheFault() throws Exception {
    Files.writeString(folder.resolve("style.css"), "h1 { color: #zz; } } td {");
    assertThatThrownBy(() -> print(invoice, PaperTemplate.read(folder)))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("style.css of the template");
  }

  @Test
  void style_thatReachesOutside_readsNothing() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.css"), "h1 { display: none; }");
    Files.writeString(
        folder.resolve("style.css"),
        "body { background: url('"
            + secret.toUri()
            + "'); } h1 { background: url('http://127.0.0.1:1/x'); }");
    byte[] pdf = print(invoice, PaperTemplate.read(folder));
    assertThat(text(pdf)).contains("Invoice acme-000042");
  }

  @Test
  void name_withMarkup_isText() throws Exception {
    InvoiceDocument document = SamplePapers.invoice("<b>A & B</b>", "${x} <script>");
    assertThat(text(print(document, PaperTemplate.PLAIN)))
        .contains("<b>A & B</b>")
        .contains("${x} <script>");
  }

  @Test
  void creditNote_namesTheInvoiceThatItCorrects() throws Exception {
    String text = text(print(SamplePapers.creditNote(), PaperTemplate.PLAIN));
    assertThat(text)
        .contains("Credit note acme-000043")
        .contains("acme-000042, of 2026-12-01")
        .contains("Amount given back")
        .contains("12.30 USD");
  }

  /** The whole tax is in the sums; a row of its own would count twice. */
  @Test
  void tax_withComponents_hasARowForEach() throws Exception {
    String text = text(print(SamplePapers.canadian(), PaperTemplate.PLAIN));
    assertThat(text.lines().map(String::trim))
        .contains("GST 5 % 1,033.33 51.67", "PST 7 % 1,033.33 72.33")
        .noneMatch(line -> line.startsWith("S 12 %"));
    assertThat(text).contains("12 %").contains("124.00 CAD");
  }

  @Test
  void reminderAndReceipt_sayTheAmount() throws Exception {
    try (PdfPrinter printer = new PdfPrinter(FontShelf.builtIn())) {
      assertThat(
              text(
                  printer.print(
                      SamplePapers.reminder("Example Ltd"), PaperTemplate.PLAIN, PaperLanguage.DE)))
          .contains("Zahlungserinnerung acme-000042")
          .contains("Diese Rechnung ist noch offen")
          .contains("RF18539007547034")
          .contains("1.000,00 EUR");
      assertThat(
              text(
                  printer.print(
                      SamplePapers.receipt("Example Ltd"), PaperTemplate.PLAIN, PaperLanguage.EN)))
          .contains("Receipt pay_1")
          .contains("Bank transfer")
          .contains("acme-000042 1,000.00 EUR")
          .contains("Kept for you 200.00 EUR")
          .contains("Amount received 1,200.00 EUR");
    }
  }

  @ParameterizedTest
  @CsvSource({"stripe,Stripe", "paypal,PayPal", "sandbox,Sandbox", "cash,cash"})
  void receipt_saysHowTheMoneyCame(String method, String said) throws Exception {
    Receipt receipt = (Receipt) SamplePapers.receipt("Example Ltd");
    Receipt other =
        new Receipt(receipt.head(), method, receipt.amount(), receipt.settled(), receipt.kept());
    for (PaperLanguage language : List.of(PaperLanguage.EN, PaperLanguage.DE)) {
      try (PdfPrinter printer = new PdfPrinter(FontShelf.builtIn())) {
        assertThat(text(printer.print(other, PaperTemplate.PLAIN, language))).contains(said);
      }
    }
  }

  private static byte[] print(InvoiceDocument document, PaperTemplate template) {
    try (PdfPrinter printer = new PdfPrinter(FontShelf.builtIn())) {
      return printer.print(document, Optional.empty(), template, PaperLanguage.EN);
    }
  }

  private static String text(byte[] pdf) throws Exception {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      return new PDFTextStripper().getText(document);
    }
  }
}
