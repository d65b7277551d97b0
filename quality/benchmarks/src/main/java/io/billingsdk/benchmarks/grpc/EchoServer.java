package io.billingsdk.benchmarks.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A unary echo of eight bytes, in this process on the caller's thread, or over Netty. */
final class EchoServer implements AutoCloseable {
  static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final byte[] MESSAGE = new byte[8];
  private static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.newBuilder(new Bytes(), new Bytes())
          .setType(MethodType.UNARY)
          .setFullMethodName("bench.Echo/Echo")
          .build();

  private final Server server;
  private final ManagedChannel channel;

  private EchoServer(Server server, ManagedChannel channel) {
    this.server = server;
    this.channel = channel;
  }

  static EchoServer inProcess(List<ServerInterceptor> interceptors) throws IOException {
    String name = InProcessServerBuilder.generateName();
    return new EchoServer(
        started(InProcessServerBuilder.forName(name).directExecutor(), interceptors),
        InProcessChannelBuilder.forName(name).directExecutor().build());
  }

  static EchoServer overNetty(List<ServerInterceptor> interceptors) throws IOException {
    Server server =
        started(Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()), interceptors);
    return new EchoServer(
        server,
        Grpc.newChannelBuilder("localhost:" + server.getPort(), InsecureChannelCredentials.create())
            .build());
  }

  private static Server started(ServerBuilder<?> builder, List<ServerInterceptor> interceptors)
      throws IOException {
    interceptors.forEach(builder::intercept);
    return builder
        .addService(
            ServerServiceDefinition.builder("bench.Echo").addMethod(METHOD, new Echo()).build())
        .build()
        .start();
  }

  /** One call; its code. Without an exception, whose stack would be most of what is measured. */
  Status.Code call(String apiKey) throws InterruptedException {
    Metadata headers = new Metadata();
    headers.put(API_KEY, apiKey);
    Closed closed = new Closed();
    ClientCall<byte[], byte[]> call = channel.newCall(METHOD, CallOptions.DEFAULT);
    call.start(closed, headers);
    call.request(2);
    call.sendMessage(MESSAGE);
    call.halfClose();
    closed.latch.await();
    return closed.code;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private static final class Closed extends ClientCall.Listener<byte[]> {
    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile Status.Code code = Status.Code.UNKNOWN;

    @Override
    public void onClose(Status status, Metadata trailers) {
      code = status.getCode();
      latch.countDown();
    }
  }

  private static final class Echo implements ServerCallHandler<byte[], byte[]> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          call.sendHeaders(new Metadata());
          call.sendMessage(message);
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  private static final class Bytes implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException impossible) {
        throw new IllegalStateException("memory does not fail", impossible);
      }
    }
  }
}
