package io.billingsdk.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.testcontainer.junit5.HiveMQTestContainerExtension;
import io.billingsdk.Credentials;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.examples.demo.DemoInputs;
import io.billingsdk.examples.demo.DemoWorld;
import io.billingsdk.examples.demo.Narrator;
import io.billingsdk.examples.demo.Scenario;
import io.billingsdk.examples.demo.ScenarioResult;
import io.billingsdk.examples.demo.ScenarioSettings;
import io.billingsdk.examples.demo.WorldSettings;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The whole way once with HiveMQ in a container, over TLS. The image lets every user in, so that it
 * shows nothing of passwords and access rules.
 */
@EnabledIf("io.billingsdk.container.DockerAvailable#check")
final class HiveMqContainerTest {
  private static final int TLS_PORT = 8883;
  private static final String PASSWORD = "changeit";
  private static final String CONFIG =
      """
      <?xml version="1.0"?>
      <hivemq>
        <listeners>
          <tcp-listener><port>1883</port><bind-address>0.0.0.0</bind-address></tcp-listener>
          <tls-tcp-listener><port>8883</port><bind-address>0.0.0.0</bind-address>
            <tls><keystore><path>/opt/hivemq/server.p12</path><password>changeit</password>
              <private-key-password>changeit</private-key-password></keystore></tls>
          </tls-tcp-listener>
        </listeners>
      </hivemq>
      """;

  private static final Path DIRECTORY = temporaryDirectory();
  private static final Path CA = writeTls();

  @RegisterExtension
  static final HiveMQTestContainerExtension BROKER =
      new HiveMQTestContainerExtension(DockerImageName.parse("hivemq/hivemq-ce:2024.3"))
          .withHiveMQConfig(MountableFile.forHostPath(DIRECTORY.resolve("config.xml")))
          .withFileInHomeFolder(MountableFile.forHostPath(DIRECTORY.resolve("server.p12")));

  static {
    BROKER.addExposedPort(TLS_PORT);
  }

  @Test
  void scenario_hiveMqInAContainer_everythingAgrees() throws Exception {
    StringWriter told = new StringWriter();
    Narrator narrator = new Narrator(new PrintWriter(told), /* coloured= */ false);
    WorldSettings settings =
        new WorldSettings(
            DIRECTORY.resolve("world"),
            new WorldSettings.OtherBroker(
                new BrokerAddress(
                    BROKER.getHost(), BROKER.getMappedPort(TLS_PORT), CA, "billing-server", "any"),
                new Credentials("gateway", "any")));
    try (DemoWorld world = DemoWorld.start(settings, narrator)) {
      ScenarioResult result =
          Scenario.play(world, new ScenarioSettings(60, 7, DemoInputs.shipped()), narrator);

      assertThat(result.problems()).as(told.toString()).isEmpty();
      assertThat(result.equal()).isTrue();
      Proof.of("broker-independence-container")
          .with("broker", "hivemq-ce")
          .with("calls", result.calls())
          .with("equal", result.equal())
          .print();
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("hivemq-container");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path writeTls() {
    try {
      CertificateAuthority authority = CertificateAuthority.create("Container CA");
      IssuedCertificate issued = authority.issueServer("localhost", "127.0.0.1");
      issued.writeKeyStore(DIRECTORY.resolve("server.p12"), PASSWORD.toCharArray());
      Path ca = DIRECTORY.resolve("broker-ca.pem");
      authority.writeCertificate(ca);
      Files.writeString(DIRECTORY.resolve("config.xml"), CONFIG);
      return ca;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
