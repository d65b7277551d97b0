package io.billingsdk.documents;

/**
 * Writes a document as XML by EN 16931. The bytes are in UTF-8, without white space between
 * elements, and the same for the same document.
 */
public final class ElectronicInvoice {
  /** EN 16931 without extensions. */
  static final String PROFILE = "urn:cen.eu:en16931:2017";

  private ElectronicInvoice() {}

  /** As UBL 2.1: an Invoice or a CreditNote. */
  public static byte[] ubl(InvoiceDocument document) {
    ElectronicRules.check(document);
    return UblWriter.write(document);
  }

  /** As UN/CEFACT Cross Industry Invoice: its bytes are valid by D16B and D22B. */
  public static byte[] cii(InvoiceDocument document) {
    ElectronicRules.check(document);
    return CiiWriter.write(document);
  }
}
