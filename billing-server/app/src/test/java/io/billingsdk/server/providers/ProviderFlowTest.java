package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.providers.ChargeResult.Declined;
import io.billingsdk.server.providers.ChargeResult.NotCharged;
import io.billingsdk.server.providers.ChargeResult.Processing;
import io.billingsdk.server.providers.ChargeResult.RequiresAction;
import io.billingsdk.server.providers.ChargeResult.Succeeded;
import io.billingsdk.server.providers.ChargeResult.Unknown;
import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.ProviderEvent.EventMatter;
import io.billingsdk.server.providers.ProviderEvent.OfDispute;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.server.providers.ProviderEvent.OfRefund;
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
class ProviderFlowTest {
  @TempDir Path directory;

  private ProviderWorld world;
  private int event;

  @BeforeEach
  void start() {
    world = new ProviderWorld(directory);
  }

  @AfterEach
  void stop() {
    assertThat(world.cents("true")).as("all accounts together").isZero();
    world.close();
  }

  private EventState take(EventMatter matter) {
    return world
        .parts()
        .events()
        .take(world.stripe(), new ProviderEvent("evt_" + ++event, "test", matter), new byte[0]);
  }

  private ChargeResult charge(String number, int attempt) {
    return world.parts().charges().charge(number, attempt);
  }

  private String reference(String number) {
    return String.valueOf(world.charge(number, 1).reference());
  }

  private String payment(String number) {
    return String.valueOf(world.charge(number, 1).paymentId());
  }

  @Test
  void charge_ofASavedMethod_paysTheInvoice_andBooksTheFee() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");

    assertThat(charge("i-1", 1)).isInstanceOf(Succeeded.class);

