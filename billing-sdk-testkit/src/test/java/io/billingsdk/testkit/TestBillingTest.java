package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TestBillingTest {
  private static final String KEY = "sk-canary";

  private final TestBilling billing = TestBilling.create();

  @Test
  void check_keysOfEachKind_answersAsARealClient() {
    billing.allow(KEY, "ada").allow("sk-other", "bob").block("sk-other", "unpaid");
    assertThat(billing.check(KEY))
        .isInstanceOfSatisfying(
            KeyDecision.Allowed.class,
            allowed -> {
              assertThat(allowed.caller().appId()).isEqualTo("ada");
              assertThat(allowed.caller().keyId()).startsWith("k_").doesNotContain("canary");
            });
    assertThat(denial("sk-other").reason()).isEqualTo(DenialReason.BLOCKED);
    assertThat(denial("sk-other").operatorReason()).isEqualTo("unpaid");
    assertThat(denial("unknown").reason()).isEqualTo(DenialReason.INVALID);
    assertThat(denial(null).reason()).isEqualTo(DenialReason.MISSING);
    assertThat(denial(" ").reason()).isEqualTo(DenialReason.MISSING);
    assertThat(denial(billing.remove(KEY), KEY).reason()).isEqualTo(DenialReason.INVALID);
  }

  @Test
  void check_keysAreLost_isUnavailableUntilTheyAreFound() {
    billing.allow(KEY, "ada").loseKeys();
    assertThat(denial(KEY).reason()).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(billing.awaitReady(Duration.ofDays(1))).isFalse();
    billing.findKeys();
    assertThat(billing.check(KEY)).isInstanceOf(KeyDecision.Allowed.class);
    assertThat(billing.awaitReady(Duration.ZERO)).isTrue();
  }

  @Test
  void check_scripted_answersInOrderThenAsBefore() {
    billing
        .allow(KEY, "ada")
        .decideNext(
            KEY,
            KeyDecision.Denied.because(DenialReason.UNAVAILABLE),
            KeyDecision.Denied.because(DenialReason.BLOCKED));
    assertThat(denial(KEY).reason()).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(denial(KEY).reason()).isEqualTo(DenialReason.BLOCKED);
    assertThat(billing.check(KEY)).isInstanceOf(KeyDecision.Allowed.class);
    billing.decide(KEY, KeyDecision.Denied.because(DenialReason.MODEL_NOT_ALLOWED));
    assertThat(denial(KEY).reason()).isEqualTo(DenialReason.MODEL_NOT_ALLOWED);
  }

  @Test
  void check_entitlements_enforcesExpiryAndModels() {
    Instant now = Instant.now();
    billing.allow("old", "ada", Entitlements.UNLIMITED.withExpiresAt(now.minusSeconds(1)));
    billing.allow(KEY, "ada", Entitlements.UNLIMITED.withModels(List.of("gpt-4*")));
    assertThat(denial("old").reason()).isEqualTo(DenialReason.INVALID);
    assertThat(billing.check(KEY, "gpt-4o")).isInstanceOf(KeyDecision.Allowed.class);
    assertThat(billing.check(KEY, "tiny"))
        .isEqualTo(KeyDecision.Denied.because(DenialReason.MODEL_NOT_ALLOWED));
  }

  @Test
  void block_keyThatWasNotAllowed_isRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> billing.block(KEY, "unpaid"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allow(apiKey, appId) first")
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> billing.bufferOf(-1)).hasMessageContaining("at least 0");
  }

  @Test
  void outage_fillsAndDrains_inOrderWithTheEquationHolding() {
    List<ConnectionState> states = new ArrayList<>();
    billing.addListener(
        new BillingListener() {
          @Override
          public void statusChanged(ClientStatus status) {
            states.add(status.state());
          }
        });
    billing.allow(KEY, "ada").bufferOf(3);
    report(1);
    billing.startOutage();
    IntStream.rangeClosed(2, 5).forEach(this::report);
    assertThat(billing).hasEvents(4).hasDelivered(1).hasPending(3);
    assertThat(billing).hasRejected(RejectionReason.BUFFER_FULL);
    assertThat(billing.flush(Duration.ofDays(1)).held()).isEqualTo(3);
    assertThat(billing.status().state()).isEqualTo(ConnectionState.DISCONNECTED);
    assertThat(billing.status().lastProblem()).isNotNull();
    assertThat(billing.check(KEY)).isInstanceOf(KeyDecision.Allowed.class);
    equationHolds();

    billing.endOutage();
    assertThat(billing).hasDelivered(4).hasPending(0);
    assertThat(billing.delivered()).isEqualTo(billing.events());
    assertThat(billing.flush(Duration.ZERO).complete()).isTrue();
    assertThat(states).containsExactly(ConnectionState.DISCONNECTED, ConnectionState.CONNECTED);
    equationHolds();
  }

  @Test
  void refuse_someEvents_areSetAsideAndTold() {
    List<String> letters = new ArrayList<>();
    billing.addListener(
        new BillingListener() {
          @Override
          public void eventDeadLettered(DeadLetter letter) {
            letters.add(letter.seq() + " " + letter.reason());
          }
        });
    billing.refuse(event -> "bad".equals(event.model()), "TOO_OLD");
    billing.report(UsageEvent.of(KEY, "llm", "bad", 1));
    billing.startOutage();
    billing.report(UsageEvent.of(KEY, "llm", "good", 1));
    billing.report(UsageEvent.of(KEY, "llm", "bad", 1));
    assertThat(letters).containsExactly("1 TOO_OLD");
    billing.endOutage();
    assertThat(letters).containsExactly("1 TOO_OLD", "3 TOO_OLD");
    assertThat(billing).hasEvents(3).hasDelivered(1);
    assertThat(billing.flush(Duration.ZERO).deadLettered()).isEqualTo(2);
    equationHolds();
  }

  @Test
  void report_accepted_isNumberedAndKeepsTheMetadataOfThen() {
    Map<String, Object> metadata = new HashMap<>(Map.of("a", 1));
    UsageEvent event = UsageEvent.of(KEY, "llm", "m", 1).withMetadata(metadata);
    Accepted first = (Accepted) billing.report(event);
    metadata.put("a", 2);
    Accepted second = (Accepted) billing.report(event);
    assertThat(first.seq()).isEqualTo(1);
    assertThat(second.seq()).isEqualTo(2);
    assertThat(second.stream()).isEqualTo(first.stream());
    assertThat(billing).event(0).hasMetadata("a", 1);
    assertThat(billing).event(1).hasMetadata("a", 2);
  }

  @Test
  void report_rejected_isCountedByReason() {
    billing.rejectReports(RejectionReason.STORAGE_UNAVAILABLE);
    assertThat(report(1)).isFalse();
    assertThat(billing.reportDurably(UsageEvent.of(KEY, "llm", "m", 1)))
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            BillingException.class, refused -> assertThat(refused.rejection()).isPresent());
    billing.acceptReports();
    assertThat(report(1)).isTrue();
    assertThat(billing.reportDurably(UsageEvent.of(KEY, "llm", "m", 1))).isCompleted();
    assertThat(billing).hasEvents(2);
    assertThat(billing.status().delivery().rejected())
        .isEqualTo(Map.of(RejectionReason.STORAGE_UNAVAILABLE, 2L));
    assertThat(billing.forgetEvents()).hasNoEvents().hasNoRejections();
  }

  @Test
  void close_inAnOutage_holdsWhatWaitsAndTakesNothingMore() {
    billing.startOutage();
    report(1);
    assertThat(billing.close(Duration.ZERO).held()).isEqualTo(1);
    assertThat(billing.close(Duration.ZERO).held()).isEqualTo(1);
    assertThat(report(1)).isFalse();
    assertThat(billing).hasRejected(RejectionReason.CLOSED).hasEvents(1);
    assertThat(billing.status().state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(billing.awaitReady(Duration.ZERO)).isFalse();
  }

  @Test
  void keyChanged_listenerThrows_othersHearAllTheSame() {
    List<String> heard = new ArrayList<>();
    BillingListener listener =
        new BillingListener() {
          @Override
          public void keyChanged(KeyChange change) {
            heard.add(change.caller().appId() + " " + change.blocked() + " " + change.reason());
          }
        };
    billing.addListener(
        new BillingListener() {
          @Override
          public void keyChanged(KeyChange change) {
            throw new IllegalStateException("a bug of the service");
          }
        });
    billing.addListener(listener);
    billing.addListener(listener);
    billing.allow(KEY, "ada").block(KEY, "unpaid");
    billing.removeListener(listener);
    billing.allow(KEY, "ada");
    assertThat(heard).containsExactly("ada false null", "ada true unpaid");
    assertThat(billing.appOf(KEY)).contains("ada");
  }

  @Test
  void awaitEvents_neverComing_isFalseAndKeepsTheInterrupt() {
    assertThat(billing.awaitEvents(1, Duration.ofMillis(1))).isFalse();
    Thread.currentThread().interrupt();
    assertThat(billing.awaitEvents(1, Duration.ofSeconds(60))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void toString_always_showsNoKey() {
    billing.allow(KEY, "ada");
    report(1);
    assertThat(billing.toString()).contains("accepted=1").doesNotContain("canary");
  }

  private boolean report(int usage) {
    return billing.report(UsageEvent.of(KEY, "llm", "m", usage)).accepted();
  }

  private KeyDecision.Denied denial(@Nullable String apiKey) {
    return denial(billing, apiKey);
  }

  private static KeyDecision.Denied denial(BillingClient client, @Nullable String apiKey) {
    return (KeyDecision.Denied) client.check(apiKey);
  }

  private void equationHolds() {
    ClientStatus.Delivery d = billing.status().delivery();
    assertThat(d.accepted()).isEqualTo(d.delivered() + d.pending() + d.deadLettered());
  }
}
