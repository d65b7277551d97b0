package io.billingsdk.documents.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.NoticeDocument;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mustangproject.validator.ZUGFeRDValidator;

/** Validators and readers of others check the PDF. */
@Tag("simulation")
class PdfATest {
  private static final Map<PaperLanguage, List<String>> EXPECTED =
      Map.of(
          PaperLanguage.EN, List.of("Invoice acme-000042", "Amount due", "1,234,567", "0.001"),
          PaperLanguage.DE, List.of("Rechnung acme-000042", "Zu zahlen", "1.234.567", "0,001"),
          PaperLanguage.ZH_CN, List.of("账单 acme-000042", "应付金额", "2026年12月1日"));

  private final InvoiceDocument invoice = SamplePapers.invoice("北京示例有限公司", "模型调用");

  private static final List<NoticeDocument> NOTICES =
      List.of(SamplePapers.reminder("北京示例有限公司"), SamplePapers.receipt("北京示例有限公司"));

  @TempDir private Path folder;

  @Test
  void papers_inThreeLanguages_areValid() throws Exception {
    FontShelf fonts = TestFonts.withChinese(Files.createDirectory(folder.resolve("f")), "pdfa");
    int facturX = 0;
    int notices = 0;
    try (PdfPrinter printer = new PdfPrinter(fonts)) {
      for (PaperLanguage language : PaperLanguage.values()) {
        for (InvoiceDocument document : List.of(invoice, SamplePapers.creditNote())) {
          String report = report(print(printer, document, language));
          assertThat(report)
              .as("%s of %s", language, document.number())
              .contains("<summary status=\"valid\"/>");
          assertThat(report).doesNotContain("status=\"invalid\"");
          facturX++;
        }
        for (NoticeDocument notice : NOTICES) {
          // It has no XML inside, so the report as a whole is of a PDF that is no invoice.
          assertThat(report(printer.print(notice, PaperTemplate.PLAIN, language)))
              .as("%s of %s", language, notice)
              .contains("isCompliant=true")
              .doesNotContain("isCompliant=false");
          notices++;
        }
      }
    }
    Proof.of("pdfa")
        .with("validator", "mustangproject:2.25.0")
        .with("form", "PDF/A-3b; invoices with Factur-X EN 16931")
        .with("languages", PaperLanguage.values().length)
        .with("documents", facturX + notices)
        .with("invoices-and-credit-notes", facturX)
        .with("reminders-and-receipts", notices)
        .with("valid", facturX + notices)
        .print();
  }

  private String report(byte[] pdf) throws Exception {
    Path file = Files.write(folder.resolve("paper.pdf"), pdf);
    String report = new ZUGFeRDValidator().validate(file.toString());
    return report;
  }

  @Test
  void text_isReadBack_inThreeLanguages() throws Exception {
    FontShelf fonts =
        TestFonts.withChinese(Files.createDirectory(folder.resolve("f")), "pdfa-text");
    requirePdfToText();
    try (PdfPrinter printer = new PdfPrinter(fonts)) {
      for (PaperLanguage language : PaperLanguage.values()) {
        Path file = folder.resolve(language + ".pdf");
        Files.write(file, print(printer, invoice, language));
        String text = pdfToText(file);
        assertThat(text).contains("北京示例有限公司").contains("模型调用").contains("Acme GmbH & Söhne");
        EXPECTED.getOrDefault(language, List.of()).forEach(each -> assertThat(text).contains(each));
      }
    }
    Proof.of("pdfa-text")
        .with("reader", "pdftotext")
        .with("languages", PaperLanguage.values().length)
        .with("names", "Latin,CJK")
        .print();
  }

  @Test
  void bytes_areTheSame_inEachZoneAndLocale() throws Exception {
    FontShelf fonts =
        TestFonts.withChinese(Files.createDirectory(folder.resolve("f")), "pdfa-bytes");
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    List<String> hashes = new ArrayList<>();
    try {
      for (String each :
          List.of("Asia/Kathmandu tr-TR", "Asia/Kathmandu tr-TR", "America/New_York ar-EG")) {
        List<String> place =
            List.of(each.substring(0, each.indexOf(' ')), each.substring(each.indexOf(' ') + 1));
        TimeZone.setDefault(TimeZone.getTimeZone(place.get(0)));
        Locale.setDefault(Locale.forLanguageTag(place.get(1)));
        try (PdfPrinter printer = new PdfPrinter(fonts)) {
          // Each printer prints twice: open fonts must not change what comes later.
          print(printer, SamplePapers.creditNote(), PaperLanguage.EN);
          hashes.add(sha256(print(printer, invoice, PaperLanguage.ZH_CN)));
        }
      }
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
    assertThat(hashes).containsOnly(hashes.get(0));
    Proof.of("pdfa-bytes")
        .with("runs", hashes.size())
        .with("zones", 2)
        .with("locales", 2)
        .with("hashes", hashes.stream().distinct().count())
        .print();
  }

  private static byte[] print(
      PdfPrinter printer, InvoiceDocument document, PaperLanguage language) {
    Optional<byte[]> cii = Optional.of(ElectronicInvoice.cii(document));
    return printer.print(document, cii, PaperTemplate.PLAIN, language);
  }

  private static void requirePdfToText() {
    try {
      new ProcessBuilder("pdftotext", "-v").redirectErrorStream(true).start().waitFor();
    } catch (IOException absent) {
      String why = "there is no pdftotext (Debian: poppler-utils)";
      Proof.skipped("pdfa-text", why);
      Assumptions.abort(why);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static String pdfToText(Path file) throws Exception {
    Process process =
        new ProcessBuilder("pdftotext", "-enc", "UTF-8", "-layout", file.toString(), "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
