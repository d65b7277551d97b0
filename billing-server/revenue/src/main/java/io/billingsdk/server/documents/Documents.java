package io.billingsdk.server.documents;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.documents.pdf.PdfPrinter;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.DocumentRows.DocumentFault;
import io.billingsdk.server.documents.DocumentRows.StoredDocument;
import io.billingsdk.server.invoices.IssuedPapers.IssuedPaper;
import io.billingsdk.server.invoices.IssuedPapers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stored documents, and previews of templates. Thread-safe. */
final class Documents {
  private final Database database;
  private final PaperFolder folder;

  Documents(Database database, PaperFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  /**
   * Refuses an invoice that is not there, and one of another customer as if it were not there.
   *
   * @param customer who asks; null for an operator
   */
  void requireVisible(String number, @Nullable String customer) {
    boolean isVisible =
        new IssuedPapers(database)
            .find(number)
            .map(IssuedPaper::customer)
            .filter(owner -> customer == null || customer.equals(owner))
            .isPresent();
    if (!isVisible) {
      throw RequestRefusedException.notFound("number", "there is no invoice " + number);
    }
  }

  List<StoredDocument> of(String number) {
    return database.read(handle -> DocumentRows.of(handle, number));
  }

  List<DocumentFault> faultsOf(String number) {
    return database.read(handle -> DocumentRows.faultsOf(handle, number));
  }

  List<DocumentFault> faults(String after, String afterKind, int most) {
    return database.read(handle -> DocumentRows.faults(handle, after, afterKind, most));
  }

  /** The bytes of a document; a refusal says why there are none. */
  byte[] bytes(String number, DocumentKind kind) {
    return database
        .read(handle -> DocumentRows.bytes(handle, number, kind))
        .orElseThrow(() -> RequestRefusedException.notFound("kind", whyNot(number, kind)));
  }

  private String whyNot(String number, DocumentKind kind) {
    return faultsOf(number).stream()
        .filter(fault -> fault.kind() == kind)
        .map(fault -> "there is no " + kind.text() + " of " + number + ": " + fault.reason())
        .findFirst()
        .orElse("the " + kind.text() + " of " + number + " is not made yet; ask again in a minute");
  }

  /** A sample invoice of a seller, by its template and the fonts of this server. */
  byte[] preview(String seller, PaperLanguage language) {
    Seller found = new Sellers(database, new Actor("preview")).require(seller);
    InvoiceDocument sample = InvoiceReader.read(SamplePaper.of(found));
    try (PdfPrinter printer = new PdfPrinter(folder.fonts())) {
      return printer.print(
          sample, DocumentMaker.embedded(sample), folder.template(seller), language);
    } catch (DocumentException refused) {
      throw RequestRefusedException.conflict("sellerId", String.valueOf(refused.getMessage()));
    }
  }
}
