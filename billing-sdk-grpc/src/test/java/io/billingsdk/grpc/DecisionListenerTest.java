package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What listeners hear of the key check and of the check of models. */
final class DecisionListenerTest {
  private static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
  private static final Entitlements SMALL_ONLY =
      Entitlements.UNLIMITED.withModels(List.of("small"));

  private final TableClient client =
      new TableClient()
          .allow("good", "app-1")
          .decide("some", KeyDecision.Allowed.of(Caller.of("some", "k_app-2", "app-2"), SMALL_ONLY))
          .decide("bad", KeyDecision.Denied.because(DenialReason.BLOCKED));
  private final List<CallDecision> heard = new CopyOnWriteArrayList<>();

  @Test
  void decided_ofEachOutcome_isHeardOnceWithItsReason() {
    ServerInterceptor keys = keys().build();
    call(keys, "good");
    call(keys, "bad");
    call(keys, "unknown");
    call(keys, null);
    call(keys().exempt(method -> true).build(), null);
    assertThat(heard)
        .extracting(CallDecision::result)
        .containsExactly(
            CallDecision.Result.ALLOWED,
            CallDecision.Result.DENIED,
            CallDecision.Result.DENIED,
            CallDecision.Result.DENIED,
            CallDecision.Result.WITHOUT_KEY);
    assertThat(heard)
        .extracting(decision -> decision.reason().orElse(null))
        .containsExactly(
            null, DenialReason.BLOCKED, DenialReason.INVALID, DenialReason.MISSING, null);
    assertThat(heard.get(0).caller().orElseThrow().appId()).isEqualTo("app-1");
    assertThat(heard.toString()).doesNotContain("good").doesNotContain("unknown");
  }

  @Test
  void decided_byAFailingClient_isDeniedAsUnavailable() {
    client.breakDown();
    assertThat(call(keys().build(), "good")).containsExactly("close UNAVAILABLE");
    assertThat(heard)
        .extracting(decision -> decision.reason().orElse(null))
        .containsExactly(DenialReason.UNAVAILABLE);
  }

  @Test
  void decided_ofAModelThatTheKeyMayNotUse_isHeardAfterTheKeyCheck() {
    ServerInterceptor keys = keys().build();
    ServerInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                EchoService.method(MethodType.BIDI_STREAMING),
                Metering.of("llm", "large", UsageExtractor.lastResponse(String::length)))
            .listener(heard::add)
            .build();
    ServerCallHandler<String, String> inside =
        (call, headers) -> metering.interceptCall(call, headers, DecisionListenerTest::handle);
    assertThat(call(keys, "some", inside)).containsExactly("close PERMISSION_DENIED");
    assertThat(heard)
        .extracting(CallDecision::result)
        .containsExactly(CallDecision.Result.ALLOWED, CallDecision.Result.DENIED);
    assertThat(heard.get(1).reason()).contains(DenialReason.MODEL_NOT_ALLOWED);
    assertThat(heard.get(1).caller().orElseThrow().appId()).isEqualTo("app-2");
  }

  @Test
  void decided_byAListenerThatThrows_changesNothing() {
    ServerInterceptor keys =
        ApiKeyInterceptor.builder()
            .client(client)
            .listener(
                decision -> {
                  throw new IllegalStateException("a listener's fault");
                })
            .listener(heard::add)
            .build();
    assertThat(call(keys, "good")).isEmpty();
    assertThat(call(keys, "bad")).containsExactly("close PERMISSION_DENIED");
    assertThat(heard).hasSize(2);
  }

  private ApiKeyInterceptorBuilder keys() {
    return ApiKeyInterceptor.builder().client(client).listener(heard::add);
  }

  private static List<String> call(ServerInterceptor interceptor, @Nullable String apiKey) {
    return call(interceptor, apiKey, DecisionListenerTest::handle);
  }

  private static List<String> call(
      ServerInterceptor interceptor,
      @Nullable String apiKey,
      ServerCallHandler<String, String> handler) {
    Metadata metadata = new Metadata();
    if (apiKey != null) {
      metadata.put(API_KEY, apiKey);
    }
    RecordedCall call = new RecordedCall();
    var unused = interceptor.interceptCall(call, metadata, handler);
    return call.events;
  }

  private static ServerCall.Listener<String> handle(
      ServerCall<String, String> call, Metadata headers) {
    return new ServerCall.Listener<>() {};
  }
}
