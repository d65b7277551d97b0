package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.payments.Payments.CustomerBalance;
import io.billingsdk.server.payments.StatementRows.BankAccount;
import io.billingsdk.server.payments.Statements.Imported;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Payments and what is owed, as the API shows them. */
final class PaymentViews {
  private PaymentViews() {}

  private static String text(Money amount) {
    return amount.amount().toPlainString();
  }

  /** What a payment has paid of an invoice. */
  record SettledView(String number, String amount) {}

  record PaymentView(
      String paymentId,
      String customerId,
      String currency,
      String amount,
      String left,
      String method,
      String receivedOn,
      @Nullable String reference,
      List<SettledView> settled,
      Instant createdAt) {
    static PaymentView of(Payment payment) {
      return new PaymentView(
          payment.id(),
          payment.customer(),
          payment.amount().currency(),
          text(payment.amount()),
          text(payment.left()),
          payment.method().text(),
          payment.receivedOn().toString(),
          payment.reference(),
          payment.settled().entrySet().stream().map(PaymentView::settled).toList(),
          payment.createdAt());
    }

    private static SettledView settled(Map.Entry<String, Money> each) {
      return new SettledView(each.getKey(), text(each.getValue()));
    }
  }

  record ReceivableView(
      String number,
      String customerId,
      String sellerId,
      String currency,
      String amount,
      String open,
      String state,
      String issuedOn,
      String dueOn,
      String reference,
      @Nullable String nextOn) {
    static ReceivableView of(Receivable owed, LocalDate today) {
      LocalDate next =
          owed.open().signum() == 0
              ? null
              : DunningPlan.USUAL.next(owed.dueOn(), today).orElse(null);
      return new ReceivableView(
          owed.number(),
          owed.customer(),
          owed.seller(),
          owed.amount().currency(),
          text(owed.amount()),
          text(owed.open()),
          owed.state(today),
          owed.issuedOn().toString(),
          owed.dueOn().toString(),
          owed.reference(),
          next == null ? null : next.toString());
    }
  }

  record BalanceView(String customerId, String currency, String owed, String kept) {
    static BalanceView of(CustomerBalance balance) {
      return new BalanceView(
          balance.customer(),
          balance.owed().currency(),
          text(balance.owed()),
          text(balance.kept()));
    }
  }

  record BankAccountView(String iban, String sellerId, String currency) {
    static BankAccountView of(BankAccount account) {
      return new BankAccountView(account.iban(), account.seller(), account.currency());
    }
  }

  record ImportView(int taken, int known) {
    static ImportView of(Imported done) {
      return new ImportView(done.taken(), done.known());
    }
  }

  record BankLineView(
      long lineId,
      String iban,
      String bankRef,
      String bookedOn,
      String currency,
      String amount,
      String payer,
      String remittance,
      String state,
      @Nullable String reason,
      @Nullable String paymentId) {
    static BankLineView of(BankLine line) {
      return new BankLineView(
          line.id(),
          line.iban(),
          line.transfer().bankRef(),
          line.transfer().bookedOn().toString(),
          line.transfer().currency(),
          line.transfer().amount().toPlainString(),
          line.transfer().payer(),
          line.transfer().remittance(),
          line.state(),
          line.reason(),
          line.payment());
    }
  }
}
