package io.billingsdk.testkit;

import io.billingsdk.Billing;
import io.billingsdk.Caller;
import io.billingsdk.grpc.BillingContext;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * A service that answers with the caller's app; one method is charged by length, one never ends.
 */
final class EchoService implements BindableService {
  static final MethodDescriptor<String, String> ECHO = method("Echo", MethodType.UNARY);
  static final MethodDescriptor<String, String> WAIT = method("Wait", MethodType.SERVER_STREAMING);

  final CountDownLatch waiting = new CountDownLatch(1);

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("test.Echo")
        .addMethod(ECHO, ServerCalls.asyncUnaryCall(this::echo))
        .addMethod(WAIT, ServerCalls.asyncServerStreamingCall(this::hold))
        .build();
  }

  private void echo(String request, StreamObserver<String> call) {
    BillingContext.reportUsage("echo", "plain", request.length());
    call.onNext(BillingContext.caller().map(Caller::appId).orElse("nobody"));
    call.onCompleted();
  }

  private void hold(String request, StreamObserver<String> call) {
    // By the facade, as a library does that knows nothing of gRPC.
    Billing.reportUsage(request, "echo", "facade", 1);
    call.onNext("waiting");
    waiting.countDown();
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Echo", name))
        .build();
  }

  private static final class Text implements Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
