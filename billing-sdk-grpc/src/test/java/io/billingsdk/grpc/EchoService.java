package io.billingsdk.grpc;

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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service with a method of each kind that answers with the caller's app and counts its entries.
 */
final class EchoService {
  static final String NAME = "test.Echo";

  private final AtomicInteger entered = new AtomicInteger();

  int entered() {
    return entered.get();
  }

  static MethodDescriptor<String, String> method(MethodType type) {
    return MethodDescriptor.newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, type.name()))
        .build();
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(method(MethodType.UNARY), ServerCalls.asyncUnaryCall(this::answer))
        .addMethod(
            method(MethodType.SERVER_STREAMING), ServerCalls.asyncServerStreamingCall(this::answer))
        .addMethod(
            method(MethodType.CLIENT_STREAMING),
            ServerCalls.asyncClientStreamingCall(this::collect))
        .addMethod(
            method(MethodType.BIDI_STREAMING), ServerCalls.asyncBidiStreamingCall(this::collect))
        .build();
  }

  private void answer(String request, StreamObserver<String> responses) {
    entered.incrementAndGet();
    BillingContext.reportUsage("echo", "plain", request.length());
    responses.onNext(BillingContext.caller().map(io.billingsdk.Caller::appId).orElse("nobody"));
    responses.onCompleted();
  }

  private StreamObserver<String> collect(StreamObserver<String> responses) {
    entered.incrementAndGet();
    return new StreamObserver<>() {
      @Override
      public void onNext(String request) {}

      @Override
      public void onError(Throwable thrown) {}

      @Override
      public void onCompleted() {
        responses.onNext(BillingContext.caller().map(io.billingsdk.Caller::appId).orElse("nobody"));
        responses.onCompleted();
      }
    };
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
