package io.billingsdk.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.examples.spring.hello.HelloGrpc;
import io.billingsdk.examples.spring.hello.HelloRequest;
import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.billingsdk.spring.test.AutoConfigureTestBilling;
import io.billingsdk.testkit.TestBilling;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The whole application with a client of tests: no broker, no property. */
@SpringBootTest(properties = "spring.grpc.server.port=0")
@AutoConfigureTestBilling
class HelloApplicationTest {
  @Autowired private TestBilling billing;
  @Autowired private GrpcServerLifecycle server;
  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    billing.forgetEvents().allow("key-1", "app-1");
    channel =
        Grpc.newChannelBuilderForAddress(
                "localhost", server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void complete_withAKey_isAnsweredAndMetered() {
    HelloGrpc.HelloBlockingStub hello =
        HelloGrpc.newBlockingStub(channel)
            .withCallCredentials(ApiKeyCallCredentials.of("key-1").allowingPlaintext());
    assertThat(hello.complete(request()).getText()).isEqualTo("Hello, app-1");
    assertThat(billing).singleEvent().hasUsage(2);
  }

  @Test
  void complete_withoutAKey_isRefusedAndFree() {
    assertThatThrownBy(() -> HelloGrpc.newBlockingStub(channel).complete(request()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("UNAUTHENTICATED");
    assertThat(billing.events()).isEmpty();
  }

  private static HelloRequest request() {
    return HelloRequest.newBuilder().setModel("hello-1").build();
  }
}
