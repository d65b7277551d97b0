package io.billingsdk.it;

import io.billingsdk.ConnectionState;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.ScriptedFaults;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose answers a test scripts, the other side of the wire, and clients. */
@Tag("broker")
abstract class MqttTrapsFixture {
  static final ScriptedFaults FAULTS = new ScriptedFaults();

  @TempDir static Path directory;

  static EmbeddedTestBroker broker;

  WireSpy system;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedTestBroker.in(directory, FAULTS::installIn);
    broker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void subscribe() {
    FAULTS.deliverAll();
    system = WireSpy.on(broker, Role.SYSTEM, "billing/report", "billing/keys/request");
  }

  @AfterEach
  void unsubscribe() {
    FAULTS.deliverAll();
    system.close();
  }

  static DefaultBillingClient through(FaultProxy proxy) {
    return Clients.start(Clients.withCredentials(Clients.config(broker, proxy.port())));
  }

  static DefaultBillingClient through(FaultProxy proxy, String clientId) {
    return Clients.start(
        Clients.withCredentials(Clients.config(broker, proxy.port())).clientId(clientId));
  }

  static void connectOnce(DefaultBillingClient client) {
    Clients.await(client, status -> status.state() == ConnectionState.CONNECTED);
  }

  static UsageEvent event(String key) {
    return UsageEvent.of(key, "llm", "gpt-4", 1);
  }
}
