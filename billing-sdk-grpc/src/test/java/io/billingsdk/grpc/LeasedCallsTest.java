package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.billingsdk.testbed.Await;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerInterceptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Quotas of every meter, enforced by both interceptors and the SDK's own code, over Netty. */
@Tag("system")
final class LeasedCallsTest {
  private static final List<String> KEY = List.of("api-key", LeasedClient.KEY);

  /** Ten output tokens for each call. */
  private static final class Tokens implements CallMeter<String, String> {
    @Override
    public double usage(double elapsedSeconds) {
      return 1;
    }

    @Override
    public Map<String, BigDecimal> quantities(double elapsedSeconds) {
      return Map.of("output_tokens", BigDecimal.TEN);
    }
  }

  private static Metering<String, String> tokens() {
    return Metering.of("echo", LeasedClient.MODEL, Tokens::new);
  }

  private static MeteringInterceptor metering(Metering<String, String> metering) {
    return MeteringInterceptor.builder()
        .method(EchoService.method(MethodType.CLIENT_STREAMING), metering)
        .build();
  }

  private static NettyEcho echo(LeasedClient client, ServerInterceptor... inside)
      throws IOException {
    ServerInterceptor keys = ApiKeyInterceptor.builder().client(client).build();
    ServerInterceptor[] all = java.util.Arrays.copyOf(inside, inside.length + 1);
    all[inside.length] = keys;
    return new NettyEcho(all);
  }

  private static StatusRuntimeException refusal(NettyEcho echo) {
    return requireNonNull(
        catchThrowableOfType(
            StatusRuntimeException.class, () -> echo.callToEnd(MethodType.CLIENT_STREAMING, KEY)));
  }

  private static void assertExceeded(StatusRuntimeException refused, String meter)
      throws IOException {
    assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    boolean retries = false;
    for (Any any : requireNonNull(StatusProto.fromThrowable(refused)).getDetailsList()) {
      if (any.is(QuotaFailure.class)) {
        assertThat(any.unpack(QuotaFailure.class).getViolations(0).getSubject()).isEqualTo(meter);
      }
      if (any.is(RetryInfo.class)) {
        retries = true;
        assertThat(Durations.toDays(any.unpack(RetryInfo.class).getRetryDelay())).isPositive();
      }
    }
    assertThat(retries).as("it says when the quota begins again").isTrue();
  }

  @Test
  void call_quotaOfCallsUsedUp_isRefusedByTheKeyCheckAlone() throws Exception {
    LeasedClient client = new LeasedClient(Map.of("calls", 3L));
    MeteringInterceptor metering =
        metering(Metering.of("echo", LeasedClient.MODEL, UsageExtractor.countRequests()));
    try (NettyEcho echo = echo(client, metering)) {
      for (int i = 0; i < 3; i++) {
        assertThat(echo.callToEnd(MethodType.CLIENT_STREAMING, KEY)).containsExactly("app-1");
      }
      Await.until(() -> client.table().reported().size() == 3);
      assertExceeded(untilExceeded(echo), "calls");
      assertThat(echo.entered()).isEqualTo(3);
    } finally {
      client.stop();
    }
  }

  /** The first refusal may be that more was asked for. */
  private static StatusRuntimeException untilExceeded(NettyEcho echo) {
    StatusRuntimeException[] last = {refusal(echo)};
    Await.until(
        Duration.ofSeconds(20),
        () -> {
          if (last[0].getStatus().getCode() == Code.UNAVAILABLE) {
            last[0] = refusal(echo);
          }
          return last[0].getStatus().getCode() != Code.UNAVAILABLE;
        });
    return last[0];
  }

  @Test
  void call_quotaOfAQuantityUsedUp_isRefusedThoughTheEstimateDoesNotNameIt() throws Exception {
    LeasedClient client = new LeasedClient(Map.of("output_tokens", 15L, "usage", 100L));
    try (NettyEcho echo = echo(client, metering(tokens()))) {
      for (int i = 1; i <= 2; i++) {
        int calls = i;
        assertThat(echo.callToEnd(MethodType.CLIENT_STREAMING, KEY)).containsExactly("app-1");
        Await.until(() -> client.table().reported().size() == calls);
      }
      assertExceeded(untilExceeded(echo), "output_tokens");
      assertThat(client.table().reported()).hasSize(2);
      assertThat(echo.entered()).isEqualTo(2);
      assertThat(client.outside()).isZero();
    } finally {
      client.stop();
    }
  }

  @Test
  void call_estimateOfAQuantityThatIsNotLeft_isRefusedAndTakesNothing() throws Exception {
    LeasedClient client = new LeasedClient(Map.of("output_tokens", 15L));
    try (NettyEcho echo =
        echo(client, metering(tokens().estimateFrom("output_tokens", request -> 16)))) {
      assertExceeded(untilExceeded(echo), "output_tokens");
      assertThat(client.table().reported()).isEmpty();
      assertThat(client.taken()).containsEntry("output_tokens", BigDecimal.ZERO);
    } finally {
      client.stop();
    }
  }

  @Test
  void call_estimateOfAQuantity_isSetAsideAndSettled() throws Exception {
    LeasedClient client = new LeasedClient(Map.of("output_tokens", 15L));
    try (NettyEcho echo =
        echo(client, metering(tokens().estimateFrom("output_tokens", request -> 15)))) {
      assertThat(echo.callToEnd(MethodType.CLIENT_STREAMING, KEY)).containsExactly("app-1");
      Await.until(
          () -> client.taken().getOrDefault("output_tokens", BigDecimal.ZERO).intValue() == 10);
    } finally {
      client.stop();
    }
  }
}
