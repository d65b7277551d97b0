package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.Caller;
import io.billingsdk.UsageEvent;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order that docs/grpc.md recommends: tracing, the key check, metering, the business. */
final class InterceptorOrderTest {
  private final TableClient client = new TableClient().allow("good", "app-1");
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  /** Stands where tracing does: it sees how each call ended. */
  private final ServerInterceptor tracing =
      new ServerInterceptor() {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
          return next.startCall(
              new SimpleForwardingServerCall<>(call) {
                @Override
                public void close(Status status, Metadata trailers) {
                  seen.add("traced " + status.getCode());
                  super.close(status, trailers);
                }
              },
              headers);
        }
      };

  /** Of the application: it finds the caller. */
  private final ServerInterceptor business =
      new ServerInterceptor() {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
          seen.add("business of " + BillingContext.caller().map(Caller::appId).orElse("nobody"));
          return next.startCall(call, headers);
        }
      };

  @Test
  void admittedCall_inTheRecommendedOrder_isTracedMeteredAndKnownToTheBusiness() throws Exception {
    try (NettyEcho echo = echo()) {
      echo.call(MethodType.UNARY, List.of("api-key", "good"));

      assertThat(next()).isEqualTo("business of app-1");
      assertThat(next()).isEqualTo("traced OK");
    }
    assertThat(
            client.reported().stream()
                .map(UsageEvent::metadata)
                .filter(Objects::nonNull)
                .filter(metadata -> "final".equals(metadata.get("settlement"))))
        .hasSize(1);
  }

  @Test
  void refusedCall_inTheRecommendedOrder_isTracedAndReachesNobodyElse() throws Exception {
    try (NettyEcho echo = echo()) {
      assertThatThrownBy(() -> echo.call(MethodType.UNARY, List.of("api-key", "unknown")))
          .isInstanceOf(StatusRuntimeException.class);

      assertThat(next()).isEqualTo("traced UNAUTHENTICATED");
      assertThat(echo.entered()).isZero();
    }
    assertThat(seen).isEmpty();
    assertThat(client.reported()).isEmpty();
  }

  /** As {@code ServerBuilder.intercept} in this order, of which the last runs first. */
  private NettyEcho echo() throws Exception {
    return new NettyEcho(
        business,
        MeteringInterceptor.builder()
            .method(
                EchoService.method(MethodType.UNARY),
                Metering.of("echo", "plain", MeteringEndingsTest.MessageMeter::new))
            .build(),
        ApiKeyInterceptor.builder().client(client).build(),
        tracing);
  }

  private @Nullable String next() throws InterruptedException {
    return seen.poll(1, TimeUnit.MINUTES);
  }
}
