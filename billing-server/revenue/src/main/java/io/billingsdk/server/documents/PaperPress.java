package io.billingsdk.server.documents;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.FontShelf;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.documents.pdf.PdfPrinter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The printer and the templates of a run, each read when it is first needed. For one thread. */
final class PaperPress implements AutoCloseable {
  private final PaperFolder folder;
  private final Map<String, PaperTemplate> templates = new HashMap<>();
  private @Nullable PdfPrinter printer;

  PaperPress(PaperFolder folder) {
    this.folder = folder;
  }

  PdfPrinter printer() {
    PdfPrinter made = printer;
    if (made == null) {
      made = opened();
      printer = made;
    }
    return made;
  }

  private PdfPrinter opened() {
    FontShelf fonts = folder.fonts();
    try {
      return new PdfPrinter(fonts);
    } catch (LinkageError absent) {
      // The library that lays out pages is no part of billing.jar.
      throw new DocumentException(
          "the library openhtmltopdf is not there; lay lib/openhtmltopdf-core.jar and"
              + " lib/openhtmltopdf-pdfbox.jar of the release beside billing.jar, and restart",
          absent);
    }
  }

  /** The one that a document names; without a name that of its seller. */
  PaperTemplate template(@Nullable String name, String seller) {
    return name == null
        ? templates.computeIfAbsent(seller, folder::ofSeller)
        : templates.computeIfAbsent(name, folder::named);
  }

  @Override
  public void close() {
    if (printer != null) {
      printer.close();
    }
  }
}