    assertThat(world.open("i-1")).isEqualTo(ProviderWorld.usd("0"));
    assertThat(world.cents("account = 'cash_stripe'")).isEqualTo(10_000 - 320);
    assertThat(world.cents("account = 'fee'")).isEqualTo(320);
    assertThat(charge("i-1", 1)).as("the same attempt again").isInstanceOf(Succeeded.class);
    assertThat(charge("i-1", 2)).isInstanceOf(NotCharged.class);
    assertThat(world.fake.intents()).hasSize(1);
  }

  @Test
  void charge_thatIsDeclined_isDeclinedAgainUnderAnotherKey_andPaidByAnotherMethod() {
    world.customer("c", "pm_declined_insufficient_funds");
    world.invoice("c", "i-1", "100");

    assertThat(charge("i-1", 1))
        .isEqualTo(
            new Declined(world.charge("i-1", 1).id(), DeclineClass.FUNDS, "insufficient_funds"));
    world.method("c", "pm_ok");
    assertThat(charge("i-1", 2)).isInstanceOf(Succeeded.class);

    assertThat(world.open("i-1").signum()).isZero();
    assertThat(world.charge("i-1", 2).intent()).isEqualTo(world.charge("i-1", 1).intent());
    assertThat(world.count("outbox_event WHERE kind = 'charge.failed'")).isEqualTo(1);
  }

  @Test
  void charge_thatNeedsTheCustomer_isNoDecline_andHasAPage() {
    world.customer("c", "pm_declined_authentication_required");
    world.invoice("c", "i-1", "100");

    assertThat(charge("i-1", 1))
        .isInstanceOfSatisfying(
            RequiresAction.class,
            action -> assertThat(action.url()).startsWith("https://checkout.stripe.example/"));
    assertThat(charge("i-1", 2)).as("while it waits").isInstanceOf(NotCharged.class);

    world.fake.status(reference("i-1"), "succeeded");
    assertThat(take(new OfPayment(reference("i-1")))).isEqualTo(EventState.APPLIED);
    assertThat(world.open("i-1").signum()).isZero();
  }

  @Test
  void debit_thatIsReturnedAfterItWasPaid_opensTheInvoiceAgain() {
    world.customer("c", "pm_bank");
    world.invoice("c", "i-1", "100");
    assertThat(charge("i-1", 1)).isInstanceOf(Processing.class);
    world.fake.status(reference("i-1"), "succeeded");
    take(new OfPayment(reference("i-1")));
    assertThat(world.open("i-1").signum()).isZero();

    Money all = ProviderWorld.usd("100");
    take(new OfDispute("dp_1", reference("i-1"), all, /* won= */ false, /* isReturn= */ true));

    assertThat(world.open("i-1")).isEqualTo(all);
    assertThat(world.charge("i-1", 1).state()).isEqualTo(ChargeState.RETURNED);
    assertThat(charge("i-1", 2)).isInstanceOf(Processing.class);
  }

  @Test
  void answer_thatIsLost_isSettledByTheSameKey_andLaterByTheList() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    world.invoice("c", "i-2", "50");
    world.fake.fault(Fault.LOST_AFTER);
    assertThat(charge("i-1", 1)).isInstanceOf(Unknown.class);
    world.fake.fault(Fault.LOST_BEFORE);
    assertThat(charge("i-2", 1)).isInstanceOf(Unknown.class);
    assertThat(charge("i-2", 2)).as("while it is not known").isInstanceOf(NotCharged.class);

    world.pass(Duration.ofDays(2));
    world.parts().reconciler().run();

    assertThat(world.charge("i-1", 1).state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(world.charge("i-2", 1).declineCode()).isEqualTo("never_received");
    assertThat(world.fake.intents()).hasSize(1);
    assertThat(charge("i-2", 2)).isInstanceOf(Succeeded.class);
  }

  @Test
  void attempt_thatIsMadeAgainAfterTheProviderForgotItsKey_isNotSentTwice() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    world.fake.fault(Fault.LOST_AFTER);
    assertThat(charge("i-1", 1)).isInstanceOf(Unknown.class);
    world.pass(Duration.ofDays(2));
    world.fake.forgetKeys();

    assertThat(charge("i-1", 1)).as("as dunning does after a crash").isInstanceOf(Unknown.class);
    assertThat(world.fake.intents()).hasSize(1);
    world.parts().reconciler().run();

    assertThat(charge("i-1", 1)).isInstanceOf(Succeeded.class);
    assertThat(world.cents("account = 'fee'")).as("of a payment of the list").isEqualTo(320);
  }

  @Test
  void answer_thatIsLostAfterTheWebhookCame_leavesNothingToLookAt() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    world.fake.fault(Fault.LOST_AFTER);
    ProviderParts parts =
        world.parts(
            reached -> {
              if (reached == Failpoint.CHARGE_ANSWERED) {
                take(new OfPayment(world.fake.intents().get(0).path("id").asText()));
              }
            });

    ChargeResult unused = parts.charges().charge("i-1", 1);

    assertThat(world.charge("i-1", 1).state()).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(world.count("charge WHERE look_at IS NOT NULL")).isZero();
  }

  @Test
  void page_thatCouldNotBeOpened_isOpenedByTheReconciler_andSaid() {
    world.customer("c", "pm_declined_authentication_required");
    world.invoice("c", "i-1", "100");
    world.fake.pagesAway(true);
    assertThat(charge("i-1", 1))
        .isInstanceOfSatisfying(RequiresAction.class, action -> assertThat(action.url()).isEmpty());

    world.fake.pagesAway(false);
    world.pass(Duration.ofHours(2));
    world.parts().reconciler().run();

    assertThat(world.charge("i-1", 1).actionUrl()).startsWith("https://checkout.stripe.example/");
    assertThat(world.count("outbox_event WHERE payload ->> 'url' LIKE 'https://checkout%'"))
        .isEqualTo(1);
  }

  @Test
  void charge_thatTheProviderNeverHad_hasNoReference() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    world.fake.fault(Fault.LOST_BEFORE);
    ChargeResult unused = charge("i-1", 1);
    world.pass(Duration.ofDays(2));
    world.parts().reconciler().run();

    assertThat(world.charge("i-1", 1).declineCode()).isEqualTo("never_received");
    assertThat(world.charge("i-1", 1).reference()).isNull();
  }

  @Test
  void refund_thatIsRejectedAfterItsWebhookCame_staysDone() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    ChargeResult unused = charge("i-1", 1);
    Money all = ProviderWorld.usd("100");
    ProviderRefunds refunds = world.parts().refunds();
    StoredRefund stored =
        world.database.inTransaction(
            handle -> refunds.prepare(handle, payment("i-1"), all, "x", ProviderWorld.TESTER));
    assertThat(refunds.send(stored).state()).isEqualTo(RefundState.SUCCEEDED);
    // All is given back already, so the same again with another key is refused.
    world.fake.forgetKeys();

    assertThat(refunds.send(stored).state()).isEqualTo(RefundState.SUCCEEDED);
    assertThat(world.fake.refunds()).hasSize(1);
  }

  @Test
  void refund_thatFailsAfterAChargeBack_leavesNoCreditWithoutMoney() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    charge("i-1", 1);
    Money part = ProviderWorld.usd("60");
    StoredRefund refund =
        world.parts().refunds().refund(payment("i-1"), part, "late", ProviderWorld.TESTER);
    assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
    Money all = ProviderWorld.usd("100");
    OfDispute lost = new OfDispute("dp_1", reference("i-1"), all, /* won= */ false, false);
    take(lost);
    take(lost);
    world.fake.refundFails(String.valueOf(refund.reference()));
    take(new OfRefund(String.valueOf(refund.reference())));

    assertThat(world.open("i-1")).isEqualTo(all);
    assertThat(world.cents("account = 'credit'")).as("credit or debt").isZero();
    assertThat(world.cents("account = 'cash_stripe'")).as("but for the fee").isEqualTo(-320);

    take(new OfDispute("dp_1", reference("i-1"), all, /* won= */ true, false));
    assertThat(world.open("i-1").signum()).as("after it was won").isZero();
  }

  @Test
  void refundAtTheConsole_isBookedOnce_alsoWhenItComesBeforeThePayment() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    world.fake.fault(Fault.LOST_AFTER);
    assertThat(charge("i-1", 1)).isInstanceOf(Unknown.class);
    String intent = world.fake.intents().get(0).path("id").asText();
    JsonNode refund = world.fake.refundAtConsole(intent, 2_500);

    take(new OfRefund(refund.path("id").asText()));
    take(new OfRefund(refund.path("id").asText()));

    assertThat(world.open("i-1")).isEqualTo(ProviderWorld.usd("25"));
    assertThat(world.count("charge_refund WHERE actor = 'provider:stripe'")).isEqualTo(1);
    assertThatThrownBy(
            () ->
                world
                    .parts()
                    .refunds()
                    .refund(payment("i-1"), ProviderWorld.usd("75.01"), "x", ProviderWorld.TESTER))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("75.00 USD");
  }

  @Test
  void topUp_bySavedMethod_isPrepaidCredit_andARefundTakesItBack() {
    world.customer("c", "pm_ok");
    ProviderParts parts = world.parts();
    Charge stored =
        world.database.inTransaction(
            handle ->
                parts
                    .topUps(world.database.within(handle))
                    .prepare(handle, "c", ProviderWorld.usd("40"), null, ProviderWorld.TESTER));
    Charge done = parts.topUps().send(stored);
    assertThat(done.state()).isEqualTo(ChargeState.SUCCEEDED);
    Credits credits = new Credits(world.database, ProviderWorld.TESTER);
    assertThat(credits.balance("c", "USD")).isEqualTo(ProviderWorld.usd("40"));

    StoredRefund unused =
        parts
            .refunds()
            .refund(
                String.valueOf(done.paymentId()),
                ProviderWorld.usd("15"),
                "x",
                ProviderWorld.TESTER);
    assertThat(credits.balance("c", "USD")).isEqualTo(ProviderWorld.usd("25"));
    assertThat(world.cents("account = 'prepaid'")).isEqualTo(-2_500);
  }

  @Test
  void topUp_onAPageOfAServerWithoutAWayBack_isRefused() {
    world.customer("c");
    ProviderParts parts = world.partsWithoutPages();
    assertThatThrownBy(
            () ->
                world.database.inTransaction(
                    handle ->
                        parts
                            .topUps(world.database.within(handle))
                            .prepare(
                                handle,
                                "c",
                                ProviderWorld.usd("40"),
                                ProviderName.STRIPE,
                                ProviderWorld.TESTER)))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("--public-url");
    assertThat(world.count("charge")).isZero();
  }

  @Test
  void event_ofNoChargeOfThisServer_isParkedOnce() {
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
    charge("i-1", 1);
    JsonNode foreign = world.fake.intents().get(0);
    assertThat(take(new OfPayment("pi_none"))).isEqualTo(EventState.PARKED);
    assertThat(take(new OfDispute("dp", "pi_none", ProviderWorld.usd("1"), false, false)))
        .isEqualTo(EventState.PARKED);
    assertThat(take(new OfPayment(foreign.path("id").asText()))).isEqualTo(EventState.APPLIED);
    assertThat(world.parts().events().parked(0, 10)).hasSize(2);
    assertThat(world.count("payment")).isEqualTo(1);
  }

  @Test
  void job_chargesEachOpenInvoiceOfWhoHasAMethod_once() {
    world.customer("c", "pm_ok");
    world.customer("none");
    world.customer("poor", "pm_declined_lost_card");
    for (int i = 1; i <= 3; i++) {
      world.invoice("c", "c-" + i, "10");
      world.invoice("none", "n-" + i, "10");
    }
    world.invoice("poor", "p-1", "10");

    world.parts().job().run();
    world.parts().job().run();

    assertThat(world.count("charge WHERE state = 'succeeded'")).isEqualTo(3);
    assertThat(world.count("charge WHERE decline_class = 'hard'")).isEqualTo(1);
    assertThat(world.fake.intents()).hasSize(4);
  }
}
