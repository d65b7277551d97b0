package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.invoices.CreditNotes;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.IssuedDocuments;
import java.util.List;
import java.util.Optional;

/**
 * The credit note that a refund asks for.
 *
 * @param invoice its number
 * @param parts of its lines; empty for all that is left of it
 */
record RefundCredit(String invoice, List<PartOfLine> parts) {
  /** Of the field {@code creditNote}; empty when there is none. */
  static Optional<RefundCredit> read(JsonBody body) {
    return body.object("creditNote")
        .map(
            object -> {
              List<PartOfLine> parts = PartOfLine.all(object);
              String number = object.text("number", ProviderFields.NUMBER_CHARS);
              object.end();
              return new RefundCredit(number, parts);
            });
  }

  /** Issues it, in the transaction of the refund; gives its number. */
  String issue(Database here, String customer, Money total, String reason, Actor actor) {
    // A payment of one customer takes nothing back of the invoice of another.
    boolean isOwn =
        new IssuedDocuments(here)
            .find(invoice)
            .filter(found -> found.customer().equals(customer))
            .isPresent();
    if (!isOwn) {
      throw RequestRefusedException.notFound(
          "creditNote.number", "the customer " + customer + " has no invoice " + invoice);
    }
    return new CreditNotes(here, actor).creditRefund(invoice, parts, total, reason);
  }
}
