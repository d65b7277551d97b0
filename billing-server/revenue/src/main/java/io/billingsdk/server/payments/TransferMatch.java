package io.billingsdk.server.payments;

import io.billingsdk.server.payments.StatementRows.BankAccount;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Finds the invoices that a transfer is for: by creditor references, then by whole numbers. */
final class TransferMatch {
  // As the number of a document: a seller, perhaps a customer with a test clock, and digits.
  private static final Pattern NUMBER =
      Pattern.compile("[A-Za-z0-9_.-]+(?:[~+][A-Za-z0-9_.-]+)?-[0-9]{6,}");

  private TransferMatch() {}

  /** What a transfer is. */
  sealed interface Match {
    /** Of a customer, for these invoices. */
    record For(String customer, List<String> numbers) implements Match {}

    /** It takes a payment back. */
    record Back(String payment) implements Match {}

    /** Nobody knows; a person has to say it. */
    record Unknown(String reason) implements Match {}

    /** It is no payment of a customer. */
    record None(String reason) implements Match {}
  }

  static Match of(Handle handle, BankAccount account, BankTransfer transfer) {
    if (transfer.doubt() != null) {
      return new Match.Unknown(transfer.doubt());
    }
    if (transfer.amount().signum() <= 0 && !transfer.isReturn()) {
      return new Match.None("money that went out");
    }
    if (!transfer.currency().equals(account.currency())) {
      return new Match.Unknown("its currency is not " + account.currency() + ", of the account");
    }
    List<Receivable> found =
        ReceivableRows.withReferences(handle, CreditorReference.in(transfer.remittance()));
    if (found.isEmpty()) {
      found = ReceivableRows.withNumbers(handle, numbers(transfer.remittance()));
    }
    if (found.isEmpty()) {
      return new Match.Unknown("it names no reference and no number of an invoice");
    }
    String customer = found.get(0).customer();
    if (found.stream().anyMatch(each -> !each.customer().equals(customer))) {
      return new Match.Unknown("it names invoices of several customers");
    }
    if (found.stream().anyMatch(each -> !each.seller().equals(account.seller()))) {
      return new Match.Unknown("it names an invoice of another seller than " + account.seller());
    }
    if (found.stream().anyMatch(each -> !each.amount().currency().equals(transfer.currency()))) {
      return new Match.Unknown("it names an invoice in another currency");
    }
    if (transfer.isReturn()) {
      return back(handle, transfer, found);
    }
    return new Match.For(customer, found.stream().map(Receivable::number).toList());
  }

  /** The payment by bank of these invoices that has the amount, if there is one alone. */
  private static Match back(Handle handle, BankTransfer transfer, List<Receivable> found) {
    List<String> payments =
        PaymentRows.byBank(
            handle, found.stream().map(Receivable::number).toList(), transfer.amount().negate());
    return payments.size() == 1
        ? new Match.Back(payments.get(0))
        : new Match.Unknown(
            "it takes a transfer back, and "
                + (payments.isEmpty() ? "no payment" : "several payments")
                + " of the amount fit; record it with payments refund --taken-back");
  }

  private static Set<String> numbers(String remittance) {
    Set<String> numbers = new LinkedHashSet<>();
    Matcher matcher = NUMBER.matcher(remittance);
    while (matcher.find()) {
      numbers.add(matcher.group());
      numbers.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    return numbers;
  }
}
