package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.KeyPolicy;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.UsageExtractor;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

@BillingTest
class InProcessGrpcTest {

  @Test
  void call_withEachKindOfKey_isAnsweredOrRefusedAsOnANetwork(TestBilling billing) {
    billing.allow("sk-ada", "ada").allow("sk-bob", "bob").block("sk-bob", "unpaid");
    try (InProcessGrpc grpc = InProcessGrpc.serving(new EchoService())) {
      assertThat(echo(grpc.channel("sk-ada"), "four")).isEqualTo("ada");
      assertThat(refusal(grpc.channel())).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refusal(grpc.channel("other"))).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refusal(grpc.channel("sk-bob"))).isEqualTo(Status.Code.PERMISSION_DENIED);
      billing.loseKeys();
      assertThat(refusal(grpc.channel("sk-ada"))).isEqualTo(Status.Code.UNAVAILABLE);
    }
    assertThat(billing).singleEvent().isBy("ada").isOf("echo", "plain").hasUsage(4);
  }

  @Test
  void client_ofItsOwn_isAskedAndNotTheFacade(TestBilling facade) {
    TestBilling own = TestBilling.create().allow("sk-ada", "ada");
    try (InProcessGrpc grpc = InProcessGrpc.serving(own, new EchoService())) {
      assertThat(echo(grpc.channel("sk-ada"), "four")).isEqualTo("ada");
    }
    assertThat(own).singleEvent().hasUsage(4);
    assertThat(facade).hasNoEvents();
  }

  @Test
  void block_whileAStreamIsOpen_endsIt(TestBilling billing) throws InterruptedException {
    billing.allow("sk-ada", "ada");
    EchoService service = new EchoService();
    try (InProcessGrpc grpc = InProcessGrpc.serving(service)) {
      Iterator<String> answers =
          ClientCalls.blockingServerStreamingCall(
              grpc.channel("sk-ada"), EchoService.WAIT, CallOptions.DEFAULT, "sk-ada");
      assertThat(answers.next()).isEqualTo("waiting");
      service.waiting.await();
      billing.block("sk-ada", "unpaid");
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(answers::hasNext)
          .satisfies(
              ended ->
                  assertThat(ended.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
    }
    assertThat(billing).singleEvent().isBy("ada").isOf("echo", "facade");
  }

  @Test
  void builder_withMeteringAndRules_runsThemInsideTheKeyCheck(TestBilling billing) {
    billing.allow("sk-ada", "ada");
    MeteringInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                EchoService.ECHO,
                Metering.of("calls", "plain", UsageExtractor.<String, String>countResponses()))
            .build();
    ApiKeyInterceptor keys =
        ApiKeyInterceptor.builder()
            .client(billing)
            .policy(method -> method.getFullMethodName().endsWith("Echo"), KeyPolicy.OPTIONAL)
            .build();
    try (InProcessGrpc grpc =
        InProcessGrpc.builder()
            .keys(keys)
            .intercept(metering)
            .service(new EchoService().bindService())
            .start()) {
      assertThat(echo(grpc.channel("sk-ada"), "four")).isEqualTo("ada");
      assertThat(billing).hasEvents(2).hasUsage("calls", 1).hasUsage("echo", 4);
      assertThat(echo(grpc.channel(), "four")).isEqualTo("nobody");
    }
  }

  @Test
  void start_withoutService_isRefused() {
    assertThatThrownBy(() -> InProcessGrpc.builder().start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one service");
  }

  private static String echo(Channel channel, String text) {
    return ClientCalls.blockingUnaryCall(channel, EchoService.ECHO, CallOptions.DEFAULT, text);
  }

  private static Status.Code refusal(Channel channel) {
    try {
      throw new AssertionError("answered: " + echo(channel, "text"));
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }
}
