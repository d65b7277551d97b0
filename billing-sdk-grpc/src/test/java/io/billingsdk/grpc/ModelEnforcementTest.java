package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.UsageEvent;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A key that may be used for some models, over Netty with TLS. A call to another model was OK and
 * charged.
 */
@Tag("system")
final class ModelEnforcementTest {
  private static final Entitlements SMALL_ONLY =
      Entitlements.UNLIMITED.withModels(List.of("small", "mini-*"));

  private final TableClient client =
      new TableClient().allow("all", "app-1").decide("some", allowed(SMALL_ONLY));
  private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

  private static KeyDecision allowed(Entitlements entitlements) {
    return KeyDecision.Allowed.of(Caller.of("some", "k_app-2", "app-2"), entitlements);
  }

  @ParameterizedTest
  @EnumSource(value = MethodType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void firstMessage_ofAForbiddenModel_isRefusedUnseenAndFree(MethodType kind) throws Exception {
    try (TlsServer server = server(kind, named())) {
      Ended refused = call(server, kind, "some", List.of("large"));

      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(refused.reason()).isEqualTo("API_KEY_SERVICE_BLOCKED");
      assertThat(refused.answers()).isEmpty();
      assertThat(call(server, kind, "some", List.of("small")).code()).isEqualTo(Code.OK);
      assertThat(call(server, kind, "some", List.of("mini-4")).code()).isEqualTo(Code.OK);
      assertThat(call(server, kind, "all", List.of("large")).code()).isEqualTo(Code.OK);
    }
    assertThat(handled).containsExactly("small", "mini-4", "large");
    assertThat(charged()).isEqualTo(Map.of("small", 1.0, "mini-4", 1.0, "large", 1.0));
  }

  /** Were it let through, a caller would get the method's own model by leaving the name out. */
  @ParameterizedTest
  @EnumSource(value = MethodType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void firstMessage_thatNamesNone_isHeldAgainstTheMethodsModel(MethodType kind) throws Exception {
    try (TlsServer server = server(kind, named())) {
      Ended refused = call(server, kind, "some", List.of(" "));

      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(call(server, kind, "all", List.of(" ")).code()).isEqualTo(Code.OK);
    }
    assertThat(handled).containsExactly(" ");
    assertThat(charged()).isEqualTo(Map.of("standard", 1.0));
  }

  @ParameterizedTest
  @EnumSource(
      value = MethodType.class,
      names = {"CLIENT_STREAMING", "BIDI_STREAMING"})
  void laterMessage_ofAForbiddenModel_endsTheStreamUnseenAndChargesUntilThen(MethodType kind)
      throws Exception {
    try (TlsServer server = server(kind, named())) {
      Ended refused = call(server, kind, "some", List.of("small", "", "large", "small"));

      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(refused.reason()).isEqualTo("API_KEY_SERVICE_BLOCKED");
    }
    assertThat(handled).containsExactly("small", "");
    UsageEvent event = lastEvent();
    assertThat(event.model()).isEqualTo("small");
    assertThat(TableClient.usages(client.reported()).stream().mapToDouble(usage -> usage).sum())
        .isEqualTo(2.0);
    assertThat(new HashMap<String, Object>(requireNonNull(event.metadata())))
        .containsEntry("status", "PERMISSION_DENIED");
  }

  @ParameterizedTest
  @EnumSource(
      value = MethodType.class,
      names = {"CLIENT_STREAMING", "BIDI_STREAMING"})
  void noMessage_ofAKeyThatMayNotUseTheMethodsModel_isRefused(MethodType kind) throws Exception {
    try (TlsServer server = server(kind, named())) {
      assertThat(call(server, kind, "some", List.of()).code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(call(server, kind, "all", List.of()).code()).isEqualTo(Code.OK);
    }
    assertThat(client.reported()).hasSize(1);
  }

  /** The method says the model: it is known before anything else. */
  @ParameterizedTest
  @EnumSource(value = MethodType.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void method_ofAForbiddenModel_isRefusedBeforeItsHandlerIsEntered(MethodType kind)
      throws Exception {
    Metering<String, String> fixed = Metering.of("llm", "large", UsageExtractor.countRequests());
    try (TlsServer server = server(kind, fixed)) {
      Ended refused = call(server, kind, "some", List.of("hello"));

      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(refused.reason()).isEqualTo("API_KEY_SERVICE_BLOCKED");
      assertThat(entered).hasValue(0);
      assertThat(call(server, kind, "all", List.of("hello")).code()).isEqualTo(Code.OK);
    }
    assertThat(charged()).isEqualTo(Map.of("large", 1.0));
  }

  @Test
  void message_afterTheOperatorTookTheModelAway_isRefused() throws Exception {
    try (TlsServer server = server(MethodType.BIDI_STREAMING, named())) {
      Call call = new Call(server, MethodType.BIDI_STREAMING, "some");
      call.send("small");
      assertThat(call.answer()).isEqualTo("small");
      client.decide("some", allowed(Entitlements.UNLIMITED.withModels(List.of("medium"))));
      call.send("small");

      assertThat(call.end().code()).isEqualTo(Code.PERMISSION_DENIED);
    }
    assertThat(handled).containsExactly("small");
  }

  /** An outage of the billing system must not end streams; nor may it open them. */
  @Test
  void message_whileTheKeyCannotBeChecked_isHeldAgainstTheModelsOfTheStart() throws Exception {
    try (TlsServer server = server(MethodType.BIDI_STREAMING, named())) {
      Call call = new Call(server, MethodType.BIDI_STREAMING, "some");
      call.send("small");
      assertThat(call.answer()).isEqualTo("small");
      client.decide("some", KeyDecision.Denied.because(DenialReason.UNAVAILABLE));
      call.send("mini-1");
      assertThat(call.answer()).isEqualTo("mini-1");
      call.send("large");

      assertThat(call.end().code()).isEqualTo(Code.PERMISSION_DENIED);
    }
    assertThat(handled).containsExactly("small", "mini-1");
  }

  @Test
  void modelFrom_thatThrows_refusesKeysOfSomeModelsOnly() throws Exception {
    Metering<String, String> broken =
        named()
            .modelFrom(
                request -> {
                  throw new NoClassDefFoundError("com/example/Model");
                });
    try (TlsServer server = server(MethodType.UNARY, broken)) {
      assertThat(call(server, MethodType.UNARY, "some", List.of("small")).code())
          .isEqualTo(Code.UNAVAILABLE);
      assertThat(call(server, MethodType.UNARY, "all", List.of("small")).code()).isEqualTo(Code.OK);
    }
    assertThat(handled).containsExactly("small");
    assertThat(lastEvent().model()).isEqualTo("standard");
  }

  /** What the handler has asked of others for a refused stream is of no use any more. */
  @Test
  void refusedStream_handlerThatGoesOn_isCancelledAndSwallowed() throws Exception {
    try (TlsServer server = server(MethodType.BIDI_STREAMING, named())) {
      Call call = new Call(server, MethodType.BIDI_STREAMING, "some");
      call.send("small");
      assertThat(call.answer()).isEqualTo("small");
      call.send("large");
      Ended refused = call.end();

      assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(cancelled.poll(1, TimeUnit.MINUTES)).isEqualTo("cancelled");
    }
  }

  /** Reported by hand, it was used: it is charged, whatever the key may be used for. */
  @Test
  void reportUsage_ofAForbiddenModel_isCharged() throws Exception {
    BillingSession session =
        new BillingSession(Caller.of("some", "k_app-2", "app-2"), client, "some", SMALL_ONLY);
    io.grpc.Context.current()
        .withValue(BillingContext.SESSION, session)
        .call(() -> BillingContext.reportUsage("llm", "large", 3));

    assertThat(lastEvent().model()).isEqualTo("large");
  }

  // The server.

  private final AtomicInteger entered = new AtomicInteger();
  private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

  private static Metering<String, String> named() {
    return Metering.<String, String>of("llm", "standard", UsageExtractor.countRequests())
        .modelFrom(request -> request);
  }

  private TlsServer server(MethodType kind, Metering<String, String> metering) throws Exception {
    MeteringInterceptor meter =
        MeteringInterceptor.builder()
            .method(EchoService.method(kind), metering)
            .settleEvery(Duration.ofMillis(10))
            .minimumOnFailure(0)
            .build();
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(client).build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(EchoService.NAME)
            .addMethod(EchoService.method(kind), this::handle)
            .build();
    return TlsServer.start(b -> b.intercept(meter).intercept(keys).addService(service));
  }

  /** Echoes each request at once where that is allowed, and else one at the end. */
  private ServerCall.Listener<String> handle(ServerCall<String, String> call, Metadata headers) {
    entered.incrementAndGet();
    call.request(100);
    call.sendHeaders(new Metadata());
    boolean one = call.getMethodDescriptor().getType().serverSendsOneMessage();
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(String request) {
        handled.add(request);
        if (!one) {
          call.sendMessage(request);
        }
      }

      @Override
      public void onHalfClose() {
        if (one) {
          call.sendMessage("done");
        }
        call.close(Status.OK, new Metadata());
      }

      @Override
      public void onCancel() {
        cancelled.add(call.isCancelled() ? "cancelled" : "not cancelled");
        call.close(Status.CANCELLED, new Metadata());
      }
    };
  }

  /** By model: an interval that ends within a call makes two events of it. */
  private Map<String, Double> charged() {
    return client.reported().stream()
        .collect(
            Collectors.groupingBy(
                UsageEvent::model,
                Collectors.summingDouble(each -> requireNonNull(each.usage()).doubleValue())));
  }

  /** The last; the earlier ones are of intervals. */
  private UsageEvent lastEvent() {
    return client.reported().get(client.reported().size() - 1);
  }

  // The caller.

  private record Ended(Code code, String reason, List<String> answers) {}

  private static Ended call(TlsServer server, MethodType kind, String key, List<String> requests)
      throws Exception {
    Call call = new Call(server, kind, key);
    requests.forEach(call::send);
    return call.end();
  }

  private static final class Call extends ClientCall.Listener<String> {
    private final ClientCall<String, String> call;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    Call(TlsServer server, MethodType kind, String key) throws Exception {
      call =
          server
              .channel()
              .newCall(
                  EchoService.method(kind),
                  CallOptions.DEFAULT
                      .withDeadlineAfter(60, TimeUnit.SECONDS)
                      .withCallCredentials(ApiKeyCallCredentials.of(key)));
      call.start(this, new Metadata());
      call.request(100);
    }

    void send(String request) {
      call.sendMessage(request);
    }

    String answer() throws InterruptedException {
      return String.valueOf(answers.poll(1, TimeUnit.MINUTES));
    }

    Ended end() throws InterruptedException {
      call.halfClose();
      Ended end = ended.poll(1, TimeUnit.MINUTES);
      assertThat(end).isNotNull();
      return end;
    }

    @Override
    public void onMessage(String answer) {
      answers.add(answer);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
      List<String> reasons = new ArrayList<>();
      try {
        for (com.google.protobuf.Any detail : details.getDetailsList()) {
          reasons.add(detail.unpack(ErrorInfo.class).getReason());
        }
      } catch (com.google.protobuf.InvalidProtocolBufferException other) {
        reasons.add("not an ErrorInfo");
      }
      ended.add(
          new Ended(
              status.getCode(), reasons.isEmpty() ? "" : reasons.get(0), List.copyOf(answers)));
    }
  }
}
