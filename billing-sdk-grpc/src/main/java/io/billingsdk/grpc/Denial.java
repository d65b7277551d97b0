package io.billingsdk.grpc;

import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A refusal, ready to be sent. Denied calls are attack traffic and must not cost more than others:
 * all are made once, except those with a delay of their own.
 */
final class Denial implements KeyCheck {
  static final String DOMAIN = "billing-sdk";

  /** Where gRPC carries a {@code google.rpc.Status}; the name is part of gRPC's conventions. */
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Trailers are bounded, often to 8 KiB in all; an operator's text is not. */
  private static final int MAX_REASON_CHARS = 256;

  /** Reasons that operators gave; few, since they are given by hand. */
  private static final int MAX_REMEMBERED = 256;

  private static final byte[] ONE_SECOND = StatusDetails.retryInfo(Duration.ofSeconds(1));

  static final Denial MISSING =
      new Denial(
          DenialReason.MISSING,
          Status.UNAUTHENTICATED.withDescription("an API key is required"),
          info("CREDENTIALS_MISSING", null));
  static final Denial INVALID =
      new Denial(
          DenialReason.INVALID,
          Status.UNAUTHENTICATED.withDescription("the API key is not valid"),
          info("API_KEY_INVALID", null));
  static final Denial BLOCKED = newBlocked(null);
  static final Denial NOT_ALLOWED =
      new Denial(
          DenialReason.MODEL_NOT_ALLOWED,
          Status.PERMISSION_DENIED.withDescription("the API key is not for this model or method"),
          info("API_KEY_SERVICE_BLOCKED", null));
  static final Denial UNAVAILABLE =
      new Denial(
          DenialReason.UNAVAILABLE,
          Status.UNAVAILABLE.withDescription("API keys cannot be checked at the moment"),
          info("KEY_STATUS_UNAVAILABLE", null),
          ONE_SECOND);
  static final Denial USAGE_NOT_DURABLE =
      new Denial(
          DenialReason.UNAVAILABLE,
          Status.UNAVAILABLE.withDescription("the usage of this call cannot be stored"),
          info("USAGE_NOT_DURABLE", null),
          ONE_SECOND);

  private static final Map<String, Denial> BLOCKED_FOR = new ConcurrentHashMap<>();

  private final DenialReason reason;
  private final Status status;
  private final byte[] details;

  private Denial(DenialReason reason, Status status, byte[]... details) {
    this.reason = reason;
    this.status = status;
    this.details =
        StatusDetails.status(
            status.getCode().value(), String.valueOf(status.getDescription()), details);
  }

  static Denial of(KeyDecision.Denied denied) {
    return switch (denied.reason()) {
      case MISSING -> MISSING;
      case INVALID -> INVALID;
      case BLOCKED -> blocked(denied.operatorReason());
      case MODEL_NOT_ALLOWED -> NOT_ALLOWED;
      case RATE_LIMITED -> rateLimited(denied.retryAfter());
      case QUOTA_EXCEEDED -> quotaExceeded(null, denied.retryAfter());
      case UNAVAILABLE -> unavailable(denied.retryAfter());
    };
  }

  static Denial of(Refused refused) {
    return refused.reason() == DenialReason.QUOTA_EXCEEDED
        ? quotaExceeded(refused.quota(), refused.retryAfter())
        : of(refused.denied());
  }

  static Denial blocked(@Nullable String operatorReason) {
    if (operatorReason == null) {
      return BLOCKED;
    }
    Denial known = BLOCKED_FOR.get(operatorReason);
    if (known != null) {
      return known;
    }
    Denial made = newBlocked(operatorReason);
    if (BLOCKED_FOR.size() < MAX_REMEMBERED) {
      BLOCKED_FOR.put(operatorReason, made);
    }
    return made;
  }

  /** Ends the call. Trailers belong to one call, so each gets new ones; the bytes are shared. */
  void close(ServerCall<?, ?> call) {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details);
    call.close(status, trailers);
  }

  Status.Code code() {
    return status.getCode();
  }

  DenialReason reason() {
    return reason;
  }

  /** For the context of a call that is ended by it. */
  StatusException asException() {
    return status.asException();
  }

  private static Denial newBlocked(@Nullable String operatorReason) {
    return new Denial(
        DenialReason.BLOCKED,
        Status.PERMISSION_DENIED.withDescription("the API key is blocked"),
        info("CONSUMER_SUSPENDED", operatorReason));
  }

  private static Denial unavailable(@Nullable Duration retryAfter) {
    return retryAfter == null || retryAfter.equals(Duration.ofSeconds(1))
        ? UNAVAILABLE
        : new Denial(
            DenialReason.UNAVAILABLE,
            UNAVAILABLE.status,
            info("KEY_STATUS_UNAVAILABLE", null),
            StatusDetails.retryInfo(retryAfter));
  }

  private static Denial rateLimited(@Nullable Duration retryAfter) {
    return new Denial(
        DenialReason.RATE_LIMITED,
        Status.RESOURCE_EXHAUSTED.withDescription("the API key is used too often"),
        info("RATE_LIMIT_EXCEEDED", null),
        retryAfter == null ? ONE_SECOND : StatusDetails.retryInfo(retryAfter));
  }

  private static Denial quotaExceeded(
      Entitlements.@Nullable Quota quota, @Nullable Duration retryAfter) {
    Status status =
        Status.RESOURCE_EXHAUSTED.withDescription("the quota of the API key is used up");
    byte[] info = info("RESOURCE_QUOTA_EXCEEDED", null);
    byte[] failure =
        StatusDetails.quotaFailure(
            quota == null ? "api-key" : quota.meter(), "the quota is used up");
    return retryAfter == null
        ? new Denial(DenialReason.QUOTA_EXCEEDED, status, info, failure)
        : new Denial(
            DenialReason.QUOTA_EXCEEDED,
            status,
            info,
            failure,
            StatusDetails.retryInfo(retryAfter));
  }

  private static byte[] info(String reason, @Nullable String operatorReason) {
    return StatusDetails.errorInfo(
        reason, DOMAIN, operatorReason == null ? null : shortened(operatorReason));
  }

  private static String shortened(String text) {
    return text.length() <= MAX_REASON_CHARS ? text : text.substring(0, MAX_REASON_CHARS);
  }
}
