package io.billingsdk.examples.spring;

import io.billingsdk.examples.spring.hello.HelloGrpc;
import io.billingsdk.examples.spring.hello.HelloRequest;
import io.billingsdk.examples.spring.hello.HelloResponse;
import io.billingsdk.grpc.BillingContext;
import io.grpc.stub.StreamObserver;
import org.springframework.stereotype.Service;

/** Greets the app that calls. */
@Service
class HelloService extends HelloGrpc.HelloImplBase {

  @Override
  public void complete(HelloRequest request, StreamObserver<HelloResponse> call) {
    String app = BillingContext.caller().orElseThrow().appId();
    call.onNext(HelloResponse.newBuilder().setText("Hello, " + app).setTokens(2).build());
    call.onCompleted();
  }
}
