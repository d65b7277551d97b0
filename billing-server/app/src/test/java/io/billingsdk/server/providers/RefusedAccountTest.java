package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.providers.ChargeResult.NeedsOperator;
import io.billingsdk.server.providers.ChargeResult.NotCharged;
import io.billingsdk.server.providers.ChargeResult.Unknown;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong key is a matter of an operator: charges say so, wait, and go on. */
@Tag("postgres")
class RefusedAccountTest {
  @TempDir Path directory;

  private ProviderWorld world;

  @BeforeEach
  void start() {
    world = new ProviderWorld(directory);
    world.customer("c", "pm_ok");
    world.invoice("c", "i-1", "100");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private ChargeResult charge() {
    return world.parts().charges().charge("i-1", 1);
  }

  private ChargeState reconciled(Duration after) {
    world.pass(after);
    world.parts().reconciler().run();
    return world.charge("i-1", 1).state();
  }

  @Test
  void charge_withAWrongKey_saysSo_isNoDecline_andIsMadeOnceTheKeyIsRight() {
    world.fake.denied(true);
    assertThat(charge())
        .isInstanceOfSatisfying(
            NeedsOperator.class,
            needs ->
                assertThat(needs.problem()).contains("Stripe answered 401", "a key of Stripe"));
    assertThat(charge()).as("the same attempt").isInstanceOf(NeedsOperator.class);
    assertThat(world.parts().charges().charge("i-1", 2))
        .as("another attempt")
        .isInstanceOf(NotCharged.class);
    JsonNode shown =
        world.http.get("/api/v1/charges?state=needs_operator").json().path("items").path(0);
    assertThat(shown.path("problem").asText()).contains("401");
    assertThat(world.http.get("/metrics").body())
        .containsPattern("billing_charges_needing_operator(\\{.*})? 1");
    for (int i = 0; i < 4; i++) {
      assertThat(reconciled(Duration.ofMinutes(6))).isEqualTo(ChargeState.NEEDS_OPERATOR);
    }
    assertThat(world.count("outbox_event WHERE kind = 'charge.needs_operator'")).isEqualTo(1);
    assertThat(world.count("audit_log WHERE action = 'charge.needs_operator'")).isEqualTo(1);
    assertThat(world.count("outbox_event WHERE kind = 'charge.failed'")).isZero();

    world.fake.denied(false);
    assertThat(reconciled(Duration.ofMinutes(6))).isEqualTo(ChargeState.SUCCEEDED);
    assertThat(world.charge("i-1", 1).problem()).isNull();
    assertThat(world.fake.intents()).hasSize(1);
    assertThat(world.open("i-1").signum()).isZero();
  }

  @Test
  void charge_whoseAnswerIsLostAfterTheKeyWasRight_isUnknownAgain_andMadeOnce() {
    world.fake.denied(true);
    ChargeResult unused = charge();
    world.fake.denied(false);
    world.fake.fault(Fault.LOST_AFTER);
    assertThat(reconciled(Duration.ofMinutes(6))).isEqualTo(ChargeState.CREATED);
    assertThat(charge()).as("the same request again").isNotInstanceOf(Unknown.class);
    assertThat(world.fake.intents()).hasSize(1);
  }

  @Test
  void charge_whoseKeyIsRightAfterADay_isNotMadeTwice_butFailsForAnotherAttempt() {
    world.fake.denied(true);
    ChargeResult unused = charge();
    assertThat(reconciled(Duration.ofHours(25))).isEqualTo(ChargeState.NEEDS_OPERATOR);
    world.fake.denied(false);
    assertThat(reconciled(Duration.ofHours(1))).isEqualTo(ChargeState.FAILED);
    assertThat(world.charge("i-1", 1).declineCode()).isEqualTo("never_received");
    assertThat(world.parts().charges().charge("i-1", 2)).isInstanceOf(ChargeResult.Succeeded.class);
  }

  @Test
  void refund_withAWrongKey_waitsWithItsProblem_andIsMadeOnceTheKeyIsRight() {
    ChargeResult unused = charge();
    String payment = String.valueOf(world.charge("i-1", 1).paymentId());
    world.fake.denied(true);
    StoredRefund refund =
        world
            .parts()
            .refunds()
            .refund(payment, ProviderWorld.usd("40"), "late", ProviderWorld.TESTER);
    assertThat(refund.state()).isEqualTo(RefundState.CREATED);
    assertThat(refund.problem()).contains("Stripe answered 401");
    world.fake.denied(false);
    world.pass(Duration.ofMinutes(5));
    world.parts().reconciler().run();
    assertThat(world.count("charge_refund WHERE state = 'succeeded' AND problem IS NULL"))
        .isEqualTo(1);
    assertThat(world.fake.refunds()).hasSize(1);
  }
}
