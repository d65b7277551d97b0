package io.billingsdk.server.documents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A form of a document, in the order in which they are made. */
enum DocumentKind {
  /** EN 16931 as Cross Industry Invoice. */
  CII("application/xml"),
  /** EN 16931 as UBL. */
  UBL("application/xml"),
  /** PDF/A-3, with the CII inside where there is one. */
  PDF("application/pdf");

  private final String mediaType;

  DocumentKind(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /** As paths, tables and commands have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<DocumentKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  /** All, as messages name them. */
  static String all() {
    return "pdf, ubl or cii";
  }
}
