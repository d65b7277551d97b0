package io.billingsdk.documents.pdf;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The fonts and templates of a server: {@code fonts} and {@code templates/SELLER}.
 *
 * @param folder that has both; it may be absent
 */
public record PaperFolder(Path folder) {
  /** Those of the folder; without it the built-in one. */
  public FontShelf fonts() {
    Path fonts = folder.resolve("fonts");
    return Files.isDirectory(fonts) ? FontShelf.of(fonts) : FontShelf.builtIn();
  }

  /** That of a seller; without it the standard one. */
  public PaperTemplate template(String seller) {
    Path templates = folder.resolve("templates").normalize();
    Path template = templates.resolve(seller).normalize();
    // An id may be two dots, which must not reach another folder.
    boolean isInside = template.startsWith(templates) && !template.equals(templates);
    return isInside && Files.isDirectory(template)
        ? PaperTemplate.read(template)
        : PaperTemplate.PLAIN;
  }
}
