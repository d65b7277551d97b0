package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.FontShelf;
import io.billingsdk.documents.pdf.PaperTemplate;
import java.nio.file.Files;
import java.nio.file.Path;

/** The fonts and templates of this server: {@code fonts} and {@code templates/SELLER}. */
record PaperFolder(Path folder) {
  /** Those of the folder; without it the built-in one. */
  FontShelf fonts() {
    Path fonts = folder.resolve("fonts");
    return Files.isDirectory(fonts) ? FontShelf.of(fonts) : FontShelf.builtIn();
  }

  /** That of a seller; without it the standard one. */
  PaperTemplate template(String seller) {
    Path templates = folder.resolve("templates").normalize();
    Path template = templates.resolve(seller).normalize();
    // An id may be two dots, which must not reach another folder.
    boolean isInside = template.startsWith(templates) && !template.equals(templates);
    return isInside && Files.isDirectory(template)
        ? PaperTemplate.read(template)
        : PaperTemplate.PLAIN;
  }
}
