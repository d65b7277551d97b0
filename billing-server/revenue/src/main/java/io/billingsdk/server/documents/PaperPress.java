package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.documents.pdf.PdfPrinter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The printer and the templates of a run, each read when it is first needed. For one thread. */
final class PaperPress implements AutoCloseable {
  private final PaperFolder folder;
  private final Map<String, PaperTemplate> ofSellers = new HashMap<>();
  private final Map<String, PaperTemplate> named = new HashMap<>();
  private @Nullable PdfPrinter printer;

  PaperPress(PaperFolder folder) {
    this.folder = folder;
  }

  PdfPrinter printer() {
    PdfPrinter made = printer;
    if (made == null) {
      made = folder.printer();
      printer = made;
    }
    return made;
  }

  /** The one that a document names; without a name that of its seller. */
  PaperTemplate template(@Nullable String name, String seller) {
    // One that is named has to be there; that of a seller need not.
    return name == null
        ? ofSellers.computeIfAbsent(seller, folder::ofSeller)
        : named.computeIfAbsent(name, folder::named);
  }

  @Override
  public void close() {
    if (printer != null) {
      printer.close();
    }
  }
}
