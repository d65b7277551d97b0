package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.grpc.desk.DeskGrpc;
import io.billingsdk.grpc.desk.Request;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key on the client's side. */
final class ApiKeyCallCredentialsTest {
  private static final Request REQUEST = Request.getDefaultInstance();

  private final ApiKeyInterceptor keys =
      ApiKeyInterceptor.builder().client(new TableClient().allow("sk-CANARY", "app-1")).build();

  @Test
  void call_overTls_carriesTheKey() throws Exception {
    try (TlsServer server = TlsServer.start(b -> b.intercept(keys).addService(new Desk()))) {
      DeskGrpc.DeskBlockingStub stub =
          DeskGrpc.newBlockingStub(server.channel())
              .withCallCredentials(ApiKeyCallCredentials.of("sk-CANARY"));
      assertThat(stub.ask(REQUEST).getCaller()).isEqualTo("app-1");
    }
  }

  @Test
  void call_overPlaintext_isRefusedBeforeTheKeyIsSentUnlessAllowed() throws Exception {
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .intercept(keys)
            .addService(new Desk())
            .build()
            .start();
    ManagedChannel channel =
        Grpc.newChannelBuilder("localhost:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
    try {
      DeskGrpc.DeskBlockingStub stub = DeskGrpc.newBlockingStub(channel);
      ApiKeyCallCredentials credentials = ApiKeyCallCredentials.of("sk-CANARY");
      assertThatThrownBy(() -> stub.withCallCredentials(credentials).ask(REQUEST))
          .asInstanceOf(InstanceOfAssertFactories.type(StatusRuntimeException.class))
          .matches(refused -> refused.getStatus().getCode() == Code.UNAUTHENTICATED)
          .matches(refused -> String.valueOf(refused.getMessage()).contains("without TLS"))
          .matches(refused -> !refused.toString().contains("CANARY"));
      assertThat(stub.withCallCredentials(credentials.allowingPlaintext()).ask(REQUEST).getCaller())
          .isEqualTo("app-1");
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CANARY with space", "CANARY\n", "CANARYé"})
  void of_malformedKey_isRefusedWithoutShowingIt(String malformed) {
    assertThatThrownBy(() -> ApiKeyCallCredentials.of(malformed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("apiKey must be")
        .hasMessageNotContaining("CANARY");
  }

  @Test
  void toString_ofCredentials_hidesTheKey() {
    assertThat(ApiKeyCallCredentials.of("sk-CANARY").toString()).doesNotContain("CANARY");
  }
}
