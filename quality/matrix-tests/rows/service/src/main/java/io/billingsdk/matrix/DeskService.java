package io.billingsdk.matrix;

import io.billingsdk.Caller;
import io.billingsdk.grpc.BillingContext;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.matrix.desk.Response;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers with the caller, and counts how often it was entered with a model. */
final class DeskService extends DeskGrpc.DeskImplBase {
  static final int TOKENS = 7;

  private final AtomicInteger forbiddenModels = new AtomicInteger();

  /** Messages of a model that no key of these calls may be used for. */
  int forbiddenModels() {
    return forbiddenModels.get();
  }

  @Override
  public void ask(Request request, StreamObserver<Response> call) {
    answer(request, call);
    call.onCompleted();
  }

  @Override
  public void follow(Request request, StreamObserver<Response> call) {
    answer(request, call);
    call.onCompleted();
  }

  @Override
  public StreamObserver<Request> collect(StreamObserver<Response> call) {
    return new Receiver(call, /* answersEach= */ false);
  }

  @Override
  public StreamObserver<Request> talk(StreamObserver<Response> call) {
    return new Receiver(call, /* answersEach= */ true);
  }

  @Override
  public void open(Request request, StreamObserver<Response> call) {
    ask(request, call);
  }

  @Override
  public void optional(Request request, StreamObserver<Response> call) {
    ask(request, call);
  }

  private void answer(Request request, StreamObserver<Response> call) {
    forbiddenModels.addAndGet(request.getModel().equals(Calls.FORBIDDEN) ? 1 : 0);
    call.onNext(
        Response.newBuilder()
            .setCaller(BillingContext.caller().map(Caller::appId).orElse("nobody"))
            .setTokens(TOKENS)
            .build());
  }

  private final class Receiver implements StreamObserver<Request> {
    private final StreamObserver<Response> call;
    private final boolean answersEach;
    private Request last = Request.getDefaultInstance();

    Receiver(StreamObserver<Response> call, boolean answersEach) {
      this.call = call;
      this.answersEach = answersEach;
    }

    @Override
    public void onNext(Request request) {
      last = request;
      if (answersEach) {
        answer(request, call);
      }
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {
      if (!answersEach) {
        answer(last, call);
      }
      call.onCompleted();
    }
  }
}
