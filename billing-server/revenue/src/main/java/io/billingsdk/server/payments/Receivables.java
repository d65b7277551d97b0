package io.billingsdk.server.payments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.MoneyCredits;
import io.billingsdk.server.credits.MoneyCredits.GivenBack;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.invoices.InvoiceStates.InvoiceState;
import io.billingsdk.server.outbox.OutboxSubscriber;
import io.billingsdk.server.payments.Posting.Lines;
import io.billingsdk.server.payments.Posting.PostingKind;
import java.time.LocalDate;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Books what was issued: an invoice is owed, a credit note makes it less. Each document once,
 * however often its event comes.
 */
final class Receivables implements OutboxSubscriber {
  private static final Actor BOOKS = new Actor("books");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How many days a customer has from the day of issue, if the document says nothing. */
  static final int TERM_DAYS = 14;

  private final Database database;

  Receivables(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "payments-books";
  }

  @Override
  public Set<String> kinds() {
    return Set.of("invoice.issued", InvoiceStates.CHANGED);
  }

  @Override
  public void receive(DeliveredEvent event) throws JsonProcessingException {
    if (event.event().kind().equals(InvoiceStates.CHANGED)) {
      JsonNode said = JSON.readTree(event.event().payload());
      if (said.path("state").asText().equals(InvoiceState.UNCOLLECTIBLE.text())) {
        giveUp(said.path("number").asText(), said.path("reason").asText());
      }
      return;
    }
    IssuedDocument document = IssuedDocument.of(event.event().payload());
    database.useTransaction(handle -> book(handle, document));
  }

  /** A person has said at the invoice that nobody expects it: the books follow. */
  private void giveUp(String number, String reason) {
    database.useTransaction(
        handle -> {
          Receivable owed = ReceivableRows.find(handle, number).orElse(null);
          if (owed == null) {
            throw RequestRefusedException.notFound(
                "number", "the books have no invoice " + number + " yet");
          }
          PostingRows.lock(handle, owed.customer());
          boolean isOpen =
              ReceivableRows.find(handle, number)
                  .filter(each -> each.open().signum() > 0)
                  .isPresent();
          // Paid or written off since then: there is nothing to give up.
          if (isOpen && new InvoiceLink(database, handle, BOOKS).isUncollectible(number)) {
            var unused = new Payments(database.within(handle), BOOKS).writeOff(number, reason);
          }
        });
  }

  private void book(Handle handle, IssuedDocument document) {
    PostingRows.lock(handle, document.customer());
    if (PostingRows.has(handle, document.number()) || document.total().signum() == 0) {
      return;
    }
    if (document.corrects() == null) {
      owe(database.within(handle), handle, document);
    } else {
      credit(database.within(handle), handle, document, document.corrects());
      // An overdue invoice that is void is paid by nobody: its block would stand for ever.
      new PastDue(database.within(handle), BOOKS).paid(handle, document.customer());
    }
  }

  private static void owe(Database here, Handle handle, IssuedDocument invoice) {
    LocalDate due =
        invoice.dueOn() == null ? invoice.issuedOn().plusDays(TERM_DAYS) : invoice.dueOn();
    boolean isNamed =
        CreditorReference.ofNumber(invoice.number())
            .filter(reference -> ReceivableRows.insert(handle, invoice, due, reference))
            .isPresent();
    for (long place = ReceivableRows.count(handle) + 1; !isNamed; place++) {
      // Two numbers that differ in a hyphen alone, or a long one.
      CreditorReference free = CreditorReference.ofPosition(place);
      isNamed = ReceivableRows.insert(handle, invoice, due, free);
    }
    Money ofMoney =
        new MoneyCredits(here, BOOKS).usedBy(invoice.number(), invoice.total().currency());
    Lines lines =
        new Lines()
            .add(MoneyAccount.RECEIVABLE, invoice.number(), invoice.due())
            .add(MoneyAccount.CREDIT, ofMoney)
            .add(MoneyAccount.PREPAID, invoice.prepaid().minus(ofMoney))
            .add(MoneyAccount.REVENUE, invoice.taxable().negated())
            .add(MoneyAccount.TAX, invoice.tax().negated());
    add(handle, PostingKind.INVOICE, invoice, lines);
  }

  /** What the invoice still asks for becomes less; the rest is kept for the customer. */
  private static void credit(Database here, Handle handle, IssuedDocument note, String corrects) {
    Receivable original =
        ReceivableRows.find(handle, corrects)
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "corrects", "the books have no invoice " + corrects + " yet"));
    Money kept = kept(here, original, note);
    GivenBack back = new MoneyCredits(here, BOOKS).givenBackBy(note.number(), kept.currency());
    Money credit = kept.plus(back.ofMoney());
    Money less = note.total().minus(credit).minus(back.ofOther());
    // Nobody expected it any longer, and now it is not owed: it was no loss.
    Money missing = less.minus(less.min(original.open()));
    var unused = new Payments(here, BOOKS).recovered(handle, original, missing);
    Lines lines =
        new Lines()
            .add(MoneyAccount.REVENUE, note.taxable())
            .add(MoneyAccount.TAX, note.tax())
            .add(MoneyAccount.RECEIVABLE, corrects, less.negated())
            .add(MoneyAccount.PREPAID, back.ofOther().negated())
            .add(MoneyAccount.CREDIT, credit.negated());
    add(handle, PostingKind.CREDIT_NOTE, note, lines);
  }

  /** What the document has made credit; of one that the books alone know, what is not open. */
  private static Money kept(Database here, Receivable original, IssuedDocument note) {
    return new InvoiceStates(here, BOOKS).find(original.number()).isPresent()
        ? new MoneyCredits(here, BOOKS).broughtBy(note.number(), note.total().currency())
        : note.total().minus(note.total().min(original.open()));
  }

  private static void add(Handle handle, PostingKind kind, IssuedDocument of, Lines lines) {
    PostingRows.add(
        handle,
        new Posting(kind, of.customer(), of.number(), null, lines.all()),
        /* reason= */ null,
        BOOKS);
  }
}
