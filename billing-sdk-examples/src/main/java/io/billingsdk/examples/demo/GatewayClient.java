package io.billingsdk.examples.demo;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes the calls of a plan over one TLS connection, and tells refusals apart. Thread-safe. */
final class GatewayClient implements AutoCloseable {
  private static final String DOMAIN = "billing-sdk";
  private static final int STOP_SECONDS = 5;

  private final ManagedChannel channel;
  private final Requests requests;

  private GatewayClient(ManagedChannel channel, Requests requests) {
    this.channel = channel;
    this.requests = requests;
  }

  /**
   * A client that connects when it is first used.
   *
   * @param ca PEM file of the CA that the gateway's certificate must come from
   * @param keys the key for each use; one that is absent is not sent
   * @throws IOException when the PEM file cannot be used
   */
  public static GatewayClient create(
      String host, int port, Path ca, DemoInputs inputs, Map<PlannedCall.KeyUse, String> keys)
      throws IOException {
    ChannelCredentials tls = TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build();
    ManagedChannel channel = Grpc.newChannelBuilderForAddress(host, port, tls).build();
    return new GatewayClient(channel, new Requests(channel, inputs, keys));
  }

  /** Makes one call and waits for its end. */
  public CallResult make(PlannedCall call) {
    try {
      return new CallResult.Answered(call, requests.send(call));
    } catch (StatusRuntimeException ended) {
      return result(call, ended);
    }
  }

  @Override
  public void close() {
    channel.shutdown();
    try {
      if (!channel.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static CallResult result(PlannedCall call, StatusRuntimeException ended) {
    Status status = ended.getStatus();
    Optional<ErrorInfo> info = errorInfo(ended);
    if (info.isPresent()) {
      return new CallResult.Denied(
          call,
          status.getCode(),
          info.get().getReason(),
          info.get().getMetadataOrDefault("reason", ""));
    }
    if (status.getCode() == Status.Code.INVALID_ARGUMENT) {
      return new CallResult.Failed(call, String.valueOf(status.getDescription()));
    }
    return new CallResult.Broken(call, status.toString());
  }

  private static Optional<ErrorInfo> errorInfo(StatusRuntimeException ended) {
    com.google.rpc.Status details = StatusProto.fromThrowable(ended);
    if (details == null) {
      return Optional.empty();
    }
    return details.getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .map(GatewayClient::unpacked)
        .filter(info -> info.getDomain().equals(DOMAIN))
        .findFirst();
  }

  private static ErrorInfo unpacked(Any detail) {
    try {
      return detail.unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalStateException("the server sent a malformed ErrorInfo", malformed);
    }
  }
}
