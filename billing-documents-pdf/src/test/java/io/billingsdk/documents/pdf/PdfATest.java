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

  private record Place(String zone, String locale) {}

  /** The second run has the place of the first one. */
  private static final List<Place> PLACES =
      List.of(
          new Place("Asia/Kathmandu", "tr-TR"),
          new Place("Asia/Kathmandu", "tr-TR"),
          new Place("America/New_York", "ar-EG"));

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

  /** So that a document which says that it is valid is not believed. */
  @Test
  void papers_damaged_areRefusedByTheValidator() throws Exception {
    FontShelf fonts = TestFonts.withChinese(Files.createDirectory(folder.resolve("f")), "pdfa");
    int refused = 0;
    Map<String, String> damages =
        Map.of(
            "/OutputIntents", "/OutputIntentz",
            "<pdfaid:conformance>B", "<pdfaid:conformance>Z",
            "/AFRelationship", "/AFRelationshiq");
    try (PdfPrinter printer = new PdfPrinter(fonts)) {
      String pdf =
          new String(print(printer, invoice, PaperLanguage.EN), StandardCharsets.ISO_8859_1);
      for (Map.Entry<String, String> damage : damages.entrySet()) {
        String damaged = pdf.replace(damage.getKey(), damage.getValue());
        assertThat(damaged).as("the damage of %s", damage.getKey()).isNotEqualTo(pdf);
        String report = report(damaged.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(report)
            .as("%s: %s", damage.getKey(), report)
            .containsAnyOf("isCompliant=false", "<summary status=\"invalid\"/>");
        refused++;
      }
    }
    Proof.of("pdfa-broken").with("broken", damages.size()).with("refused", refused).print();
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
    List<List<String>> hashes = new ArrayList<>();
    try {
      for (Place place : PLACES) {
        TimeZone.setDefault(TimeZone.getTimeZone(place.zone()));
        Locale.setDefault(Locale.forLanguageTag(place.locale()));
        try (PdfPrinter printer = new PdfPrinter(fonts)) {
          hashes.add(hashes(printer));
        }
      }
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
    Proof.of("pdfa-bytes")
        .with("runs", hashes.size())
        .with("zones", PLACES.stream().map(Place::zone).distinct().count())
        .with("locales", PLACES.stream().map(Place::locale).distinct().count())
        .with("documents", hashes.get(0).stream().distinct().count())
        .with("differences", hashes.stream().distinct().count() - 1)
        .print();
    assertThat(hashes).containsOnly(hashes.get(0));
  }

  /** All kinds in all languages by one printer: open fonts must not change what comes later. */
  private List<String> hashes(PdfPrinter printer) throws Exception {
    List<String> hashes = new ArrayList<>();
    for (PaperLanguage language : PaperLanguage.values()) {
      hashes.add(sha256(print(printer, SamplePapers.creditNote(), language)));
      hashes.add(sha256(print(printer, invoice, language)));
      for (NoticeDocument notice : NOTICES) {
        hashes.add(sha256(printer.print(notice, PaperTemplate.PLAIN, language)));
      }
    }
    return hashes;
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
