package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.providers.ChargeResult.Declined;
import io.billingsdk.server.providers.ChargeResult.NeedsOperator;
import io.billingsdk.server.providers.ChargeResult.Processing;
import io.billingsdk.server.providers.ChargeResult.RequiresAction;
import io.billingsdk.server.providers.ChargeResult.Succeeded;
import io.billingsdk.server.providers.ChargeResult.Unknown;
import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.PageRows.StoredPage;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class PayPalFlowTest {
  private static final Duration SOON = Duration.ofMinutes(10);

  @TempDir Path directory;

  private ProviderWorld world;
  private PayPalWorld paypal;

  @BeforeEach
  void start() {
    world = new ProviderWorld(directory);
    paypal = new PayPalWorld(world);
  }

  @AfterEach
  void stop() {
    assertThat(world.cents("true")).as("all accounts together").isZero();
    paypal.close();
    world.close();
  }

  private ChargeResult charge(String number, int attempt) {
    return paypal.parts().charges().charge(number, attempt);
  }

  private Charge invoice(String token) {
    paypal.customer("c", token);
    world.invoice("c", "i-1", "100");
    ChargeResult unused = charge("i-1", 1);
    return world.charge("i-1", 1);
  }

  private void reconcile() {
    world.pass(SOON);
    paypal.parts().reconciler().run();
  }

  private ChargeState state() {
    return world.charge("i-1", 1).state();
  }

  @Test
  void charge_ofASavedToken_paysTheInvoice_andBooksTheFee() {
    Charge paid = invoice(FakePayPal.OK);

    assertThat(paid.result()).isInstanceOf(Succeeded.class);
    assertThat(paid.reference()).startsWith("CAPTURE");
    assertThat(world.open("i-1")).isEqualTo(ProviderWorld.usd("0"));
    assertThat(world.cents("account = 'cash_paypal'")).isEqualTo(10_000 - 398);
    assertThat(world.cents("account = 'fee'")).isEqualTo(398);
    assertThat(charge("i-1", 1)).as("the same attempt again").isInstanceOf(Succeeded.class);
    assertThat(paypal.fake.captures()).hasSize(1);
  }

  @Test
  void charge_thatIsDeclined_hasTheClassOfItsIssue() {
    assertThat(invoice(FakePayPal.DECLINED + "INSTRUMENT_DECLINED").result())
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> {
              assertThat(declined.declineClass()).isEqualTo(DeclineClass.FUNDS);
              assertThat(declined.code()).isEqualTo("INSTRUMENT_DECLINED");
            });
    world.method("c", ProviderName.PAYPAL, FakePayPal.DECLINED + "PAYER_CANNOT_PAY");
    assertThat(charge("i-1", 2))
        .isInstanceOfSatisfying(
            Declined.class,
            declined -> assertThat(declined.declineClass()).isEqualTo(DeclineClass.HARD));
  }

  @Test
  void charge_thatThePayerApprovesOnAPage_isTakenOnce_byWebhookOrByTheReconciler() {
    Charge waiting = invoice(FakePayPal.ACTION);
    assertThat(waiting.result())
        .isInstanceOfSatisfying(
            RequiresAction.class, action -> assertThat(action.url()).contains("checkoutnow"));
    String order = String.valueOf(waiting.reference());
    reconcile();
    assertThat(state()).as("nobody has approved it").isEqualTo(ChargeState.REQUIRES_ACTION);

    paypal.fake.approve(order);
    ObjectNode approved = paypal.fake.orders().get(0);
    assertThat(paypal.webhook("CHECKOUT.ORDER.APPROVED", approved)).isEqualTo(EventState.APPLIED);
    reconcile();
    assertThat(paypal.webhook("CHECKOUT.ORDER.APPROVED", approved)).isEqualTo(EventState.APPLIED);

    assertThat(state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(paypal.fake.captures()).hasSize(1);
    assertThat(world.count("payment")).isEqualTo(1);
  }

  @Test
  void approval_whoseWebhookIsLost_isTakenByTheReconciler() {
    Charge waiting = invoice(FakePayPal.ACTION);
    paypal.fake.approve(String.valueOf(waiting.reference()));
    world.pass(Duration.ofHours(2));
    paypal.parts().reconciler().run();
    assertThat(state()).isEqualTo(ChargeState.SUCCEEDED);
  }

  @Test
  void approval_ofAnOrderOfAnotherShop_isNotTaken() {
    invoice(FakePayPal.OK);
    PaymentProvider.HostedPage foreign =
        paypal
            .paypal()
            .page(
                new PaymentProvider.PageRequest(
                    "p",
                    "c",
                    "c",
                    "USD",
                    new PaymentProvider.PayPart("int_x", 1, ProviderWorld.usd("5"), "other"),
                    ProviderWorld.BACK));
    paypal.fake.approve(foreign.reference());
    ObjectNode order = paypal.fake.orders().get(1);
    assertThat(paypal.webhook("CHECKOUT.ORDER.APPROVED", order)).isEqualTo(EventState.PARKED);
    assertThat(paypal.fake.captures()).hasSize(1);
  }

  @Test
  void debit_ofABank_takesDays_andIsPaidByItsWebhook() {
    Charge processing = invoice(FakePayPal.BANK);
    assertThat(processing.result()).isInstanceOf(Processing.class);
    String capture = String.valueOf(processing.reference());
    paypal.fake.status(capture, "COMPLETED");
    ObjectNode shown = paypal.fake.captures().get(0);
    assertThat(paypal.webhook("PAYMENT.CAPTURE.COMPLETED", shown)).isEqualTo(EventState.APPLIED);
    assertThat(state()).isEqualTo(ChargeState.SUCCEEDED);
  }

  @Test
  void answer_thatIsLost_isSettledByTheSameKey_byTheInvoice_andByTheListOfEvents() {
    paypal.customer("c", FakePayPal.OK);
    world.invoice("c", "i-1", "100");
    paypal.fake.fault(Fault.LOST_AFTER);
    assertThat(charge("i-1", 1)).isInstanceOf(Unknown.class);
    reconcile();
    assertThat(state()).isEqualTo(ChargeState.SUCCEEDED);

    world.invoice("c", "i-2", "50");
    paypal.fake.fault(Fault.ERROR_AFTER);
    assertThat(charge("i-2", 1)).isInstanceOf(Unknown.class);
    paypal.fake.forgetKeys();
    reconcile();
    assertThat(world.charge("i-2", 1).state())
        .as("PayPal has forgotten the key too early")
        .isEqualTo(ChargeState.SUCCEEDED);

    world.invoice("c", "i-3", "20");
    paypal.fake.fault(Fault.LOST_AFTER);
    assertThat(charge("i-3", 1)).isInstanceOf(Unknown.class);
    world.pass(Duration.ofHours(7));
    paypal.fake.forgetKeys();
    paypal.parts().reconciler().run();
    assertThat(world.charge("i-3", 1).state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(paypal.fake.captures()).hasSize(3);

    world.invoice("c", "i-4", "10");
    paypal.fake.fault(Fault.LOST_BEFORE);
    assertThat(charge("i-4", 1)).isInstanceOf(Unknown.class);
    world.pass(Duration.ofHours(7));
    paypal.parts().reconciler().run();
    assertThat(world.charge("i-4", 1).declineCode()).isEqualTo("never_received");
  }

  @Test
  void refund_thatIsLost_isMadeOnce_alsoAfterTheKey_andNeverAboveThePayment() {
    Charge paid = invoice(FakePayPal.OK);
    String payment = String.valueOf(paid.paymentId());
    paypal.fake.fault(Fault.LOST_AFTER);
    StoredRefund lost = refund(payment, "40");
    assertThat(lost.state()).isEqualTo(RefundState.CREATED);
    world.pass(Duration.ofHours(7));
    paypal.fake.forgetKeys();
    paypal.parts().reconciler().run();
    assertThat(paypal.fake.refunds()).hasSize(1);
    assertThat(world.count("charge_refund WHERE state = 'succeeded'")).isEqualTo(1);
    assertThat(refund(payment, "60").state()).isEqualTo(RefundState.SUCCEEDED);
    assertThat(world.count("posting WHERE kind = 'refund'")).isEqualTo(2);
  }

  private StoredRefund refund(String payment, String amount) {
    return paypal
        .parts()
        .refunds()
        .refund(payment, ProviderWorld.usd(amount), "late start", ProviderWorld.TESTER);
  }

  @Test
  void refundAtTheConsole_andAReversal_areBookedOnce() {
    String capture = String.valueOf(invoice(FakePayPal.OK).reference());
    ObjectNode refund = paypal.fake.refundAtConsole(capture, "30.00");
    ObjectNode reversal = paypal.fake.refundAtConsole(capture, "70.00");
    for (int i = 0; i < 2; i++) {
      assertThat(paypal.webhook("PAYMENT.CAPTURE.REFUNDED", refund)).isEqualTo(EventState.APPLIED);
      assertThat(paypal.webhook("PAYMENT.CAPTURE.REVERSED", reversal))
          .isEqualTo(EventState.APPLIED);
    }
    assertThat(world.count("posting WHERE kind = 'refund'")).isEqualTo(1);
    assertThat(world.count("posting WHERE kind = 'chargeback'")).isEqualTo(1);
    assertThat(state()).isEqualTo(ChargeState.RETURNED);
    assertThat(world.open("i-1")).isEqualTo(ProviderWorld.usd("100"));
  }

  @Test
  void page_onWhichACustomerApproves_savesTheTokenOnce_encrypted() {
    world.customer("c");
    StoredPage page =
        world.database.inTransaction(
            handle ->
                paypal
                    .parts()
                    .pages(world.database.within(handle))
                    .prepare(handle, "c", ProviderName.PAYPAL, ProviderWorld.TESTER));
    paypal.parts().pages().open(page, "USD");
    assertThat(paypal.parts().pages().require(page.id()).url()).contains("agreements/approve");
    paypal.parts().reconciler().run();
    assertThat(world.count("saved_method")).as("nobody has approved it").isZero();

    paypal.fake.approve("SETUP%012d".formatted(1));
    for (int i = 0; i < 3; i++) {
      lookAtPages();
    }
    assertThat(world.count("saved_method WHERE is_default AND brand = 'paypal'")).isEqualTo(1);
    assertThat(world.count("outbox_event WHERE kind = 'payment_method.saved'")).isEqualTo(1);
    world.invoice("c", "i-1", "10");
    paypal.parts().job().run();
    assertThat(world.open("i-1").signum()).isZero();
  }

  private void lookAtPages() {
    world.database.useTransaction(
        handle ->
            handle.execute("UPDATE provider_page SET look_at = now() WHERE look_at IS NOT NULL"));
    paypal.parts().reconciler().run();
  }

  @Test
  void charge_withAWrongSecret_needsAnOperator_andGoesOnOnceItIsRight() {
    paypal.fake.denied(true);
    Charge denied = invoice(FakePayPal.OK);
    assertThat(denied.result())
        .isInstanceOfSatisfying(
            NeedsOperator.class,
            needs -> assertThat(needs.problem()).contains("PayPal answered 401", "client id"));
    reconcile();
    assertThat(state()).isEqualTo(ChargeState.NEEDS_OPERATOR);
    assertThat(world.count("outbox_event WHERE kind = 'charge.needs_operator'")).isEqualTo(1);
    paypal.fake.denied(false);
    reconcile();
    assertThat(state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(paypal.fake.captures()).hasSize(1);
  }
}
