package io.billingsdk.documents;

import io.billingsdk.documents.NoticeDocument.NoticeHead;
import io.billingsdk.documents.NoticeDocument.Receipt;
import io.billingsdk.documents.NoticeDocument.Reminder;
import io.billingsdk.documents.NoticeDocument.SettledInvoice;
import java.math.BigDecimal;
import java.util.List;

/** Reads the JSON of a notice, of the format {@code billing-notice/1}. */
public final class NoticeReader {
  private NoticeReader() {}

  /** Reads it. */
  public static NoticeDocument read(String json) {
    Fields fields = InvoiceReader.fields(json);
    return switch (fields.text("kind")) {
      case "reminder" ->
          new Reminder(
              head(fields),
              fields.date("issueDate"),
              fields.date("dueDate"),
              fields.decimal("open"));
      case "receipt" ->
          new Receipt(
              head(fields),
              fields.text("method"),
              fields.decimal("amount"),
              settled(fields),
              fields.decimal("kept", BigDecimal.ZERO));
      default -> throw fields.wrong("kind", "reminder or receipt");
    };
  }

  private static NoticeHead head(Fields fields) {
    Fields customer = fields.object("customer");
    return new NoticeHead(
        fields.text("number"),
        fields.date("on"),
        fields.text("currency"),
        customer.text("locale", "en"),
        InvoiceReader.template(fields),
        InvoiceReader.party(fields.object("seller"), "sellerId"),
        InvoiceReader.party(customer, "customerId"),
        fields.optional("reference"));
  }

  private static List<SettledInvoice> settled(Fields fields) {
    return fields.list("settled").stream()
        .map(each -> new SettledInvoice(each.text("number"), each.decimal("amount")))
        .toList();
  }
}
