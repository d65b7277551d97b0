package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.testbed.Proof;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every refusal of the table, by a real client over Netty with TLS, for every kind of method. */
final class GrpcStatusTableTest {
  private static final String CANARY = "sk-canary-4242";

  private record Case(
      String name, List<String> metadata, Code status, String reason, boolean retry) {}

  private static final List<Case> CASES =
      List.of(
          new Case("no key", List.of(), Code.UNAUTHENTICATED, "CREDENTIALS_MISSING", false),
          new Case(
              "blank key",
              List.of("api-key", " "),
              Code.UNAUTHENTICATED,
              "CREDENTIALS_MISSING",
              false),
          new Case(
              "another scheme",
              List.of("authorization", "Basic " + CANARY),
              Code.UNAUTHENTICATED,
              "CREDENTIALS_MISSING",
              false),
          new Case(
              "unknown key",
              List.of("api-key", CANARY),
              Code.UNAUTHENTICATED,
              "API_KEY_INVALID",
              false),
          new Case(
              "malformed key",
              List.of("api-key", "x".repeat(300)),
              Code.UNAUTHENTICATED,
              "API_KEY_INVALID",
              false),
          new Case(
              "two different keys",
              List.of("api-key", CANARY, "api-key", "good"),
              Code.UNAUTHENTICATED,
              "API_KEY_INVALID",
              false),
          new Case(
              "blocked with a reason",
              List.of("apikey", "blocked"),
              Code.PERMISSION_DENIED,
              "CONSUMER_SUSPENDED",
              false),
          new Case(
              "blocked without a reason",
              List.of("x-api-key", "blocked-silently"),
              Code.PERMISSION_DENIED,
              "CONSUMER_SUSPENDED",
              false),
          new Case(
              "not for this model or method",
              List.of("api-key", "narrow"),
              Code.PERMISSION_DENIED,
              "API_KEY_SERVICE_BLOCKED",
              false),
          new Case(
              "too often",
              List.of("api-key", "fast"),
              Code.RESOURCE_EXHAUSTED,
              "RATE_LIMIT_EXCEEDED",
              true),
          new Case(
              "too often, for a time that is known",
              List.of("api-key", "fast-for-3s"),
              Code.RESOURCE_EXHAUSTED,
              "RATE_LIMIT_EXCEEDED",
              true),
          new Case(
              "quota used up for good",
              List.of("api-key", "spent"),
              Code.RESOURCE_EXHAUSTED,
              "RESOURCE_QUOTA_EXCEEDED",
              false),
          new Case(
              "quota used up for now",
              List.of("api-key", "spent-for-an-hour"),
              Code.RESOURCE_EXHAUSTED,
              "RESOURCE_QUOTA_EXCEEDED",
              true),
          new Case(
              "no lease of a quota yet",
              List.of("api-key", "cold"),
              Code.UNAVAILABLE,
              "KEY_STATUS_UNAVAILABLE",
              true),
          new Case(
              "cannot be told",
              List.of("authorization", "Bearer stale"),
              Code.UNAVAILABLE,
              "KEY_STATUS_UNAVAILABLE",
              true));

  private final TableClient client =
      new TableClient()
          .allow("good", "app-1")
          .decide(
              "blocked",
              KeyDecision.Denied.because(DenialReason.BLOCKED).withOperatorReason("invoice unpaid"))
          .decide("blocked-silently", KeyDecision.Denied.because(DenialReason.BLOCKED))
          .decide("narrow", KeyDecision.Denied.because(DenialReason.MODEL_NOT_ALLOWED))
          .decide("fast", KeyDecision.Denied.because(DenialReason.RATE_LIMITED))
          .decide("fast-for-3s", later(DenialReason.RATE_LIMITED, Duration.ofMillis(3_500)))
          .decide("spent", KeyDecision.Denied.because(DenialReason.QUOTA_EXCEEDED))
          .decide("spent-for-an-hour", later(DenialReason.QUOTA_EXCEEDED, Duration.ofHours(1)))
          .decide("cold", later(DenialReason.UNAVAILABLE, Duration.ofMillis(100)))
          .decide("stale", KeyDecision.Denied.because(DenialReason.UNAVAILABLE));

