package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.billingsdk.grpc.desk.DeskGrpc;
import io.billingsdk.grpc.desk.Request;
import io.billingsdk.grpc.desk.Response;
import io.grpc.stub.StreamObserver;

/** A generated service whose answers name the caller. */
class Desk extends DeskGrpc.DeskImplBase {

  static Response answer() {
    return Response.newBuilder()
        .setCaller(BillingContext.caller().map(Caller::appId).orElse("nobody"))
        .build();
  }

  @Override
  public void ask(Request request, StreamObserver<Response> call) {
    call.onNext(answer());
    call.onCompleted();
  }

  @Override
  public void follow(Request request, StreamObserver<Response> call) {
    call.onNext(answer());
    call.onCompleted();
  }
}
