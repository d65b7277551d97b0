package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.RejectionReason;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AssertionsTest {
  private static final String KEY = "sk-canary";
  private static final Duration SHORT = Duration.ofMillis(1);

  private final TestBilling billing = TestBilling.create().allow(KEY, "ada");

  @Test
  void assertions_thatHold_pass() {
    billing.report(
        UsageEvent.of(KEY, "llm", "gpt-4", 2)
            .withMetadata(Map.of("status", "OK"))
            .quantity("input_tokens", 812)
            .quantity("audio_seconds", 1.25)
            .withSubject("ann")
            .withSession("s-1")
            .withExecution("run-7")
            .withIdempotencyKey("order-1"));
    assertThat(billing)
        .singleEvent()
        .isBy("ada")
        .hasKey(KEY)
        .isOf("llm", "gpt-4")
        .hasUsage(2)
        .hasUsage(new BigDecimal("2.00"))
        .hasMetadata("status", "OK")
        .hasQuantity("input_tokens", 812)
        .hasQuantity("audio_seconds", new BigDecimal("1.250"))
        .hasOnlyQuantities("audio_seconds", "input_tokens")
        .hasSubject("ann")
        .hasSession("s-1")
        .hasExecution("run-7")
        .hasIdempotencyKey("order-1");
    billing.report(UsageEvent.of(KEY, "llm", "gpt-4", 0.25));
    assertThat(billing)
        .event(1)
        .hasOnlyQuantities()
        .hasSubject(null)
        .hasSession(null)
        .hasExecution(null);
    TestBillingAssert.assertThat(billing)
        .hasEvents(2)
        .hasUsage("llm", 2.25)
        .hasUsage("tts", 0)
        .hasDelivered(2)
        .hasPending(0)
        .hasNoRejections();
  }

  @Test
  void assertions_thatFail_sayWhatWasFoundAndShowNoKey() {
    billing.report(UsageEvent.of(KEY, "llm", "gpt-4", 2).quantity("input_tokens", 812));
    List<ThrowingCallable> wrong =
        List.of(
            () -> assertThat(billing).within(SHORT).hasEvents(2),
            () -> assertThat(billing).hasNoEvents(),
            () -> assertThat(billing).within(SHORT).event(1),
            () -> assertThat(billing).hasUsage("llm", 3),
            () -> assertThat(billing).hasPending(1),
            () -> assertThat(billing).hasDelivered(0),
            () -> assertThat(billing).hasRejected(RejectionReason.INVALID),
            () -> assertThat(billing).singleEvent().isBy("bob"),
            () -> assertThat(billing).singleEvent().hasKey("sk-canary-2"),
            () -> assertThat(billing).singleEvent().isOf("llm", "gpt-5"),
            () -> assertThat(billing).singleEvent().isOf("tts", "gpt-4"),
            () -> assertThat(billing).singleEvent().hasUsage(2.5),
            () -> assertThat(billing).singleEvent().hasQuantity("input_tokens", 811),
            () -> assertThat(billing).singleEvent().hasQuantity("output_tokens", 812),
            () -> assertThat(billing).singleEvent().hasOnlyQuantities(),
            () -> assertThat(billing).singleEvent().hasOnlyQuantities("input_tokens", "other"),
            () -> assertThat(billing).singleEvent().hasSubject("ann"),
            () -> assertThat(billing).singleEvent().hasSession("s-1"),
            () -> assertThat(billing).singleEvent().hasExecution("run-7"),
            () -> assertThat(billing).singleEvent().hasMetadata("status", "OK"),
            () -> assertThat(billing).singleEvent().hasIdempotencyKey("order-1"));
    assertThat(wrong)
        .allSatisfy(
            each ->
                assertThatThrownBy(each)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("xpected")
                    .hasMessageNotContaining("canary"));
    billing.report(null);
    assertThatThrownBy(() -> assertThat(billing).hasNoRejections())
        .hasMessageContaining("event must not be null");
    assertThatThrownBy(() -> assertThat(billing).singleEvent().hasUsage(2.5))
        .hasMessageContaining("Expected a usage of 2.5, but was 2");
  }

  @Test
  void hasEvents_eventComesLater_waitsForIt() {
    CompletableFuture<Void> later =
        CompletableFuture.runAsync(() -> billing.report(UsageEvent.of(KEY, "llm", "gpt-4", 2)));
    assertThat(billing).within(Duration.ofSeconds(60)).singleEvent().hasUsage(2);
    later.join();
  }
}
