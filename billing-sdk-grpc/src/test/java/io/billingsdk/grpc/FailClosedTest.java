package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.LogCapture;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An error in the check ends the call with UNAVAILABLE and says so once. gRPC made UNKNOWN of it,
 * and nothing was logged: so it was with a protobuf that was older than the generated code.
 */
@Tag("system")
final class FailClosedTest {
  private static final int CALLS = 20;
  private static final Map<String, Supplier<Throwable>> FAILURES =
      Map.of(
          "NoClassDefFoundError", () -> new NoClassDefFoundError("com/example/Missing"),
          "ExceptionInInitializerError", () -> new ExceptionInInitializerError(new Exception("x")),
          "StackOverflowError", StackOverflowError::new,
          "AssertionError", () -> new AssertionError("key good"),
          "OutOfMemoryError", () -> new OutOfMemoryError("planted"),
          "IllegalStateException", () -> new IllegalStateException("key good"),
          "a checked exception", () -> new Exception("key good"));

  /** Kotlin and Lombok throw checked exceptions out of anything. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable, R> R sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NoClassDefFoundError",
        "ExceptionInInitializerError",
        "StackOverflowError",
        "AssertionError",
        "OutOfMemoryError",
        "IllegalStateException",
        "a checked exception"
      })
  void check_thatThrows_isUnavailableForEveryKindOfCallAndToldOnce(String failure)
      throws Exception {
    Supplier<Throwable> thrown = FAILURES.getOrDefault(failure, AssertionError::new);
    TableClient table = new TableClient().allow("good", "app-1");
    ForwardingClient failing =
        new ForwardingClient(table) {
          @Override
          public KeyDecision check(@Nullable String apiKey) {
            return FailClosedTest.<RuntimeException, KeyDecision>sneak(thrown.get());
          }
        };
    try (LogCapture logs = LogCapture.start();
        NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(failing).build())) {
      for (MethodType kind : kinds()) {
        for (int i = 0; i < CALLS / 4; i++) {
          assertUnavailable(() -> echo.call(kind, List.of("api-key", "good")));
        }
      }
      assertThat(echo.entered()).isZero();
      assertThat(errors(logs, "io.billingsdk.Grpc"))
          .singleElement()
          .asString()
          .contains("refused with UNAVAILABLE");
      assertThat(errors(logs, "io.billingsdk.Grpc").toString()).doesNotContain("key good");
    }
  }

  @Test
  void policy_thatThrowsAnError_isUnavailable() throws Exception {
    ApiKeyInterceptor keys =
        ApiKeyInterceptor.builder()
            .client(new TableClient().allow("good", "app-1"))
            .policy(
                method -> {
                  throw new NoClassDefFoundError("com/example/Policy");
                },
                KeyPolicy.NONE)
            .build();
    try (NettyEcho echo = new NettyEcho(keys)) {
      assertUnavailable(() -> echo.call(MethodType.UNARY, List.of("api-key", "good")));
      assertThat(echo.entered()).isZero();
    }
  }

  /** The registry of open streams asks the client too, just before the handler is entered. */
  @Test
  void listener_thatCannotBeAdded_isUnavailable() throws Exception {
    ForwardingClient failing =
        new ForwardingClient(new TableClient().allow("good", "app-1")) {
          @Override
          public void addListener(io.billingsdk.BillingListener listener) {
            throw new IncompatibleClassChangeError("BillingListener");
          }
        };
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(failing).build();
    try (NettyEcho echo = new NettyEcho(keys)) {
      for (int i = 0; i < 2; i++) {
        // The second finds the listener noted, and no wrong state left by the first.
        var unused =
            org.assertj.core.api.Assertions.catchThrowable(
                () -> echo.call(MethodType.BIDI_STREAMING, List.of("api-key", "good")));
      }
      // The caller hears of the end before the call has left the registry.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> requireNonNull(keys.liveCalls()).size() == 0);
    }
  }

  /** An interceptor around the check that cannot take its details. */
  @Test
  void refusal_thatCannotBeSentAsItIs_isUnavailable() throws Exception {
    ServerInterceptor outer =
        new ServerInterceptor() {
          @Override
          public <Q, R> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                  @Override
                  public void close(Status status, Metadata trailers) {
                    if (!trailers.keys().isEmpty()) {
                      throw new NoSuchMethodError("Metadata");
                    }
                    super.close(status, trailers);
                  }
                },
                headers);
          }
        };
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(new TableClient()).build();
    try (NettyEcho echo = new NettyEcho(keys, outer)) {
      assertUnavailable(() -> echo.call(MethodType.UNARY, List.of("api-key", "unknown")));
    }
  }

  @Test
  void extractor_thatThrowsAnError_leavesTheCallAloneAndIsToldAndReported() throws Exception {
    TableClient client = new TableClient().allow("good", "app-1");
    Metering<String, String> broken =
        Metering.of(
            "echo",
            "plain",
            UsageExtractor.lastResponse(
                response -> {
                  throw new NoClassDefFoundError("com/example/Tokens");
                }));
    try (LogCapture logs = LogCapture.start();
        NettyEcho echo = echo(client, broken)) {
      for (int i = 0; i < CALLS; i++) {
        assertThat(echo.call(MethodType.UNARY, List.of("api-key", "good"))).isEqualTo("app-1");
      }
      assertThat(errors(logs, "io.billingsdk.Grpc")).hasSize(2).anyMatch(l -> l.contains("10 so"));
    }
    assertThat(
            client.reported().stream()
                .map(UsageEvent::metadata)
                .filter(metadata -> metadata != null && metadata.get("settlement") != null))
        .hasSize(CALLS)
        .allMatch(metadata -> Boolean.FALSE.equals(metadata.get("measured")));
  }

  @Test
  void report_thatThrowsAnError_leavesTheCallAloneAndIsTold() throws Exception {
    ForwardingClient failing =
        new ForwardingClient(new TableClient().allow("good", "app-1")) {
          @Override
          public ReportOutcome report(@Nullable UsageEvent event) {
            if (event != null && event.metadata() != null) {
              throw new NoClassDefFoundError("com/fasterxml/jackson/core/JsonFactory");
            }
            return super.report(event);
          }
        };
    Metering<String, String> metering =
        Metering.of("echo", "plain", UsageExtractor.countResponses());
    try (LogCapture logs = LogCapture.start();
        NettyEcho echo = echo(failing, metering)) {
      for (MethodType kind : kinds()) {
        assertThat(echo.call(kind, List.of("api-key", "good"))).isEqualTo("app-1");
      }
      org.awaitility.Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(errors(logs, "io.billingsdk.Grpc"))
                      .singleElement()
                      .asString()
                      .contains("could not be reported"));
    }
  }

  private static NettyEcho echo(io.billingsdk.BillingClient client, Metering<String, String> what)
      throws Exception {
    MeteringInterceptorBuilder metering = MeteringInterceptor.builder();
    kinds().forEach(kind -> metering.method(EchoService.method(kind), what));
    return new NettyEcho(metering.build(), ApiKeyInterceptor.builder().client(client).build());
  }

  private static List<MethodType> kinds() {
    return List.of(
        MethodType.UNARY,
        MethodType.SERVER_STREAMING,
        MethodType.CLIENT_STREAMING,
        MethodType.BIDI_STREAMING);
  }

  private static List<String> errors(LogCapture logs, String logger) {
    return logs.text().lines().filter(line -> line.startsWith("ERROR | " + logger)).toList();
  }

  private static void assertUnavailable(ThrowableAssert.ThrowingCallable call) {
    Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
    assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
    assertThat(((StatusRuntimeException) thrown).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }
}
