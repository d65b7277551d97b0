package io.billingsdk.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.spring.test.AutoConfigureTestBilling;
import io.billingsdk.testkit.TestBilling;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The application in a test of Spring Boot 3.5; that of Boot 4 is in the examples. */
@SpringBootTest
@AutoConfigureTestBilling
class DeskApplicationTest {
  @Autowired private TestBilling billing;
  @Autowired private GrpcServerLifecycle server;

  @Test
  void ask_withAKey_isAnsweredAndMetered() {
    billing.allow("key-1", "app-1");
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost", server.getPort(), InsecureChannelCredentials.create())
            .build();
    try {
      var answer =
          DeskGrpc.newBlockingStub(channel)
              .withCallCredentials(ApiKeyCallCredentials.of("key-1").allowingPlaintext())
              .ask(Request.newBuilder().setModel("small").build());
      assertThat(answer.getCaller()).isEqualTo("app-1");
    } finally {
      channel.shutdownNow();
    }
    assertThat(billing).singleEvent().hasUsage(DeskService.TOKENS);
  }
}
