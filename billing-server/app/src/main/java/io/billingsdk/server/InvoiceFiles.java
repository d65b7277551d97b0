package io.billingsdk.server;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.documents.StoredPdf;
import io.billingsdk.server.notifications.MailAttachments;
import java.util.List;
import java.util.Optional;

/** The PDF of an invoice, a reminder or a receipt goes with the mail that says so. */
final class InvoiceFiles implements MailAttachments {
  private final StoredPdf documents;

  InvoiceFiles(Database database) {
    this.documents = new StoredPdf(database);
  }

  @Override
  public List<MailFile> of(MailSubject subject, String language) {
    String number = subject.fields().getOrDefault("number", "");
    String step = subject.fields().getOrDefault("step", "");
    String payment = subject.fields().getOrDefault("paymentId", "");
    return switch (subject.kind()) {
      case "invoice.issued" -> file(number, documents.find(number));
      case "invoice.reminder", "invoice.past_due" ->
          file(number + "-reminder-" + step, documents.reminder(number, step));
      case "payment.received" -> file("receipt-" + payment, documents.receipt(payment));
      default -> List.of();
    };
  }

  private static List<MailFile> file(String name, Optional<byte[]> pdf) {
    String file = name.replaceAll("[^A-Za-z0-9._~-]", "_") + ".pdf";
    return pdf.map(bytes -> new MailFile(file, "application/pdf", bytes)).stream().toList();
  }
}
