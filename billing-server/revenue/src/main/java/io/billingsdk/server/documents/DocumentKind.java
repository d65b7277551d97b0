package io.billingsdk.server.documents;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A form of the document of an invoice, in the order in which they are made. */
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

  /** Of a kind of a stored document; reminders and receipts are PDF alone. */
  static String mediaTypeOf(String text) {
    return of(text).orElse(PDF).mediaType();
  }

  /** All, as messages name them. */
  static String all() {
    return "pdf, ubl, cii, or reminder- with the step, such as reminder-first";
  }
}
