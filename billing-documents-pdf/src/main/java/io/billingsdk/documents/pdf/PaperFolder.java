package io.billingsdk.documents.pdf;

import io.billingsdk.documents.DocumentException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The fonts and templates of a server: {@code fonts}, {@code templates/NAME}.
 *
 * @param folder that has both; it may be absent
 */
public record PaperFolder(Path folder) {
  /** Those of the folder; without it the built-in one. */
  public FontShelf fonts() {
    Path fonts = folder.resolve("fonts");
    return Files.isDirectory(fonts) ? FontShelf.of(fonts) : FontShelf.builtIn();
  }

  /**
   * A printer with these fonts.
   *
   * @throws DocumentException when the library that lays out pages is not there: it is no part of
   *     {@code billing.jar}
   */
  public PdfPrinter printer() {
    FontShelf fonts = fonts();
    try {
      return new PdfPrinter(fonts);
    } catch (LinkageError absent) {
      throw new DocumentException(
          "the library openhtmltopdf is not there; lay lib/openhtmltopdf-core.jar and"
              + " lib/openhtmltopdf-pdfbox.jar of the release beside billing.jar, and restart",
          absent);
    }
  }

  /** That with the id of a seller; without it the standard one. */
  public PaperTemplate ofSeller(String seller) {
    Path template = template(seller);
    return isThere(template) ? PaperTemplate.read(template) : PaperTemplate.PLAIN;
  }

  /** That of a setting; refuses one that is not there, since another would look wrong. */
  public PaperTemplate named(String name) {
    Path template = template(name);
    if (!isThere(template)) {
      throw new DocumentException(
          "the template "
              + name
              + " of the billing settings is not there; create the folder "
              + template
              + ", or set another template");
    }
    return PaperTemplate.read(template);
  }

  private Path template(String name) {
    return folder.resolve("templates").resolve(name).normalize();
  }

  private boolean isThere(Path template) {
    Path templates = folder.resolve("templates").normalize();
    // An id may be two dots, which must not reach another folder.
    boolean isInside = template.startsWith(templates) && !template.equals(templates);
    return isInside && Files.isDirectory(template);
  }
}
