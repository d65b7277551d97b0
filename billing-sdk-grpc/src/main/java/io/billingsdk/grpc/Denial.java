package io.billingsdk.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.billingsdk.KeyDecision;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A refusal, ready to be sent. All but one are made once: denied calls are attack traffic, and must
 * not cost more than the others.
 */
final class Denial {
  static final String DOMAIN = "billing-sdk";

  /** Where gRPC carries a {@code google.rpc.Status}; the name is part of gRPC's conventions. */
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Trailers are bounded, often to 8 KiB in all; an operator's text is not. */
  private static final int MAX_REASON_CHARS = 256;

  static final Denial MISSING =
      new Denial(
          Status.UNAUTHENTICATED.withDescription("an API key is required"),
          info("CREDENTIALS_MISSING", null),
          null);
  static final Denial INVALID =
      new Denial(
          Status.UNAUTHENTICATED.withDescription("the API key is not valid"),
          info("API_KEY_INVALID", null),
          null);
  static final Denial BLOCKED = blocked(null);
  static final Denial MODEL_NOT_ALLOWED =
      new Denial(
          Status.PERMISSION_DENIED.withDescription("the API key is not valid for this model"),
          info("MODEL_NOT_ALLOWED", null),
          null);
  static final Denial EXHAUSTED =
      new Denial(
          Status.RESOURCE_EXHAUSTED.withDescription("the API key has used what it may use"),
          info("RATE_LIMIT_EXCEEDED", null),
          null);
  static final Denial UNAVAILABLE =
      new Denial(
          Status.UNAVAILABLE.withDescription("API keys cannot be checked at the moment"),
          info("KEY_STATUS_UNAVAILABLE", null),
          RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(1)).build());

  private final Status status;
  private final byte[] details;

  private Denial(Status status, ErrorInfo info, @Nullable RetryInfo retry) {
    this.status = status;
    com.google.rpc.Status.Builder packed =
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .setMessage(String.valueOf(status.getDescription()))
            .addDetails(Any.pack(info));
    if (retry != null) {
      packed.addDetails(Any.pack(retry));
    }
    this.details = packed.build().toByteArray();
  }

  static Denial of(KeyDecision.Denied denied) {
    return switch (denied.reason()) {
      case MISSING -> MISSING;
      case INVALID -> INVALID;
      case BLOCKED -> denied.operatorReason() == null ? BLOCKED : blocked(denied.operatorReason());
      case MODEL_NOT_ALLOWED -> MODEL_NOT_ALLOWED;
      case RATE_LIMITED, QUOTA_EXCEEDED -> EXHAUSTED;
      case UNAVAILABLE -> UNAVAILABLE;
    };
  }

  /** Ends the call. Trailers belong to one call, so they are made anew; the bytes are not. */
  void close(ServerCall<?, ?> call) {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details);
    call.close(status, trailers);
  }

  private static Denial blocked(@Nullable String operatorReason) {
    return new Denial(
        Status.PERMISSION_DENIED.withDescription("the API key is blocked"),
        info("CONSUMER_SUSPENDED", operatorReason),
        null);
  }

  private static ErrorInfo info(String reason, @Nullable String operatorReason) {
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason);
    if (operatorReason != null) {
      info.putMetadata("reason", shortened(operatorReason));
    }
    return info.build();
  }

  private static String shortened(String text) {
    return text.length() <= MAX_REASON_CHARS ? text : text.substring(0, MAX_REASON_CHARS);
  }
}
