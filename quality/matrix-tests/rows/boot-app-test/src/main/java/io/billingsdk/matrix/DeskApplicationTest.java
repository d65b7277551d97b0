package io.billingsdk.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.spring.test.AutoConfigureTestBilling;
import io.billingsdk.testkit.TestBilling;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * The whole application with a client of tests. The properties name both starters, since one of
 * them is there: the server listens in the process too, and on a free port.
 */
@SpringBootTest(
    classes = DeskApplication.class,
    properties = {
      "spring.grpc.server.inprocess.name=desk",
      "grpc.server.in-process-name=desk",
    })
@AutoConfigureTestBilling
class DeskApplicationTest {
  @Autowired private TestBilling billing;
  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    billing.forgetEvents().allow("key-1", "app-1");
    channel = InProcessChannelBuilder.forName("desk").build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void ask_withAKey_isAnsweredAndMetered() {
    var answer =
        DeskGrpc.newBlockingStub(channel)
            .withCallCredentials(ApiKeyCallCredentials.of("key-1").allowingPlaintext())
            .ask(Request.newBuilder().setModel("small").build());
    assertThat(answer.getCaller()).isEqualTo("app-1");
    assertThat(billing).singleEvent().isOf("llm", "small").hasUsage(DeskService.TOKENS);
  }

  @Test
  void ask_withoutAKey_isRefusedAndFree() {
    assertThatThrownBy(
            () ->
                DeskGrpc.newBlockingStub(channel)
                    .ask(Request.newBuilder().setModel("small").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("UNAUTHENTICATED");
    assertThat(billing.events()).isEmpty();
  }
}
