package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.QuotaFailure;
import io.billingsdk.testbed.Await;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Quotas of calls, over Netty with TLS: set aside before the handler, settled once at the end. */
@Tag("system")
final class QuotaEnforcementTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<String> KEY = List.of("api-key", QuotaClient.KEY);
  private static final List<MethodType> KINDS =
      List.of(
          MethodType.UNARY,
          MethodType.SERVER_STREAMING,
          MethodType.CLIENT_STREAMING,
          MethodType.BIDI_STREAMING);

  private final QuotaClient client = new QuotaClient(100);

  private ApiKeyInterceptor keys() {
    return ApiKeyInterceptor.builder().client(client).quotaTrailers(true).build();
  }

  private static MeteringInterceptor metering(double estimate) {
    MeteringInterceptorBuilder builder = MeteringInterceptor.builder();
    for (MethodType kind : KINDS) {
      builder.method(
          EchoService.method(kind),
          Metering.<String, String>of("echo", "plain", UsageExtractor.sumOfRequests(q -> 7))
              .estimateFrom(request -> estimate));
    }
    return builder.build();
  }

  private void awaitEnd() {
    Await.until(PATIENCE, () -> client.open() == 0);
  }

  @Test
  void call_ofEveryKind_isSettledOnceWithItsAmount() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(20), keys())) {
      for (MethodType kind : KINDS) {
        List<String> unused = echo.callToEnd(kind, KEY);
        awaitEnd();
      }
    }
    // Of unary and server streaming the handler reports 5 more.
    assertThat(client.settled()).isEqualByComparingTo("38");
    assertThat(client.taken()).as("nothing is left set aside").isEqualByComparingTo("38");
    assertThat(client.outside()).isZero();
  }

  @Test
  void call_withTooLittleLeft_isRefusedBeforeTheHandler() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(101), keys())) {
      for (MethodType kind : KINDS) {
        StatusRuntimeException refused =
            catchThrowableOfType(StatusRuntimeException.class, () -> echo.callToEnd(kind, KEY));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(violations(refused)).containsExactly("usage");
        awaitEnd();
      }
      assertThat(client.table().reported()).isEmpty();
      assertThat(client.taken()).isEqualByComparingTo("0");
    }
  }

  @Test
  void call_estimateThrows_countsAsNothingAndGoesOn() throws Exception {
    MeteringInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                EchoService.method(MethodType.UNARY),
                Metering.<String, String>of("echo", "plain", UsageExtractor.countRequests())
                    .estimateFrom(
                        request -> {
                          throw new IllegalStateException("a bug of the application");
                        }))
            .build();
    try (NettyEcho echo = new NettyEcho(metering, keys())) {
      assertThat(echo.call(MethodType.UNARY, KEY)).isEqualTo("app-1");
      awaitEnd();
    }
    assertThat(client.settled()).isEqualByComparingTo("6");
  }

  @Test
  void call_notMetered_givesBackWhatItDoesNotReport() throws Exception {
    try (NettyEcho echo = new NettyEcho(keys())) {
      for (MethodType kind : KINDS) {
        List<String> unused = echo.callToEnd(kind, KEY);
        awaitEnd();
      }
    }
    assertThat(client.settled()).as("by the handlers that report").isEqualByComparingTo("10");
    assertThat(client.taken()).isEqualByComparingTo("10");
    assertThat(client.outside()).isZero();
  }

  @Test
  void call_cancelledByItsClient_isSettledOnce() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(20), keys())) {
      for (int i = 0; i < 5; i++) {
        Closed closed = new Closed();
        ClientCall<String, String> call =
            echo.channel()
                .newCall(
                    EchoService.method(MethodType.BIDI_STREAMING),
                    CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
        call.start(closed, key());
        call.sendMessage("hello");
        Await.until(PATIENCE, () -> client.taken().subtract(client.settled()).intValue() >= 20);
        call.cancel("the client leaves", null);
        awaitEnd();
      }
    }
    assertThat(client.table().reported()).hasSize(5);
    assertThat(client.settled()).isEqualByComparingTo("35");
    assertThat(client.taken()).isEqualByComparingTo("35");
    assertThat(client.outside()).isZero();
  }

  @Test
  void call_revoked_isSettledOnce() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(20), keys())) {
      Closed closed = new Closed();
      ClientCall<String, String> call =
          echo.channel()
              .newCall(EchoService.method(MethodType.BIDI_STREAMING), CallOptions.DEFAULT);
      call.start(closed, key());
      call.request(1);
      call.sendMessage("hello");
      Await.until(PATIENCE, () -> client.taken().intValue() >= 20);
      client.table().block(QuotaClient.KEY, "unpaid");
      assertThat(closed.status.get(60, TimeUnit.SECONDS).getCode())
          .isEqualTo(Code.PERMISSION_DENIED);
      awaitEnd();
    }
    assertThat(client.table().reported()).hasSize(1);
    assertThat(client.taken()).isEqualByComparingTo(client.settled());
    assertThat(client.outside()).isZero();
  }

  @Test
  void trailers_whenAskedFor_sayWhatIsLeft() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(20), keys())) {
      Closed closed = new Closed();
      ClientCall<String, String> call =
          echo.channel()
              .newCall(EchoService.method(MethodType.CLIENT_STREAMING), CallOptions.DEFAULT);
      call.start(closed, key());
      call.request(2);
      call.sendMessage("hello");
      call.halfClose();
      assertThat(closed.status.get(60, TimeUnit.SECONDS).isOk()).isTrue();
      Metadata trailers = closed.trailers.get(60, TimeUnit.SECONDS);
      assertThat(trailers.get(AdmittedCall.REMAINING)).isEqualTo("usage=93");
      assertThat(trailers.get(AdmittedCall.RESET)).isEqualTo("usage=2026-12-01T00:00:00Z");
    }
  }

  private static Metadata key() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), QuotaClient.KEY);
    return metadata;
  }

  private static List<String> violations(StatusRuntimeException refused) throws Exception {
    List<String> subjects = new ArrayList<>();
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    assertThat(status).isNotNull();
    for (Any any : status.getDetailsList()) {
      if (any.is(QuotaFailure.class)) {
        any.unpack(QuotaFailure.class)
            .getViolationsList()
            .forEach(each -> subjects.add(each.getSubject()));
      }
    }
    return subjects;
  }

  /** How a call ended. */
  private static final class Closed extends ClientCall.Listener<String> {
    final CompletableFuture<Status> status = new CompletableFuture<>();
    final CompletableFuture<Metadata> trailers = new CompletableFuture<>();

    @Override
    public void onClose(Status newStatus, Metadata newTrailers) {
      trailers.complete(newTrailers);
      status.complete(newStatus);
    }
  }
}
