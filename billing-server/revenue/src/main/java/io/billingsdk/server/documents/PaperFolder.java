package io.billingsdk.server.documents;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.pdf.FontShelf;
import io.billingsdk.documents.pdf.PaperTemplate;
import java.nio.file.Files;
import java.nio.file.Path;

/** The fonts and templates of this server: {@code fonts}, {@code templates/NAME}. */
record PaperFolder(Path folder) {
  /** Those of the folder; without it the built-in one. */
  FontShelf fonts() {
    Path fonts = folder.resolve("fonts");
    return Files.isDirectory(fonts) ? FontShelf.of(fonts) : FontShelf.builtIn();
  }

  /** That with the id of a seller; without it the standard one. */
  PaperTemplate ofSeller(String seller) {
    Path template = template(seller);
    return isThere(template) ? PaperTemplate.read(template) : PaperTemplate.PLAIN;
  }

  /** That of a setting; refuses one that is not there, since another would look wrong. */
  PaperTemplate named(String name) {
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
