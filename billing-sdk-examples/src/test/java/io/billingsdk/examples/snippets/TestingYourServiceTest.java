package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.RejectionReason;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.snippets.TwelveLineServer.HelloLlm;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.UsageExtractor;
import io.billingsdk.testkit.BillingTest;
import io.billingsdk.testkit.InProcessGrpc;
import io.billingsdk.testkit.TestBilling;
import org.junit.jupiter.api.Test;

/** The blocks of docs/testing-your-service.md. */
@BillingTest
class TestingYourServiceTest {

  @Test
  void answers_asScripted(TestBilling billing) {
    billing.allow("sk-ada", "ada");
    // region answers
    billing.allow("sk-bob", "bob").block("sk-bob", "unpaid"); // BLOCKED; its open streams end
    billing.decideNext("sk-ada", Denied.because(DenialReason.UNAVAILABLE)); // once
    // endregion
    assertThat(reasonFor("sk-ada", billing)).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(billing.check("sk-ada")).isInstanceOf(KeyDecision.Allowed.class);
    assertThat(reasonFor("sk-bob", billing)).isEqualTo(DenialReason.BLOCKED);
    billing.loseKeys();
    assertThat(reasonFor("sk-ada", billing)).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void outage_fillsAndDrains(TestBilling billing) {
    // region outage
    billing.bufferOf(2).startOutage();
    for (int call = 1; call <= 3; call++) {
      Billing.reportUsage("sk-ada", "llm", "gpt-4", 150);
    }
    assertThat(billing).hasPending(2).hasDelivered(0).hasRejected(RejectionReason.BUFFER_FULL);
    billing.endOutage(); // what waits is delivered, in its order
    assertThat(billing).hasPending(0).hasDelivered(2).hasUsage("llm", 300);
    // endregion
  }

  @Test
  void metering_isInsideTheKeyCheck(TestBilling billing) {
    billing.allow("sk-ada", "ada");
    // region metering
    MeteringInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                LlmGrpc.getCompleteMethod(),
                Metering.of(
                    "calls", "hello-1", UsageExtractor.<ChatRequest, ChatResponse>countResponses()))
            .build();
    try (InProcessGrpc grpc =
        InProcessGrpc.builder().intercept(metering).services(new HelloLlm()).start()) {
      var unused =
          LlmGrpc.newBlockingStub(grpc.channel("sk-ada"))
              .complete(ChatRequest.getDefaultInstance());
    }
    assertThat(billing).hasEvents(2).hasUsage("calls", 1).hasUsage("llm", 2);
    // endregion
  }

  private static DenialReason reasonFor(String apiKey, TestBilling billing) {
    return ((Denied) billing.check(apiKey)).reason();
  }
}
