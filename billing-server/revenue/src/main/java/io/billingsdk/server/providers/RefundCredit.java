package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.invoices.CreditNotes;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.IssuedDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The credit note that a refund asks for.
 *
 * @param invoice its number
 * @param parts of its lines; empty for all that is left of it
 */
record RefundCredit(String invoice, List<PartOfLine> parts) {
  private static final int MOST_LINES = 1_000;

  /** Of the field {@code creditNote}; empty when there is none. */
  static Optional<RefundCredit> read(JsonBody body) {
    return body.object("creditNote")
        .map(
            object -> {
              List<PartOfLine> parts = parts(object);
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

  private static List<PartOfLine> parts(JsonBody body) {
    List<PartOfLine> parts = new ArrayList<>();
    for (JsonBody each : body.objects("lines", MOST_LINES)) {
      long line =
          each.whole("line", 1, Integer.MAX_VALUE)
              .orElseThrow(() -> each.wrong("line", "the number of a line, from 1"));
      parts.add(new PartOfLine(Math.toIntExact(line), each.amount("amount")));
      each.end();
    }
    return parts;
  }
}
