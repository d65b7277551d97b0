package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Takes its requests, sends what its kind sends on the way, and ends as told, or waits to be ended.
 */
final class EndingHandler implements ServerCallHandler<String, String> {
  static final int STREAMED = 3;

  private final Ending ending;
  final CountDownLatch waiting = new CountDownLatch(1);
  private volatile @Nullable ServerCall<String, String> open;

  EndingHandler(Ending ending) {
    this.ending = ending;
  }

  static int requests(MethodType kind) {
    return kind.clientSendsOneMessage() ? 1 : 2;
  }

  /** Ends the call with OK. */
  void finish() {
    ServerCall<String, String> call = requireNonNull(open);
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      call.sendHeaders(new Metadata());
      call.sendMessage("one");
    }
    call.close(Status.OK, new Metadata());
  }

  @Override
  public ServerCall.Listener<String> startCall(ServerCall<String, String> call, Metadata headers) {
    MethodType kind = call.getMethodDescriptor().getType();
    open = call;
    call.request(10);
    return new ServerCall.Listener<>() {
      private int seen;

      @Override
      public void onMessage(String message) {
        seen++;
        if (seen == requests(kind)) {
          act(call, kind);
        }
      }
    };
  }

  private void act(ServerCall<String, String> call, MethodType kind) {
    if (!kind.serverSendsOneMessage()) {
      call.sendHeaders(new Metadata());
      for (int i = 0; i < STREAMED; i++) {
        call.sendMessage("part");
      }
    }
    switch (ending) {
      case NORMAL -> finish();
      case HANDLER_ERROR ->
          call.close(Status.INVALID_ARGUMENT.withDescription("refused"), new Metadata());
      case HANDLER_EXCEPTION -> throw new IllegalStateException("a bug of the handler");
      default -> waiting.countDown();
    }
  }
}
