package io.billingsdk.it;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.ClientStatus;
import io.billingsdk.Protocol;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Makes clients of a test broker, and waits for what they come to. */
final class Clients {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private Clients() {}

  static BillingConfigBuilder config(TestBroker broker) {
    return config(broker, broker.port());
  }

  /** The same by way of another port, such as that of a proxy. */
  static BillingConfigBuilder config(TestBroker broker, int port) {
    return BillingConfig.builder()
        .host(broker.host())
        .port(port)
        .caCertificates(broker.caPem())
        // Most of these tests have nobody who would answer a request for keys.
        .protocol(Protocol.V1)
        .journalInMemory(64 << 20);
  }

  static DefaultBillingClient start(TestBroker broker) {
    return start(withCredentials(config(broker)));
  }

  static DefaultBillingClient start(BillingConfigBuilder config) {
    DefaultBillingClient client = DefaultBillingClient.create(config.build());
    client.start();
    return client;
  }

  static BillingConfigBuilder withCredentials(BillingConfigBuilder config) {
    return config.credentials(Role.SDK.user(), Role.SDK.password());
  }

  static ClientStatus.Problem problem(ClientStatus status) {
    return Objects.requireNonNull(status.lastProblem(), "no problem is shown");
  }

  static ClientStatus await(DefaultBillingClient client, Predicate<ClientStatus> condition) {
    return Awaitility.await().atMost(PATIENCE).until(client::status, condition);
  }
}
