package io.billingsdk.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts requests, and sees the endings that do not go through the call: all but the handler's. */
final class MeteredListener<Q, R> extends SimpleForwardingServerCallListener<Q> {
  /** The client's clock runs out first; its word of that may be here before ours does. */
  private static final long DEADLINE_SLACK_MILLIS = 10;

  private final CallAccount<Q, R> account;
  private final @Nullable ModelGate<Q, R> gate;
  private final Runnable onEnd;

  /**
   * A listener around the handler's.
   *
   * @param gate null where messages name no model
   */
  MeteredListener(
      ServerCall.Listener<Q> handler,
      CallAccount<Q, R> account,
      @Nullable ModelGate<Q, R> gate,
      Runnable onEnd) {
    super(handler);
    this.account = account;
    this.gate = gate;
    this.onEnd = onEnd;
  }

  @Override
  public void onMessage(Q message) {
    if (gate == null) {
      account.request(message);
    } else if (gate.admits(message, account)) {
      account.request(message, gate.models());
    } else {
      return;
    }
    guard(() -> super.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    if (gate == null || gate.admitsEnd(account)) {
      guard(super::onHalfClose);
    }
  }

  @Override
  public void onReady() {
    guard(super::onReady);
  }

  @Override
  public void onCancel() {
    onEnd.run();
    account.endFromOutside(whyCancelled());
    super.onCancel();
  }

  @Override
  public void onComplete() {
    onEnd.run();
    super.onComplete();
  }

  /** gRPC ends a call whose handler throws past its interceptors. */
  private void guard(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error failed) {
      account.endByHandler(Status.Code.UNKNOWN);
      throw failed;
    }
  }

  private static Status.Code whyCancelled() {
    Context context = Context.current();
    Deadline deadline = context.getDeadline();
    if (deadline != null
        && deadline.timeRemaining(TimeUnit.MILLISECONDS) <= DEADLINE_SLACK_MILLIS) {
      return Status.Code.DEADLINE_EXCEEDED;
    }
    Status status = Contexts.statusFromCancelled(context);
    return status == null || status.isOk() ? Status.Code.CANCELLED : status.getCode();
  }
}
