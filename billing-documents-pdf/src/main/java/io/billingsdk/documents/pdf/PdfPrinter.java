package io.billingsdk.documents.pdf;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder.PdfAConformance;
import com.openhtmltopdf.util.Diagnostic;
import com.openhtmltopdf.util.XRLog;
import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.NoticeDocument;
import io.billingsdk.documents.NoticeDocument.NoticeHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.w3c.dom.Document;

/**
 * Prints documents as PDF/A-3b. It keeps fonts open, so one printer for many documents is faster
 * than one for each. For one thread at a time.
 */
public final class PdfPrinter implements AutoCloseable {
  private static final byte[] COLORS = SrgbProfile.bytes();

  static {
    // It would say a line for each font of each document; faults come as diagnostics.
    XRLog.setLoggerImpl(new Silence());
  }

  private final FontShelf shelf;
  private final Map<ShelfFont, TrueTypeFont> open = new HashMap<>();

  /** With these fonts. */
  public PdfPrinter(FontShelf shelf) {
    this.shelf = shelf;
  }

  /** Which version of this printer, with which fonts: the same makes the same bytes. */
  public String version() {
    return PdfMetadata.PRODUCER + ", fonts " + shelf.digest();
  }

  /**
   * Prints an invoice or credit note.
   *
   * @param cii its XML, which is laid into the file as Factur-X; empty where there is none
   */
  public byte[] print(
      InvoiceDocument document,
      Optional<byte[]> cii,
      PaperTemplate template,
      PaperLanguage language) {
    PaperPage page = new PageMaker(document, template, language).page();
    PdfMetadata metadata =
        new PdfMetadata(page.title(), page.title(), document.issued(), document.seller().name());
    return printed(PageHtml.of(page), template, metadata, cii);
  }

  /** Prints a reminder or a receipt. */
  public byte[] print(NoticeDocument notice, PaperTemplate template, PaperLanguage language) {
    PaperPage page = NoticePage.of(notice, template, language);
    NoticeHead head = notice.head();
    // An invoice has a reminder on each of several days.
    String id = page.title() + " " + head.on();
    PdfMetadata metadata = new PdfMetadata(page.title(), id, head.on(), head.seller().name());
    return printed(PageHtml.of(page), template, metadata, Optional.empty());
  }

  /** Prints a report of a month. */
  public byte[] print(UsageReport report, PaperTemplate template, PaperLanguage language) {
    ReportPage page = new ReportPageMaker(report, template, language).page();
    String id = page.title() + " " + report.customerId();
    PdfMetadata metadata = new PdfMetadata(page.title(), id, report.to(), report.seller());
    return printed(PageHtml.of(page), template, metadata, Optional.empty());
  }

  /**
   * Prints a report whose words its maker has chosen.
   *
   * @param day of the report
   */
  public byte[] print(ReportPage page, LocalDate day, PaperTemplate template) {
    String id = page.title() + " " + page.customer() + " " + day;
    PdfMetadata metadata = new PdfMetadata(page.title(), id, day, "");
    return printed(PageHtml.of(page), template, metadata, Optional.empty());
  }

  private byte[] printed(
      Document html, PaperTemplate template, PdfMetadata metadata, Optional<byte[]> cii) {
    List<ShelfFont> fonts = shelf.of(GlyphCheck.families(html, shelf));
    PageHtml.style(html, FontShelf.css(fonts), template.style());
    try (PDDocument pdf = new PDDocument()) {
      layout(pdf, html, fonts);
      metadata.write(pdf, cii.isPresent() ? FacturX.XMP : "");
      if (cii.isPresent()) {
        FacturX.embed(pdf, cii.get(), metadata.day());
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      pdf.save(bytes, CompressParameters.NO_COMPRESSION);
      return bytes.toByteArray();
    } catch (IOException | RuntimeException fault) {
      throw fault instanceof DocumentException said
          ? said
          : new DocumentException(
              "the page «"
                  + metadata.title()
                  + "» cannot be laid out ("
                  + fault
                  + "); check style.css and the logo of the template",
              fault);
    }
  }

  private void layout(PDDocument pdf, Document html, List<ShelfFont> fonts) throws IOException {
    PdfRendererBuilder builder =
        new PdfRendererBuilder()
            .usePDDocument(pdf)
            .withW3cDocument(html, "")
            .usePdfAConformance(PdfAConformance.PDFA_3_B)
            .useColorProfile(COLORS)
            .withProducer(PdfMetadata.PRODUCER);
    // A style of a template must not reach into the network or the disk.
    builder.useExternalResourceAccessControl(
        (uri, type) -> uri.startsWith("data:"),
        ExternalResourceControlPriority.RUN_BEFORE_RESOLVING_URI);
    builder.useExternalResourceAccessControl(
        (uri, type) -> uri.startsWith("data:"),
        ExternalResourceControlPriority.RUN_AFTER_RESOLVING_URI);
    for (ShelfFont font : fonts) {
      builder.useFont(
          new PDFontSupplier(load(pdf, font)),
          font.family(),
          font.weight(),
          font.isItalic() ? FontStyle.ITALIC : FontStyle.NORMAL,
          /* subset= */ true);
    }
    List<String> faults = new ArrayList<>();
    builder.withDiagnosticConsumer(each -> styleFault(each).ifPresent(faults::add));
    try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
      renderer.createPDFKeepOpen();
    }
    if (!faults.isEmpty()) {
      throw new DocumentException("style.css of the template is malformed: " + faults.get(0));
    }
  }

  private static Optional<String> styleFault(Diagnostic said) {
    boolean isStyle = said.getLogMessageId().getWhere().equals(XRLog.CSS_PARSE);
    return isStyle && said.getLevel().intValue() >= Level.WARNING.intValue()
        ? Optional.of(said.getFormattedMessage())
        : Optional.empty();
  }

  private PDFont load(PDDocument pdf, ShelfFont font) {
    try {
      return PDType0Font.load(
          pdf, open.computeIfAbsent(font, ShelfFont::open), /* embedSubset= */ true);
    } catch (IOException refused) {
      throw new DocumentException(
          "the font "
              + font.name()
              + " cannot be embedded; remove the file from the folder of fonts",
          refused);
    }
  }

  @Override
  public void close() {
    List<IOException> faults = new ArrayList<>();
    for (TrueTypeFont font : open.values()) {
      try {
        font.close();
      } catch (IOException inMemory) {
        faults.add(inMemory);
      }
    }
    open.clear();
    if (!faults.isEmpty()) {
      throw new IllegalStateException(faults.get(0));
    }
  }
}
