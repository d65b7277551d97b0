package io.billingsdk.server.payments;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
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
    return Set.of("invoice.issued");
  }

  @Override
  public void receive(DeliveredEvent event) throws JsonProcessingException {
    IssuedDocument document = IssuedDocument.of(event.event().payload());
    database.useTransaction(handle -> book(handle, document));
  }

  private void book(Handle handle, IssuedDocument document) {
    PostingRows.lock(handle, document.customer());
    if (PostingRows.has(handle, document.number()) || document.total().signum() == 0) {
      return;
    }
    if (document.corrects() == null) {
      owe(handle, document);
    } else {
      credit(handle, document, document.corrects());
      // An overdue invoice that is void is paid by nobody: its block would stand for ever.
      new PastDue(database.within(handle), BOOKS).paid(handle, document.customer());
    }
  }

  private static void owe(Handle handle, IssuedDocument invoice) {
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
    Lines lines =
        new Lines()
            .add(MoneyAccount.RECEIVABLE, invoice.number(), invoice.due())
            .add(MoneyAccount.PREPAID, invoice.prepaid())
            .add(MoneyAccount.REVENUE, invoice.taxable().negated())
            .add(MoneyAccount.TAX, invoice.tax().negated());
    add(handle, PostingKind.INVOICE, invoice, lines);
  }

  /** What the invoice still asks for becomes less; the rest is kept for the customer. */
  private static void credit(Handle handle, IssuedDocument note, String corrects) {
    Receivable original =
        ReceivableRows.find(handle, corrects)
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "corrects", "the books have no invoice " + corrects + " yet"));
    Money less = note.total().min(original.open());
    Lines lines =
        new Lines()
            .add(MoneyAccount.REVENUE, note.taxable())
            .add(MoneyAccount.TAX, note.tax())
            .add(MoneyAccount.RECEIVABLE, corrects, less.negated())
            .add(MoneyAccount.CREDIT, less.minus(note.total()));
    add(handle, PostingKind.CREDIT_NOTE, note, lines);
  }

  private static void add(Handle handle, PostingKind kind, IssuedDocument of, Lines lines) {
    PostingRows.add(
        handle,
        new Posting(kind, of.customer(), of.number(), null, lines.all()),
        /* reason= */ null,
        BOOKS);
  }
}
