package io.billingsdk.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.testkit.TestBilling;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Decisions of a real interceptor, counted. */
final class DecisionMetricsTest {
  private static final Metadata.Key<String> API_KEY =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);

  private final DecisionMetrics decisions = new DecisionMetrics();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void decided_byAnInterceptor_isCountedByReason() {
    ApiKeyInterceptor keys =
        ApiKeyInterceptor.builder().client(TestBilling.create()).listener(decisions).build();
    call(keys, new Metadata());
    Metadata withKey = new Metadata();
    withKey.put(API_KEY, "some-key");
    call(keys, withKey);
    call(keys, withKey);
    decisions.bindTo(registry);
    assertThat(count("denied", "missing")).isEqualTo(1);
    assertThat(count("denied", "invalid")).isEqualTo(2);
    assertThat(count("allowed", "none")).isZero();
    assertThat(registry.getMetersAsString()).doesNotContain("some-key");
  }

  private double count(String result, String reason) {
    return registry
        .get("billing.calls.decided")
        .tag("result", result)
        .tag("reason", reason)
        .functionCounter()
        .count();
  }

  private static void call(ApiKeyInterceptor keys, Metadata headers) {
    var unused =
        keys.interceptCall(
            new RefusedCall(), headers, (call, metadata) -> new ServerCall.Listener<>() {});
  }

  /** A call that is closed and does nothing more. */
  private static final class RefusedCall extends ServerCall<InputStream, InputStream> {
    @Override
    public void request(int numMessages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(InputStream message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<InputStream, InputStream> getMethodDescriptor() {
      MethodDescriptor.Marshaller<InputStream> none =
          new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(InputStream value) {
              return value;
            }

            @Override
            public InputStream parse(InputStream stream) {
              return new ByteArrayInputStream(new byte[0]);
            }
          };
      return MethodDescriptor.newBuilder(none, none)
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Desk/Ask")
          .build();
    }
  }
}
