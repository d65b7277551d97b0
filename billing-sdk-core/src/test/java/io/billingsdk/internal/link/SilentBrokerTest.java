package io.billingsdk.internal.link;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.link.Failure.Pace;
import io.billingsdk.internal.time.SerialScheduler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A broker that takes the connection and says nothing, as one does that has no processor time. The
 * library ends it with the code PROTOCOL_ERROR, which nobody sent and which is no news to a user.
 */
@Timeout(60)
final class SilentBrokerTest {
  @Test
  void open_brokerThatDoesNotAnswer_isAFailureOfTheNetworkAndNotOfTheProtocol() throws Exception {
    BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    SerialScheduler scheduler =
        new SerialScheduler(
            "test-timeouts", LoggerFactory.getLogger(SilentBrokerTest.class), new Faults());
    // The system takes connections for it, and nobody reads them.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      MqttConnector connector =
          new MqttConnector(
              new LinkSettings(
                  "127.0.0.1",
                  silent.getLocalPort(),
                  "client",
                  null,
                  null,
                  Duration.ofMillis(300),
                  Duration.ofSeconds(10),
                  () -> Subscriptions.allOf(List.of("billing/keys/update"))),
              scheduler,
              new Faults());
      try {
        connector.open(
            new Connector.Events() {
              @Override
              public void up(LinkLimits limits) {
                throw new AssertionError("connected to nobody");
              }

              @Override
              public void failed(Failure failure) {
                failures.add(failure);
              }

              @Override
              public void received(String topic, byte[] payload) {}
            });
        Failure failure = requireNonNull(failures.poll(30, TimeUnit.SECONDS));
        assertThat(failure)
            .isEqualTo(
                new Failure(ProblemKind.NETWORK, "the broker did not answer in time", Pace.SOON));
      } finally {
        connector.shutdown();
        scheduler.shutdown(Duration.ofSeconds(1));
      }
    }
  }
}
