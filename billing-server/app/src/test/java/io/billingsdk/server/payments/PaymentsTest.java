package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invoices are owed, paid, credited, refunded and given up; the books add up. */
@Tag("postgres")
class PaymentsTest {
  @TempDir Path directory;

  private PaymentWorld world;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
    world.customer("c", "UTC");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void balance(String owed, String kept) {
    Payments.CustomerBalance balance = world.payments().balance("c");
    assertThat(balance.owed()).isEqualTo(PaymentWorld.usd(owed));
    assertThat(balance.kept()).isEqualTo(PaymentWorld.usd(kept));
  }

  @Test
  void pay_withoutNumbers_paysWhatIsDueFirst_andKeepsTheRest() {
    world.invoice("c", "s-000001", "84.03", "15.97");
    world.invoice("c", "s-000002", "50.00", "0");
    Payment payment = world.pay("c", "120");
    assertThat(world.owed("s-000001").open().signum()).isZero();
    assertThat(world.owed("s-000002").open()).isEqualTo(PaymentWorld.usd("30"));
    assertThat(payment.settled().keySet()).containsExactly("s-000001", "s-000002");
    world.pay("c", "45", "s-000002");
    balance("0", "15");
    assertThat(world.owed("s-000002").state(PaymentWorld.DAY)).isEqualTo("paid");
  }

  @Test
  void book_theSameDocumentTwice_movesMoneyOnce() {
    world.invoice("c", "s-000001", "10", "0");
    world.invoice("c", "s-000001", "10", "0");
    balance("10", "0");
  }

  /** The case bal-03: of an invoice that is paid, a credit note becomes credit. */
  @Test
  void creditNote_ofAPaidInvoice_isKeptForTheCustomer_andOfAnOpenOneItIsOwedLess() {
    world.invoice("c", "s-000001", "100", "0");
    world.pay("c", "100");
    world.creditNote("c", "s-000002", "10", "0", "s-000001");
    balance("0", "10");
    world.invoice("c", "s-000003", "50", "0");
    world.creditNote("c", "s-000004", "20", "0", "s-000003");
    balance("30", "10");
  }

  @Test
  void creditNote_beforeItsInvoiceIsBooked_isRefused_andTriedAgain() {
    assertThatThrownBy(() -> world.creditNote("c", "s-000002", "10", "0", "s-000001"))
        .isInstanceOf(RequestRefusedException.class);
    world.invoice("c", "s-000001", "100", "0");
    world.creditNote("c", "s-000002", "10", "0", "s-000001");
    balance("90", "0");
  }

  /** The case bal-05. */
  @Test
  void refund_withoutACreditNote_opensTheInvoiceAgain() {
    world.invoice("c", "s-000001", "100", "0");
    Payment payment = world.pay("c", "100");
    world.payments().refund(payment.id(), PaymentWorld.usd("10"), "kindness", false);
    balance("10", "0");
    assertThat(world.owed("s-000001").open()).isEqualTo(PaymentWorld.usd("10"));
  }

  @Test
  void refund_ofAnInvoiceThatPrepaidCreditHasPaidInPart_opensWhatIsGivenBack() {
    world.invoicePrepaid("c", "s-000001", "100", "30");
    Payment payment = world.pay("c", "70");
    balance("0", "0");
    world.payments().refund(payment.id(), PaymentWorld.usd("40"), "kindness", false);
    balance("40", "0");
    world.payments().refund(payment.id(), PaymentWorld.usd("30"), "returned", true);
    balance("70", "0");
  }

  @Test
  void refund_afterACreditNote_takesWhatIsKept() {
    world.invoice("c", "s-000001", "100", "0");
    Payment payment = world.pay("c", "100");
    world.creditNote("c", "s-000002", "40", "0", "s-000001");
    world.payments().refund(payment.id(), PaymentWorld.usd("40"), "as credited", false);
    balance("0", "0");
  }

  /** The case pay-01. */
  @Test
  void refunds_areNeverAboveThePayment_andARefusedOneChangesNothing() {
    world.invoice("c", "s-000001", "100", "0");
    Payment payment = world.pay("c", "100");
    List<String> answers = new ArrayList<>();
    for (String amount : List.of("60.00", "50.00", "40.00", "0.01")) {
      try {
        world.payments().refund(payment.id(), PaymentWorld.usd(amount), "r", false);
        answers.add("accepted");
      } catch (RequestRefusedException refused) {
        assertThat(refused.field()).isEqualTo("amount");
        answers.add("refused");
      }
    }
    assertThat(answers).containsExactly("accepted", "refused", "accepted", "refused");
    assertThat(world.payments().require(payment.id()).left().signum()).isZero();
    balance("100", "0");
  }

  @Test
  void takenBack_ofAPaymentThatPaidTooMuch_opensTheInvoice_andTakesTheRestOfTheCredit() {
    world.invoice("c", "s-000001", "70", "0");
    Payment payment = world.pay("c", "100");
    balance("0", "30");
    world.payments().refund(payment.id(), PaymentWorld.usd("100"), "returned", true);
    balance("70", "0");
    assertThat(world.owed("s-000001").open()).isEqualTo(PaymentWorld.usd("70"));
  }

  @Test
  void writeOff_givesUpWhatIsOpen_once() {
    world.invoice("c", "s-000001", "70", "0");
    world.pay("c", "20");
    world.payments().writeOff("s-000001", "insolvent");
    balance("0", "0");
    assertThat(world.owed("s-000001").state(PaymentWorld.DAY)).isEqualTo("uncollectible");
    assertThatThrownBy(() -> world.payments().writeOff("s-000001", "again"))
        .isInstanceOf(RequestRefusedException.class);
  }

  @Test
  void pay_inAnotherCurrency_ofAnotherCustomer_orNothing_isRefused() {
    world.customer("d", "UTC");
    world.invoice("d", "s-000001", "70", "0");
    assertThatThrownBy(() -> world.pay("c", "5", "s-000001")).hasMessageContaining("customer c");
    assertThatThrownBy(() -> world.pay("c", "0")).hasMessageContaining("above 0");
    assertThatThrownBy(
            () ->
                world
                    .payments()
                    .record(
                        new Payment.NewPayment(
                            "c",
                            io.billingsdk.rating.Money.of("EUR", "5"),
                            Payment.PaymentMethod.MANUAL,
                            PaymentWorld.DAY,
                            null,
                            List.of())))
        .hasMessageContaining("USD");
    assertThat(world.payments().page("c", Long.MAX_VALUE, 10)).isEmpty();
    balance("0", "0");
  }

  @Test
  void rows_thatDoNotAddUp_orAreChanged_areRefusedToTheOwnerOfTheTables() {
    world.invoice("c", "s-000001", "70", "0");
    for (String sql :
        List.of(
            "INSERT INTO posting_entry VALUES (1, 9, 'cash', NULL, 1)",
            "INSERT INTO posting (kind, customer_id, currency, actor)"
                + " VALUES ('payment', 'c', 'USD', 'x')",
            "UPDATE receivable SET open = 1",
            "UPDATE posting_entry SET amount = 1",
            "DELETE FROM posting",
            "UPDATE payment SET amount = 1",
            "TRUNCATE posting_entry")) {
      assertThatThrownBy(() -> world.http.world().execute(sql)).as(sql).isNotNull();
    }
    balance("70", "0");
  }
}
