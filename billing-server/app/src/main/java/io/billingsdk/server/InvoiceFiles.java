package io.billingsdk.server;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.StoredPdf;
import io.billingsdk.server.notifications.MailAttachments;
import java.util.List;
import java.util.Optional;

/** The PDF of an invoice goes with the mail that says that it is issued. */
final class InvoiceFiles implements MailAttachments {
  private final StoredPdf documents;

  InvoiceFiles(Database database) {
    this.documents = new StoredPdf(database);
  }

  @Override
  public List<MailFile> of(MailSubject subject, String language) {
    return Optional.ofNullable(subject.fields().get("number"))
        .filter(number -> subject.kind().equals("invoice.issued"))
        .flatMap(number -> documents.find(number).map(bytes -> file(number, bytes)))
        .stream()
        .toList();
  }

  private static MailFile file(String number, byte[] bytes) {
    return new MailFile(
        number.replaceAll("[^A-Za-z0-9._~-]", "_") + ".pdf", "application/pdf", bytes);
  }
}
