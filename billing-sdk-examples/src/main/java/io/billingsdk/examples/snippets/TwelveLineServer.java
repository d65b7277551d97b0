package io.billingsdk.examples.snippets;

import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.BillingContext;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/** A whole server: keys are enforced, usage is reported. */
final class TwelveLineServer {
  private TwelveLineServer() {}

  static Server start(int port, ServerCredentials tls) throws IOException {
    // region server
    Billing.start(BillingConfig.load());
    return Grpc.newServerBuilderForPort(port, tls)
        .intercept(ApiKeyInterceptor.create())
        .addService(new HelloLlm())
        .build()
        .start();
    // endregion
  }

  static final class HelloLlm extends LlmGrpc.LlmImplBase {
    // region service
    @Override
    public void complete(ChatRequest request, StreamObserver<ChatResponse> call) {
      call.onNext(ChatResponse.newBuilder().setText("Hello!").build());
      BillingContext.reportUsage("llm", "hello-1", /* tokens */ 2);
      call.onCompleted();
    }
    // endregion
  }
}
