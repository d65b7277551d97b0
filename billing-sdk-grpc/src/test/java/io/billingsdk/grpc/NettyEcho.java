package io.billingsdk.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server and a real client over Netty, with the echo, health and reflection services. */
final class NettyEcho implements AutoCloseable {
  private final EchoService service = new EchoService();
  private final TlsServer server;
  private final ManagedChannel channel;

  /** Of several interceptors the last runs first. */
  NettyEcho(ServerInterceptor... interceptors) throws IOException {
    server =
        TlsServer.start(
            builder -> {
              List.of(interceptors).forEach(builder::intercept);
              return builder
                  .addService(service.definition())
                  .addService(new HealthStatusManager().getHealthService())
                  .addService(ProtoReflectionServiceV1.newInstance());
            });
    channel = server.channel();
  }

  int entered() {
    return service.entered();
  }

  Channel channel() {
    return channel;
  }

  /**
   * Calls the method of a kind with text entries (name, value, name, value …) and its one answer.
   */
  String call(MethodType type, List<String> entries) {
    Iterator<String> answers = callToEnd(type, entries).iterator();
    return answers.next();
  }

  /** The same, with all answers. */
  List<String> callToEnd(MethodType type, List<String> entries) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < entries.size(); i += 2) {
      metadata.put(
          Metadata.Key.of(entries.get(i), Metadata.ASCII_STRING_MARSHALLER), entries.get(i + 1));
    }
    Channel with =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    List<String> answers = new ArrayList<>();
    switch (type) {
      case UNARY, CLIENT_STREAMING ->
          answers.add(
              ClientCalls.blockingUnaryCall(with, EchoService.method(type), options, "hello"));
      default ->
          ClientCalls.blockingServerStreamingCall(with, EchoService.method(type), options, "hello")
              .forEachRemaining(answers::add);
    }
    return answers;
  }

  @Override
  public void close() {
    server.close();
  }
}
