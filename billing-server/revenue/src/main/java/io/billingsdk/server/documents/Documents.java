package io.billingsdk.server.documents;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.DocumentRows.DocumentFault;
import io.billingsdk.server.documents.DocumentRows.StoredDocument;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedPaper;
import io.billingsdk.server.payments.ReceivedPayments;
import io.billingsdk.server.payments.ReceivedPayments.ReceivedPayment;
import java.util.List;
import java.util.Optional;
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
        new IssuedDocuments(database)
            .find(number)
            .map(IssuedPaper::customer)
            .filter(owner -> customer == null || customer.equals(owner))
            .isPresent();
    if (!isVisible) {
      throw RequestRefusedException.notFound("number", "there is no invoice " + number);
    }
  }

  /** The same for a payment. */
  void requireVisiblePayment(String id, @Nullable String customer) {
    boolean isVisible =
        new ReceivedPayments(database)
            .find(id)
            .map(ReceivedPayment::customer)
            .filter(owner -> customer == null || customer.equals(owner))
            .isPresent();
    if (!isVisible) {
      throw RequestRefusedException.notFound("paymentId", "there is no payment " + id);
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
        .orElseThrow(() -> RequestRefusedException.notFound("kind", whyNot(number, kind.text())));
  }

  /** The bytes of a reminder; a refusal says why there are none. */
  byte[] reminder(String number, String kind) {
    return database
        .read(handle -> NoticeRows.bytes(handle, number, kind))
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "kind",
                    faultOf(number, kind)
                        .orElse("the invoice " + number + " has no " + kind + " as a document")));
  }

  /** The bytes of a receipt; a refusal says why there are none. */
  byte[] receipt(String payment) {
    String kind = NoticeNoter.RECEIPT;
    return database
        .read(handle -> NoticeRows.bytes(handle, payment, kind))
        .orElseThrow(() -> RequestRefusedException.notFound("paymentId", whyNot(payment, kind)));
  }

  private String whyNot(String number, String kind) {
    return faultOf(number, kind)
        .orElse("the " + kind + " of " + number + " is not made yet; ask again in a minute");
  }

  private Optional<String> faultOf(String number, String kind) {
    return faultsOf(number).stream()
        .filter(fault -> fault.kind().equals(kind))
        .map(fault -> "there is no " + kind + " of " + number + ": " + fault.reason())
        .findFirst();
  }

  /**
   * A sample invoice of a seller, by a template and the fonts of this server.
   *
   * @param template null for that of the seller
   */
  byte[] preview(String seller, @Nullable String template, PaperLanguage language) {
    Seller found = new Sellers(database, new Actor("preview")).require(seller);
    InvoiceDocument sample = InvoiceReader.read(SamplePaper.of(found));
    try (PaperPress press = new PaperPress(folder)) {
      return press
          .printer()
          .print(
              sample, DocumentMaker.embedded(sample), press.template(template, seller), language);
    } catch (DocumentException refused) {
      throw RequestRefusedException.conflict("sellerId", String.valueOf(refused.getMessage()));
    }
  }
}
