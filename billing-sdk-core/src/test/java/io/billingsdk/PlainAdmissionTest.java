package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.Admission.Admitted;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that a client without quotas lets in: each ends once, however it ends. */
final class PlainAdmissionTest {
  private static final UsageEvent EVENT = UsageEvent.of("sk-1", "llm", "m", 5);
  private static final UsageEvent REJECTED = UsageEvent.of("sk-1", "llm", "m", -5);

  private final Client client = new Client();
  private final Admitted call = (Admitted) client.admit(EVENT);

  /** Rejects negative usage, and runs what the test wants while it looks at an event. */
  private static final class Client extends FakeBillingClient {
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
    private final CompletableFuture<ReportOutcome.Accepted> durable = new CompletableFuture<>();
    private int accepted;

    @Override
    public KeyDecision check(@Nullable String apiKey) {
      return KeyDecision.Allowed.of(Caller.of("sk-1", "k-1", "app"));
    }

    @Override
    public ReportOutcome report(@Nullable UsageEvent event) {
      Runnable between = meanwhile.getAndSet(null);
      if (between != null) {
        between.run();
      }
      if (event == null || event.usage() == null || event.usage().signum() < 0) {
        return ReportOutcome.Rejected.of(RejectionReason.INVALID, "usage", "negative");
      }
      accepted++;
      return ReportOutcome.Accepted.of(new java.util.UUID(1, 1), accepted);
    }

    @Override
    public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
      return durable;
    }
  }

  private void assertEnded(int accepted) {
    assertThat(call.settle(EVENT).rejection().orElseThrow().field()).isEqualTo("admission");
    assertThat(call.settle(BigDecimal.ONE).accepted()).isFalse();
    assertThat(call.report(EVENT).accepted()).isFalse();
    assertThat(call.settleDurably(EVENT)).isCompletedExceptionally();
    assertThat(client.accepted).isEqualTo(accepted);
  }

  @Test
  void settle_twice_reportsOnce() {
    assertThat(call.settle(EVENT).accepted()).isTrue();
    assertEnded(1);
    call.close();
    assertEnded(1);
  }

  @Test
  void settle_afterClose_reportsNothing() {
    call.close();
    call.close();
    assertEnded(0);
  }

  @Test
  void settle_negative_isRejectedAndLeavesItOpen() {
    assertThat(call.settle(REJECTED).accepted()).isFalse();
    assertThat(call.settle(EVENT).accepted()).isTrue();
    assertEnded(1);
  }

  @Test
  void settle_closedWhileItIsRejected_staysClosed() {
    client.meanwhile.set(call::close);
    assertThat(call.settle(REJECTED).accepted()).isFalse();
    assertEnded(0);
  }

  @Test
  void settle_clientThrows_staysOpen() {
    client.meanwhile.set(
        () -> {
          throw new IllegalStateException("planned");
        });
    assertThatThrownBy(() -> call.settle(EVENT)).hasMessage("planned");
    assertThat(call.settle(EVENT).accepted()).isTrue();
    assertEnded(1);
  }

  @Test
  void settleDurably_closedWhileItIsRejected_staysClosed() {
    CompletableFuture<ReportOutcome.Accepted> future = call.settleDurably(EVENT);
    call.close();
    client.durable.completeExceptionally(
        new BillingException(
            ReportOutcome.Rejected.of(RejectionReason.BUFFER_FULL, "", "no room")));
    assertThat(future).isCompletedExceptionally();
    assertEnded(0);
  }

  @Test
  void settleDurably_notForced_hasEnded() {
    CompletableFuture<ReportOutcome.Accepted> future = call.settleDurably(EVENT);
    client.durable.completeExceptionally(new BillingException("the disk is full"));
    assertThat(future).isCompletedExceptionally();
    assertEnded(0);
  }
}
