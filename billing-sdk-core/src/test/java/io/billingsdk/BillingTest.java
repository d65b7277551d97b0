package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.ReportOutcome.Rejected;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The one client of the process. No test here starts one that reaches the network. */
final class BillingTest {
  private static final String KEY = "sk-canary";

  private final FakeBillingClient client = new FakeBillingClient();

  @BeforeEach
  @AfterEach
  void noClient() {
    Billing.close(Duration.ZERO);
  }

  @Test
  void reportUsage_noClient_isRejectedAsNotStarted() {
    ReportOutcome outcome = Billing.reportUsage(KEY, "llm", "gpt-4", 1);
    assertThat(outcome).isInstanceOf(Rejected.class);
    assertThat(((Rejected) outcome).reason()).isEqualTo(RejectionReason.NOT_STARTED);
    assertThat(outcome.toString()).doesNotContain("canary");
    assertThat(Billing.reportUsage(null, null, null, Double.NaN, null).accepted()).isFalse();
    UsageEvent event = UsageEvent.of(KEY, "llm", "gpt-4", 1);
    assertThat(((Rejected) Billing.report(event)).reason()).isEqualTo(RejectionReason.NOT_STARTED);
    assertThat(Billing.reportDurably(event))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(BillingException.class)
        .withMessageContaining("NOT_STARTED")
        .withMessageNotContaining("canary");
    assertThat(Billing.client()).isEmpty();
    assertThat(Billing.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, 0, 0));
  }

  @Test
  void reportUsage_installed_forwardsEverything() {
    Billing.install(client);
    assertThat(Billing.client()).contains(client);
    assertThat(Billing.reportUsage(KEY, "llm", "gpt-4", 2.5, Map.of("a", 1)))
        .isEqualTo(ReportOutcome.Accepted.of(FakeBillingClient.STREAM, 1));
    assertThat(Billing.reportUsage(KEY, "llm", "gpt-4", 1).accepted()).isTrue();
    UsageEvent whole = UsageEvent.of(KEY, "llm", "gpt-4", 3).withIdempotencyKey("once");
    assertThat(Billing.report(whole).accepted()).isTrue();
    assertThat(Billing.reportDurably(whole)).isCompleted();
    assertThat(client.reported())
        .containsExactly(
            UsageEvent.of(KEY, "llm", "gpt-4", 2.5).withMetadata(Map.of("a", 1)),
            UsageEvent.of(KEY, "llm", "gpt-4", 1),
            whole,
            whole);
  }

  @Test
  void install_second_failsNamingTheFirstCallerWithItsStackAsCause() {
    installHere();
    assertThatThrownBy(() -> Billing.install(new FakeBillingClient()))
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("BillingTest.installHere")
        .hasMessageContaining("close it first")
        .cause()
        .satisfies(
            cause ->
                assertThat(cause.getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("installHere"));
    assertThat(Billing.client()).contains(client);
  }

  private void installHere() {
    Billing.install(client);
  }

  @Test
  void start_second_failsToo() {
    installHere();
    BillingConfig config = BillingConfig.builder().host("broker.invalid").build();
    assertThatThrownBy(() -> Billing.start(config))
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("BillingTest.installHere");
  }

  @Test
  void start_thatFails_leavesRoomForAnother() {
    BillingConfig config =
        BillingConfig.builder().host("broker.invalid").caCertificates(Path.of("no.pem")).build();
    assertThatThrownBy(() -> Billing.start(config))
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("no.pem");
    assertThat(Billing.client()).isEmpty();
    Billing.install(client);
  }

  @Test
  void close_installed_closesItAndLeavesRoomForAnother() {
    Billing.install(client);
    assertThat(Billing.close(Duration.ofSeconds(7))).isEqualTo(FakeBillingClient.DRAINED);
    assertThat(client.closedWith()).isEqualTo(Duration.ofSeconds(7));
    assertThat(Billing.client()).isEmpty();
    Billing.install(new FakeBillingClient());
    assertThat(Billing.client()).isPresent();
  }

  @Test
  void install_firstWasClosedDirectly_isTaken() {
    Billing.install(client);
    client.close();
    FakeBillingClient second = new FakeBillingClient();
    Billing.install(second);
    assertThat(Billing.client()).contains(second);
  }

  /** The door of billing-sdk-testkit, which finds it by name. */
  @Test
  void exchange_anotherAndNone_closesNeitherAndReturnsWhatWasInstalled() {
    FakeBillingClient second = new FakeBillingClient();
    assertThat(Billing.exchange(client)).isNull();
    assertThat(Billing.exchange(second)).isSameAs(client);
    assertThat(Billing.client()).contains(second);
    assertThat(Billing.exchange(null)).isSameAs(second);
    assertThat(Billing.client()).isEmpty();
    assertThat(client.closedWith()).isNull();
    assertThat(second.closedWith()).isNull();
  }

  // Callers whose code is not checked for null.
  @SuppressWarnings("NullAway")
  @Test
  void startAndInstall_null_areRefusedNamingTheParameter() {
    assertThatThrownBy(() -> Billing.start(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("config");
    assertThatThrownBy(() -> Billing.install(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("client");
  }

  @Test
  void toString_ofWhatHoldsASecret_masksIt() {
    Caller caller = Caller.of(KEY, "k_1", "app");
    UsageEvent event = UsageEvent.by(caller, "llm", "m", 1).withMetadata(Map.of("p", "canary"));
    assertThat(caller).hasToString("Caller[keyId=k_1, appId=app]");
    assertThat(event.toString()).doesNotContain("canary").contains("llm");
    assertThat(event.apiKey()).isEqualTo(KEY);
    assertThat(new Credentials("user", "canary"))
        .hasToString("Credentials[username=user, password=***]");
    assertThat(KeyDecision.Allowed.of(caller).toString()).doesNotContain("canary");
    assertThat(BillingListener.KeyChange.of(caller, true, null).toString())
        .doesNotContain("canary");
    assertThat(ReportOutcome.Accepted.of(new UUID(0, 1), 1).accepted()).isTrue();
  }

  @Test
  void equals_callersWithTheSameIds_areEqual() {
    Caller caller = Caller.of(KEY, "k_1", "app");
    assertThat(caller)
        .isEqualTo(Caller.of("another", "k_1", "app"))
        .hasSameHashCodeAs(Caller.of("another", "k_1", "app"))
        .isNotEqualTo(Caller.of(KEY, "k_2", "app"))
        .isNotEqualTo(Caller.of(KEY, "k_1", "other"));
  }
}
