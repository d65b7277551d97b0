package io.billingsdk.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server and a real client over Netty, with the echo, health and reflection services. */
final class NettyEcho implements AutoCloseable {
  private final EchoService service = new EchoService();
  private final Server server;
  private final ManagedChannel channel;

  NettyEcho(ServerInterceptor interceptor) throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .intercept(interceptor)
            .addService(service.definition())
            .addService(new HealthStatusManager().getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    channel =
        Grpc.newChannelBuilder("localhost:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
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
    Metadata metadata = new Metadata();
    for (int i = 0; i < entries.size(); i += 2) {
      metadata.put(
          Metadata.Key.of(entries.get(i), Metadata.ASCII_STRING_MARSHALLER), entries.get(i + 1));
    }
    Channel with =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    return switch (type) {
      case UNARY, CLIENT_STREAMING ->
          ClientCalls.blockingUnaryCall(with, EchoService.method(type), options, "hello");
      default ->
          ClientCalls.blockingServerStreamingCall(with, EchoService.method(type), options, "hello")
              .next();
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
