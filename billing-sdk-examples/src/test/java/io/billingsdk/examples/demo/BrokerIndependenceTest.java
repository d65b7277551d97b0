package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Credentials;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same end-to-end test on different brokers, each with TLS, passwords and access rules:
 * gateway, billing server and client see nothing of the difference.
 */
@Tag("broker")
final class BrokerIndependenceTest {
  private static final int CALLS = 100;
  private static final long SEED = 7;

  @TempDir Path directory = Path.of("");

  @Test
  void scenario_embeddedBroker_everythingAgrees() throws Exception {
    try (TestBroker broker = EmbeddedTestBroker.in(directory)) {
      playOn(broker, "embedded-hivemq");
    }
  }

  @Test
  void scenario_mosquitto_everythingAgrees() throws Exception {
    Optional<String> whyNot = MosquittoTestBroker.whyNotInstalled();
    whyNot.ifPresent(why -> Proof.skipped("broker-independence", "mosquitto: " + why));
    Assumptions.assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    try (TestBroker broker = MosquittoTestBroker.in(directory)) {
      playOn(broker, "mosquitto");
    }
  }

  private void playOn(TestBroker broker, String name) throws Exception {
    broker.start();
    StringWriter told = new StringWriter();
    Narrator narrator = new Narrator(new PrintWriter(told), /* coloured= */ false);
    try (DemoWorld world = DemoWorld.start(settings(broker), narrator)) {
      ScenarioResult result =
          Scenario.play(world, new ScenarioSettings(CALLS, SEED, DemoInputs.shipped()), narrator);

      assertThat(result.problems()).as(told.toString()).isEmpty();
      assertThat(result.equal()).isTrue();
      Proof.of("broker-independence")
          .with("broker", name)
          .with("calls", result.calls())
          .with("allowed", result.allowed())
          .with("protocol", world.status().protocol())
          .with("held_in_outage", result.heldInOutage())
          .with("reported", ScenarioResult.events(result.reported()))
          .with("stored", ScenarioResult.events(result.stored()))
          .with("equal", result.equal())
          .print();
    }
  }

  private WorldSettings settings(TestBroker broker) {
    BrokerAddress server =
        new BrokerAddress(
            broker.host(),
            broker.port(),
            broker.caPem(),
            broker.user(Role.SYSTEM),
            broker.password(Role.SYSTEM));
    return new WorldSettings(
        directory.resolve("world"),
        new WorldSettings.OtherBroker(
            server, new Credentials(broker.user(Role.SDK), broker.password(Role.SDK))));
  }
}
