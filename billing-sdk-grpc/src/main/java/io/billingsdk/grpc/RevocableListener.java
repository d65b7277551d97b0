package io.billingsdk.grpc;

import io.grpc.ServerCall;
import org.slf4j.Logger;

/**
 * The handler's side of a {@link RevocableCall}: once that is revoked, the handler hears nothing
 * more but, on the call's own executor, that it was cancelled; and what it throws is not news.
 */
final class RevocableListener<Q> extends ServerCall.Listener<Q> {
  private final ServerCall.Listener<Q> handler;
  private final RevocableCall<?, ?> call;
  private final Runnable onEnd;
  private final Logger log;

  /**
   * A listener around the handler's.
   *
   * @param onEnd run once, after the handler has heard of the end
   */
  RevocableListener(
      ServerCall.Listener<Q> handler, RevocableCall<?, ?> call, Runnable onEnd, Logger log) {
    this.handler = handler;
    this.call = call;
    this.onEnd = onEnd;
    this.log = log;
  }

  @Override
  public void onMessage(Q message) {
    unlessRevoked(() -> handler.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    unlessRevoked(handler::onHalfClose);
  }

  @Override
  public void onReady() {
    unlessRevoked(handler::onReady);
  }

  @Override
  public void onCancel() {
    end(handler::onCancel);
  }

  @Override
  public void onComplete() {
    // To gRPC a call that we have closed is complete; to its handler it is not.
    end(call.isRevoked() ? handler::onCancel : handler::onComplete);
  }

  private void end(Runnable last) {
    try {
      swallowIfRevoked(last);
    } finally {
      onEnd.run();
    }
  }

  private void unlessRevoked(Runnable callback) {
    if (!call.isRevoked()) {
      swallowIfRevoked(callback);
    }
  }

  private void swallowIfRevoked(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException failed) {
      // gRPC would log it as an error of the application, which it is not.
      if (!call.isRevoked()) {
        throw failed;
      }
      log.trace("a handler threw {} after its call was revoked", failed.getClass().getName());
    }
  }
}
