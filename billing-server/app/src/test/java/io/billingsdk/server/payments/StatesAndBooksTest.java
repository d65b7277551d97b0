package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.invoices.InvoiceStates.InvoiceState;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of invoices, credit of customers, and the books say the same. */
@Tag("postgres")
class StatesAndBooksTest {
  @TempDir Path directory;

  private PaymentWorld world;
  private RealInvoices invoices;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
    world.customer("c", "UTC");
    invoices = new RealInvoices(world);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void is(String number, InvoiceState state, String open, String kept) {
    assertThat(invoices.state(number).state()).isEqualTo(state);
    assertThat(invoices.state(number).open()).isEqualTo(PaymentWorld.usd(open));
    Money credit = new Credits(world.database, PaymentWorld.TESTER).balance("c", "USD");
    assertThat(credit).isEqualTo(PaymentWorld.usd(kept));
    assertThat(world.payments().balance("c").kept()).isEqualTo(credit);
  }

  private void owed(String amount) {
    assertThat(world.payments().balance("c").owed()).isEqualTo(PaymentWorld.usd(amount));
  }

  @Test
  void pay_inParts_andTooMuch_isSeenAtTheInvoice_andAReturnOpensIt() {
    String number = invoices.first("c");
    is(number, InvoiceState.ISSUED, "100", "0");
    world.pay("c", "30");
    is(number, InvoiceState.PARTLY_PAID, "70", "0");
    Payment second = world.pay("c", "95");
    is(number, InvoiceState.PAID, "0", "25");
    world.payments().refund(second.id(), PaymentWorld.usd("95"), "returned", true);
    is(number, InvoiceState.PARTLY_PAID, "70", "0");
    assertThat(world.owed(number).open()).isEqualTo(PaymentWorld.usd("70"));
  }

  /** The case bal-01: account credit is used on the next invoice by itself. */
  @Test
  void overPayment_paysTheNextInvoiceByItself_andTheBooksFollow() {
    String first = invoices.first("c");
    world.pay("c", "120");
    is(first, InvoiceState.PAID, "0", "20");
    world.move("c", Instant.parse("2027-01-02T00:00:00Z"));
    io.billingsdk.server.subscriptions.SubscriptionTime.catchUp(world.database, "c");
    String next = invoices.next("c");
    is(next, InvoiceState.ISSUED, "80", "0");
    owed("80");
  }

  @Test
  void dueDay_isOver_marksTheInvoice_andAWriteOffAtEitherPlaceIsSeenAtTheOther() {
    String number = invoices.first("c");
    world.move("c", Instant.parse("2026-12-20T00:00:00Z"));
    is(number, InvoiceState.PAST_DUE, "100", "0");
    var unused =
        new InvoiceStates(world.database, PaymentWorld.TESTER).uncollectible(number, "insolvent");
    invoices.deliver();
    owed("0");
    assertThat(world.owed(number).isWrittenOff()).isTrue();
    is(number, InvoiceState.UNCOLLECTIBLE, "100", "0");
    world.pay("c", "40", number);
    is(number, InvoiceState.UNCOLLECTIBLE, "60", "0");
    Payment rest = world.pay("c", "60", number);
    is(number, InvoiceState.PAID, "0", "0");
    assertThat(world.owed(number).state(PaymentWorld.DAY)).isEqualTo("paid");
    world.payments().refund(rest.id(), PaymentWorld.usd("60"), "returned", true);
    owed("60");
    is(number, InvoiceState.PAST_DUE, "60", "0");
  }

  @Test
  void writeOff_isSeenAtTheInvoice_andItsVoidDocumentIsNoLoss() {
    String number = invoices.first("c");
    world.payments().writeOff(number, "insolvent");
    is(number, InvoiceState.UNCOLLECTIBLE, "100", "0");
    invoices.voidOf(number);
    is(number, InvoiceState.VOID, "0", "0");
    owed("0");
    assertThat(sum("write_off")).isEqualByComparingTo("0");
  }

  @Test
  void moneyForAnInvoice_thatIsGivenUpInPart_paysWhatIsOwedFirst_andThenTheLoss() {
    String number = invoices.first("c");
    Payment first = world.pay("c", "60", number);
    world.payments().writeOff(number, "insolvent");
    world.payments().refund(first.id(), PaymentWorld.usd("60"), "returned", true);
    owed("60");
    world.pay("c", "30", number);
    owed("30");
    assertThat(sum("write_off")).isEqualByComparingTo("40");
    world.pay("c", "50", number);
    owed("0");
    assertThat(sum("write_off")).isEqualByComparingTo("20");
  }

  @Test
  void voidOfAPaidInvoice_isCredit_andThePaymentThatIsReturnedTakesIt_orIsOwed() {
    String number = invoices.first("c");
    Payment payment = world.pay("c", "100");
    invoices.voidOf(number);
    is(number, InvoiceState.VOID, "0", "100");
    world.payments().refund(payment.id(), PaymentWorld.usd("40"), "returned", true);
    is(number, InvoiceState.VOID, "0", "60");
    world.move("c", Instant.parse("2027-01-02T00:00:00Z"));
    io.billingsdk.server.subscriptions.SubscriptionTime.catchUp(world.database, "c");
    String next = invoices.next("c");
    is(next, InvoiceState.ISSUED, "40", "0");
    world.payments().refund(payment.id(), PaymentWorld.usd("60"), "returned", true);
    owed("100");
    world.pay("c", "105");
    is(next, InvoiceState.PAID, "0", "5");
    owed("0");
  }

  @Test
  void creditNote_thatTheBooksDoNotHaveYet_andAPayment_areOneInTheEnd() {
    String number = invoices.first("c");
    new io.billingsdk.server.invoices.CreditNotes(world.database, PaymentWorld.TESTER)
        .credit(
            number,
            java.util.List.of(
                new io.billingsdk.server.invoices.CreditNotes.PartOfLine(
                    1, new java.math.BigDecimal("10"))),
            "r");
    world.pay("c", "100");
    invoices.deliver();
    is(number, InvoiceState.PAID, "0", "10");
    owed("0");
  }

  @Test
  void refundOfKindness_givesTheInvoiceMoreTime() {
    String number = invoices.first("c");
    Payment payment = world.pay("c", "60");
    world.move("c", Instant.parse("2026-12-20T00:00:00Z"));
    is(number, InvoiceState.PAST_DUE, "40", "0");
    world.payments().refund(payment.id(), PaymentWorld.usd("10"), "kindness", false);
    is(number, InvoiceState.PARTLY_PAID, "50", "0");
  }

  private java.math.BigDecimal sum(String account) {
    return world.database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce(sum(amount), 0) FROM posting_entry WHERE account = :account")
                .bind("account", account)
                .mapTo(java.math.BigDecimal.class)
                .one());
  }
}
