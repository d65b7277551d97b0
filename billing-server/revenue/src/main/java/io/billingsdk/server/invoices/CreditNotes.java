package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.Bill.CorrectionOrder;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.InvoiceStates.InvoiceState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Credit notes and void documents that an operator asks for. No line of an invoice, no tax and no
 * total is credited above the invoice. Thread-safe.
 */
public final class CreditNotes {
  private static final int REASON_CHARS = 256;

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who asks for them
   */
  public CreditNotes(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * A part of a line.
   *
   * @param line its number on the invoice, from 1
   * @param amount above 0: without tax, and before the discount of the invoice
   */
  public record PartOfLine(int line, BigDecimal amount) {}

  /**
   * Credits parts of the lines of an invoice.
   *
   * @return the number of the credit note
   */
  public String credit(String number, List<PartOfLine> parts, String reason) {
    CorrectionOrder order = new CorrectionOrder(/* isVoid= */ false, reason(reason));
    if (parts.isEmpty()) {
      throw RequestRefusedException.invalid("lines", "at least one line with an amount");
    }
    return issue(
        number, order, (invoice, original) -> parts(invoice, original, parts), /* total= */ null);
  }

  /**
   * Credits what a refund gives back, in the transaction of the refund.
   *
   * @param parts empty for all that is left of the invoice
   * @param total of the refund: the credit note has to come to it, taxes included
   * @return the number of the credit note
   */
  public String creditRefund(String number, List<PartOfLine> parts, Money total, String reason) {
    CorrectionOrder order = new CorrectionOrder(/* isVoid= */ false, reason(reason));
    return issue(
        number,
        order,
        (invoice, original) ->
            parts.isEmpty() ? left(invoice, original) : parts(invoice, original, parts),
        total);
  }

  /**
   * Voids an invoice: a document takes back all that is left of it, and its number stays taken.
   *
   * @return the number of the void document
   */
  public String voidInvoice(String number, String reason) {
    CorrectionOrder order = new CorrectionOrder(/* isVoid= */ true, reason(reason));
    return issue(number, order, CreditNotes::left, /* total= */ null);
  }

  private static List<Line> parts(Issued invoice, Original original, List<PartOfLine> parts) {
    List<Line> lines = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < parts.size(); i++) {
      String field = "lines[" + i + "].";
      if (!seen.add(parts.get(i).line())) {
        throw RequestRefusedException.invalid(field + "line", "a line that is named once");
      }
      lines.add(part(invoice, original, parts.get(i), field));
    }
    return lines;
  }

  private static List<Line> left(Issued invoice, Original original) {
    List<Money> left = original.creditable().left();
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).signum() != 0) {
        lines.add(line(invoice, i + 1, left.get(i)));
      }
    }
    if (lines.isEmpty()) {
      throw RequestRefusedException.conflict(
          "number", "credit notes have credited the whole invoice " + invoice.number());
    }
    return lines;
  }

  private interface Choice {
    List<Line> of(Issued invoice, Original original);
  }

  private String issue(String number, CorrectionOrder order, Choice choice, @Nullable Money total) {
    return database.inTransaction(
        handle -> {
          Issued invoice = requireInvoice(handle, number);
          Credits.lock(handle, invoice.customer());
          requireNotVoid(handle, number);
          Original original = InvoiceRows.original(handle, number);
          Correction correction = new Correction(order, original, choice.of(invoice, original));
          Paper paper = paper(correction);
          if (total != null) {
            requireTotal(paper, total);
          }
          return new Corrector(database, actor).issue(handle, invoice, correction, paper);
        });
  }

  /** With the refusal of the sums as one that a person can read. */
  private static Paper paper(Correction correction) {
    try {
      return correction.paper();
    } catch (RatingInputException tooMuch) {
      throw RequestRefusedException.invalid("lines", tooMuch.expectation());
    }
  }

  private static void requireTotal(Paper paper, Money wanted) {
    Money total = paper.sums().total();
    if (!total.equals(wanted)) {
      throw RequestRefusedException.conflict(
          "amount", total + ", which these lines come to with their taxes");
    }
  }

  private static Issued requireInvoice(Handle handle, String number) {
    Issued issued = InvoiceRows.find(handle, number).orElseThrow(() -> Invoices.none(number));
    if (!issued.kind().equals("invoice")) {
      throw RequestRefusedException.conflict(
          "number", number + " is no invoice; name the invoice " + issued.corrects());
    }
    return issued;
  }

  private static void requireNotVoid(Handle handle, String number) {
    boolean isVoid =
        InvoiceStateRows.find(handle, number)
            .filter(each -> each.state() == InvoiceState.VOID)
            .isPresent();
    if (isVoid) {
      throw RequestRefusedException.conflict(
          "number", "the invoice " + number + " is void; nothing of it can be credited");
    }
  }

  private static Line part(Issued invoice, Original original, PartOfLine part, String field) {
    if (part.line() < 1 || part.line() > original.lines().size()) {
      throw RequestRefusedException.invalid(
          field + "line", "1 to " + original.lines().size() + ", the lines of " + invoice.number());
    }
    Money amount = amount(invoice, part, field);
    Money left = original.creditable().left().get(part.line() - 1);
    if (left.signum() <= 0 || amount.compareTo(left) > 0) {
      throw RequestRefusedException.invalid(
          field + "amount",
          "above 0 and at most "
              + left.max(original.zero())
              + ", which is left of the line "
              + part.line());
    }
    return line(invoice, part.line(), amount);
  }

  private static Money amount(Issued invoice, PartOfLine part, String field) {
    if (part.amount().signum() <= 0) {
      throw RequestRefusedException.invalid(field + "amount", "an amount above 0");
    }
    try {
      return Money.of(invoice.currency(), part.amount());
    } catch (RatingInputException refused) {
      throw RequestRefusedException.invalid(field + "amount", refused.expectation());
    }
  }

  private static Line line(Issued invoice, int number, Money net) {
    JsonNode lines = CanonicalJson.stored(invoice.document()).path("lines");
    return CorrectionJson.line(lines.get(number - 1), new Reference(invoice.number(), number), net);
  }

  private static String reason(String reason) {
    if (reason.isBlank() || reason.length() > REASON_CHARS || !Bounds.isWellFormedText(reason)) {
      throw RequestRefusedException.invalid(
          "reason", "a text of 1 to " + REASON_CHARS + " characters");
    }
    return reason;
  }
}