  @Test
  void interceptCall_everyRefusal_endsBeforeTheHandlerWithStatusAndErrorInfo() throws Exception {
    List<String> failures = new ArrayList<>();
    int calls = 0;
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      for (MethodType type : kinds()) {
        for (Case one : CASES) {
          calls++;
          failures.addAll(check(one, refusal(echo, type, one.metadata()), type));
        }
      }
      assertThat(failures).isEmpty();
      assertThat(echo.entered()).isZero();
      assertThat(client.reported()).isEmpty();
      Proof.of("grpc-status-table")
          .with("cases", CASES.size())
          .with("kinds", kinds().size())
          .with("calls", calls)
          .with("wrong", failures.size())
          .with("entered", echo.entered())
          .print();
    }
  }

  @Test
  void interceptCall_denialWithADelay_carriesItAndTheQuota() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      StatusRuntimeException fast =
          refusal(echo, MethodType.UNARY, List.of("api-key", "fast-for-3s"));
      StatusRuntimeException spent =
          refusal(echo, MethodType.UNARY, List.of("api-key", "spent-for-an-hour"));

      assertThat(detail(fast, RetryInfo.class, RetryInfo.getDefaultInstance()))
          .get()
          .extracting(info -> Durations.toMillis(info.getRetryDelay()))
          .isEqualTo(3_500L);
      assertThat(detail(spent, RetryInfo.class, RetryInfo.getDefaultInstance()))
          .get()
          .extracting(info -> Durations.toMillis(info.getRetryDelay()))
          .isEqualTo(3_600_000L);
      assertThat(detail(spent, QuotaFailure.class, QuotaFailure.getDefaultInstance()))
          .get()
          .extracting(QuotaFailure::getViolationsCount)
          .isEqualTo(1);
    }
  }

  @Test
  void strictMetering_storageThatFails_isUnavailableForEveryKind() throws Exception {
    client.failStorage();
    MeteringInterceptorBuilder metering = MeteringInterceptor.builder().strict(true);
    for (MethodType type : kinds()) {
      metering.method(
          EchoService.method(type), Metering.of("echo", "plain", UsageExtractor.countRequests()));
    }
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(client).build();
    try (NettyEcho echo = new NettyEcho(metering.build(), keys)) {
      for (MethodType type : kinds()) {
        StatusRuntimeException refused = refusalAtEnd(echo, type);
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
        assertThat(detail(refused, ErrorInfo.class, ErrorInfo.getDefaultInstance()))
            .get()
            .extracting(ErrorInfo::getReason)
            .isEqualTo("USAGE_NOT_DURABLE");
        assertThat(detail(refused, RetryInfo.class, RetryInfo.getDefaultInstance())).isPresent();
      }
    }
  }

  @Test
  void interceptCall_blockedWithReason_carriesTheOperatorsReason() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      StatusRuntimeException refused =
          refusal(echo, MethodType.UNARY, List.of("api-key", "blocked"));

      assertThat(detail(refused, ErrorInfo.class, ErrorInfo.getDefaultInstance()))
          .get()
          .extracting(info -> info.getMetadataMap().get("reason"))
          .isEqualTo("invoice unpaid");
    }
  }

  @Test
  void interceptCall_noClientRunning_isUnavailable() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.create())) {
      StatusRuntimeException refused = refusal(echo, MethodType.UNARY, List.of("api-key", "good"));

      assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      assertThat(echo.entered()).isZero();
    }
  }

  @Test
  void interceptCall_clientThrows_isUnavailableAndTellsNothing() throws Exception {
    client.breakDown();
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      StatusRuntimeException refused = refusal(echo, MethodType.UNARY, List.of("api-key", CANARY));

      assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      assertThat(refused.toString()).doesNotContain(CANARY);
      assertThat(echo.entered()).isZero();
    }
  }

  @Test
  void interceptCall_exemptionThrows_isUnavailable() throws Exception {
    ApiKeyInterceptor interceptor =
        ApiKeyInterceptor.builder()
            .client(client)
            .exempt(
                method -> {
                  throw new IllegalStateException("a bug of the application");
                })
            .build();
    try (NettyEcho echo = new NettyEcho(interceptor)) {
      StatusRuntimeException refused = refusal(echo, MethodType.UNARY, List.of("api-key", "good"));

      assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      assertThat(echo.entered()).isZero();
    }
  }

  private static List<String> check(Case one, StatusRuntimeException refused, MethodType type)
      throws InvalidProtocolBufferException {
    List<String> wrong = new ArrayList<>();
    String where = type + ", " + one.name() + ": ";
    ErrorInfo info =
        detail(refused, ErrorInfo.class, ErrorInfo.getDefaultInstance())
            .orElse(ErrorInfo.getDefaultInstance());
    if (refused.getStatus().getCode() != one.status()) {
      wrong.add(where + refused.getStatus());
    }
    if (!info.getReason().equals(one.reason()) || !info.getDomain().equals("billing-sdk")) {
      wrong.add(where + info);
    }
    if (detail(refused, RetryInfo.class, RetryInfo.getDefaultInstance()).isPresent()
        != one.retry()) {
      wrong.add(where + "RetryInfo");
    }
    if ((refused + String.valueOf(refused.getTrailers())).contains(CANARY)) {
      wrong.add(where + "the key is echoed");
    }
    return wrong;
  }

  private static StatusRuntimeException refusal(
      NettyEcho echo, MethodType type, List<String> metadata) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo.call(type, metadata));
    assertThat(refused).as("%s with %s was let through", type, metadata).isNotNull();
    return refused;
  }

  /** The refusal of a call whose messages were sent. */
  private static StatusRuntimeException refusalAtEnd(NettyEcho echo, MethodType type) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> echo.callToEnd(type, List.of("api-key", "good")));
  }

  private static KeyDecision later(DenialReason reason, Duration after) {
    return KeyDecision.Denied.because(reason).withRetryAfter(after);
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      StatusRuntimeException refused, Class<T> type, T example)
      throws InvalidProtocolBufferException {
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    if (status == null) {
      return Optional.empty();
    }
    for (com.google.protobuf.Any any : status.getDetailsList()) {
      if (any.is(example.getClass())) {
        return Optional.of(type.cast(any.unpack(example.getClass())));
      }
    }
    return Optional.empty();
  }

  private static List<MethodType> kinds() throws IOException {
    return List.of(
        MethodType.UNARY,
        MethodType.SERVER_STREAMING,
        MethodType.CLIENT_STREAMING,
        MethodType.BIDI_STREAMING);
  }
}
