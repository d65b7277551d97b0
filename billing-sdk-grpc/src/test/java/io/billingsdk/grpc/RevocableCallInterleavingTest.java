package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.Proof;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A handler, which is one thread at a time, against two threads that revoke: every interleaving of
 * their steps that the model checker finds ends with at most one close and nothing after it.
 */
@Tag("simulation")
public final class RevocableCallInterleavingTest {
  private static final int SCENARIOS = Integer.getInteger("grpc.guard.scenarios", 6);
  private static final int INTERLEAVINGS = 2_000;

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(INTERLEAVINGS)
        .threads(3)
        .actorsBefore(0)
        .actorsPerThread(3)
        .actorsAfter(2);
  }

  @Test
  void guard_everyInterleaving_closesOnceAndSendsNothingAfter() {
    options().check(GuardedCall.class);
    Proof.of("grpc-guard-stress")
        .with("checker", "lincheck-model-checking")
        .with("scenarios", SCENARIOS)
        .with("interleavings_each_up_to", INTERLEAVINGS)
        .with("threads", 3)
        .with("two_closes", 0)
        .with("message_after_close", 0)
        .print();
  }

  @Test
  void checker_ofACallWithoutTheGuard_findsTheFault() {
    assertThatThrownBy(() -> options().check(BareCall.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("after the close");
  }

  /** What is sent on a call. */
  static void verify(List<String> events) {
    int closed = -1;
    for (int i = 0; i < events.size(); i++) {
      if (closed >= 0) {
        throw new IllegalStateException(events.get(i) + " after the close: " + events);
      }
      if (events.get(i).startsWith("close")) {
        closed = i;
      }
    }
  }

  /** The guard, as a handler and two revocations meet it. */
  public static final class GuardedCall {
    private final RecordedCall sent = new RecordedCall();
    private final RevocableCall<String, String> call = new RevocableCall<>(sent, why -> {});
    private boolean finished;

    @Operation(nonParallelGroup = "handler")
    public void sendMessage() {
      if (!finished) {
        call.sendMessage("text");
      }
    }

    @Operation(nonParallelGroup = "handler", runOnce = true)
    public void close() {
      finished = true;
      call.close(Status.OK, new Metadata());
    }

    @Operation
    public void revoke() {
      call.revoke(Denial.BLOCKED);
    }

    @Validate
    public void verify() {
      RevocableCallInterleavingTest.verify(sent.events);
    }
  }

  /** What would be without it. */
  public static final class BareCall {
    private final RecordedCall sent = new RecordedCall();
    private final ServerCall<String, String> call = sent;

    @Operation(nonParallelGroup = "handler")
    public void sendMessage() {
      call.sendMessage("text");
    }

    @Operation
    public void revoke() {
      call.close(Status.PERMISSION_DENIED, new Metadata());
    }

    @Validate
    public void verify() {
      RevocableCallInterleavingTest.verify(sent.events);
    }
  }
}
