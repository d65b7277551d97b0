package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.snippets.TwelveLineServer.HelloLlm;
import io.billingsdk.testkit.BillingTest;
import io.billingsdk.testkit.InProcessGrpc;
import io.billingsdk.testkit.TestBilling;
import io.grpc.Channel;
import org.junit.jupiter.api.Test;

// region test
@BillingTest
class HelloLlmTest {
  @Test
  void complete_keyOfAnApp_isAnsweredAndCharged(TestBilling billing) {
    billing.allow("sk-ada", "ada"); // a key, and the app that pays
    try (InProcessGrpc grpc = InProcessGrpc.serving(new HelloLlm())) {
      assertThat(complete(grpc.channel("sk-ada"))).isEqualTo("Hello!");
      assertThat(billing).singleEvent().isBy("ada").isOf("llm", "hello-1").hasUsage(2);
    }
  }

  private static String complete(Channel channel) {
    return LlmGrpc.newBlockingStub(channel).complete(ChatRequest.getDefaultInstance()).getText();
  }
}
// endregion
