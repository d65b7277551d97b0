package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MosquittoTestBrokerTest extends BrokerContract {

  @TempDir static Path directory;
  private static MosquittoTestBroker broker;

  @BeforeAll
  static void start() {
    Optional<String> why = MosquittoTestBroker.whyNotInstalled();
    why.ifPresent(reason -> Proof.skipped("testbed-mosquitto", reason));
    Assumptions.assumeTrue(why.isEmpty(), () -> why.orElse(""));
    broker = MosquittoTestBroker.in(directory, "max_queued_messages 10");
    broker.start();
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Override
  TestBroker broker() {
    return broker;
  }

  @Test
  void extraLine_sameWordAsOurs_replacesIt() throws Exception {
    assertThat(Files.readString(directory.resolve("mosquitto.conf")))
        .contains("max_queued_messages 10\n")
        .doesNotContain("max_queued_messages 0");
  }

  @Test
  void files_always_holdNoPlainPassword() throws Exception {
    assertThat(Files.readString(directory.resolve("passwords")))
        .contains("sdk:")
        .doesNotContain(Role.SDK.password());
  }

  @Test
  void pause_connectedClient_answersNothingUntilResumed() throws Exception {
    Mqtt5BlockingClient client = Clients.tls(broker, Role.SDK, "paused", broker.port());
    client.connect();
    broker.pause();
    CompletableFuture<?> publish =
        client.toAsync().publish(Clients.message("billing/heartbeat", "x"));

    assertThatThrownBy(() -> publish.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    broker.resume();
    publish.get(60, TimeUnit.SECONDS);
    client.disconnect();
  }

  @Test
  void kill_connectedClient_losesItsConnectionAndComesBackAfterStart() throws Exception {
    Mqtt5BlockingClient client = Clients.tls(broker, Role.SDK, "killed", broker.port());
    client.connect();

    broker.kill();

    assertThatThrownBy(() -> client.publish(Clients.message("billing/heartbeat", "x"))).isNotNull();
    broker.start();
    Mqtt5BlockingClient next = Clients.tls(broker, Role.SDK, "killed", broker.port());
    next.connect();
    next.disconnect();
  }
}
