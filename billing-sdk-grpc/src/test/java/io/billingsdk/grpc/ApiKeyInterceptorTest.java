package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let through, and with which caller. */
@Tag("system")
final class ApiKeyInterceptorTest {
  private final TableClient client = new TableClient().allow("good", "app-1").allow("two", "app-2");

  @ParameterizedTest
  @ValueSource(strings = {"api-key", "apikey", "x-api-key", "API-Key"})
  void interceptCall_keyInEachUsualHeader_isAdmitted(String header) throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      assertThat(echo.call(MethodType.UNARY, List.of(header, "good"))).isEqualTo("app-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer good", "bearer good", "BEARER   good "})
  void interceptCall_keyAsBearerToken_isAdmitted(String authorization) throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      assertThat(echo.call(MethodType.UNARY, List.of("authorization", authorization)))
          .isEqualTo("app-1");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MethodType.class,
      names = {"UNARY", "SERVER_STREAMING", "CLIENT_STREAMING", "BIDI_STREAMING"})
  void interceptCall_everyKindOfMethod_seesItsCaller(MethodType type) throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      assertThat(echo.call(type, List.of("api-key", "two"))).isEqualTo("app-2");
    }
  }

  @Test
  void interceptCall_severalHeaders_theFirstOfTheListCounts() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      String app =
          echo.call(
              MethodType.UNARY,
              List.of("authorization", "Bearer some-other-token", "x-api-key", "two"));

      assertThat(app).isEqualTo("app-2");
    }
  }

  @Test
  void interceptCall_sameKeyTwice_isAdmitted() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      assertThat(echo.call(MethodType.UNARY, List.of("api-key", "good", "api-key", "good")))
          .isEqualTo("app-1");
    }
  }

  @Test
  void interceptCall_healthService_needsNoKey() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      ServingStatus status =
          HealthGrpc.newBlockingStub(echo.channel())
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();

      assertThat(status).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void interceptCall_exemptMethod_runsWithoutCaller() throws Exception {
    ApiKeyInterceptor interceptor =
        ApiKeyInterceptor.builder()
            .client(client)
            .exempt(method -> EchoService.NAME.equals(method.getServiceName()))
            .build();
    try (NettyEcho echo = new NettyEcho(interceptor)) {
      assertThat(echo.call(MethodType.UNARY, List.of("api-key", "good"))).isEqualTo("nobody");
      assertThat(client.reported()).isEmpty();
    }
  }

  @Test
  void interceptCall_ownHeader_replacesTheUsualOnes() throws Exception {
    ApiKeyInterceptor interceptor =
        ApiKeyInterceptor.builder().client(client).headers(List.of("x-team-key")).build();
    try (NettyEcho echo = new NettyEcho(interceptor)) {
      assertThat(echo.call(MethodType.UNARY, List.of("x-team-key", "good"))).isEqualTo("app-1");
      assertThatThrownBy(() -> echo.call(MethodType.UNARY, List.of("api-key", "good")))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
    }
  }

  @Test
  void reportUsage_insideACall_isChargedToItsKey() throws Exception {
    try (NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      echo.call(MethodType.UNARY, List.of("api-key", "two"));
    }

    assertThat(client.reported())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.apiKey()).isEqualTo("two");
              assertThat(event.module()).isEqualTo("echo");
              assertThat(event.usage()).isEqualByComparingTo("5");
            });
  }

  @Test
  void reportUsage_outsideACall_isRejectedAndNamesTheCaller() {
    ReportOutcome outcome = BillingContext.reportUsage("llm", "gpt-4", 1);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(RejectionReason.INVALID);
              assertThat(rejected.field()).isEqualTo("caller");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"key-bin", "sp ace", ""})
  void headers_illegalName_isRefusedAtOnce(String name) {
    assertThatThrownBy(() -> ApiKeyInterceptor.builder().headers(List.of(name)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void headers_none_isRefusedAtOnce() {
    assertThatThrownBy(() -> ApiKeyInterceptor.builder().headers(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("headers");
  }
}
