package io.billingsdk.examples.demo;

import io.billingsdk.Credentials;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.IssuedCertificate;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.examples.demo.Narrator.Voice;
import io.billingsdk.examples.gateway.GatewayTls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The demo's own broker: TLS with a certificate made on the spot, two users with passwords made at
 * random, each with the topics of its part and no others.
 */
public final class DemoBroker implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PASSWORD_BYTES = 16;
  private static final int MAX_QUEUED = 1_000_000;
  private static final String[] NAMES = {"localhost", "127.0.0.1"};

  /** What a gateway may do: report, ask for keys, give signs of life, hear of keys. */
  private static final List<TopicRule> GATEWAY_RULES =
      List.of(
          publish("billing/report"),
          publish("billing/keys/request"),
          publish("billing/heartbeat"),
          subscribe("billing/keys/update"));

  /** The other end of each. */
  private static final List<TopicRule> BILLING_RULES =
      List.of(
          subscribe("billing/report"),
          subscribe("billing/keys/request"),
          subscribe("billing/heartbeat"),
          publish("billing/keys/update"));

  private final EmbeddedBroker broker;
  private final WorldSettings settings;

  private DemoBroker(EmbeddedBroker broker, WorldSettings settings) {
    this.broker = broker;
    this.settings = settings;
  }

  /**
   * Starts it.
   *
   * @param directory where the PEM files are written
   */
  public static DemoBroker start(Path directory, Narrator narrator) throws IOException {
    CertificateAuthority ca = CertificateAuthority.create("billing demo CA");
    GatewayTls gatewayTls = write(ca, directory);
    Credentials gateway = new Credentials("gateway", password());
    Credentials billing = new Credentials("billing-system", password());
    narrator.say(Voice.BROKER, "certificates and passwords made; starting (some seconds)");
    EmbeddedBroker broker =
        EmbeddedBroker.builder()
            .tls(ca.issueServer(NAMES))
            .port(0)
            // The default is small, and what exceeds it is acknowledged and then dropped.
            .maximumQueuedMessages(MAX_QUEUED)
            .user(gateway.username(), gateway.password(), GATEWAY_RULES)
            .user(billing.username(), billing.password(), BILLING_RULES)
            .build();
    broker.start();
    narrator.say(
        Voice.BROKER,
        "MQTT 5 over TLS on localhost:%d; users %s and %s, each with its own topics",
        broker.port(),
        gateway.username(),
        billing.username());
    return new DemoBroker(
        broker,
        new WorldSettings(
            "localhost",
            broker.port(),
            gatewayTls.ca(),
            gateway,
            billing,
            0,
            gatewayTls,
            directory.resolve("journal")));
  }

  /** What a {@link DemoWorld} needs to use it. */
  public WorldSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    broker.close();
  }

  private static GatewayTls write(CertificateAuthority ca, Path directory) throws IOException {
    GatewayTls tls =
        new GatewayTls(
            directory.resolve("gateway.pem"),
            directory.resolve("gateway-key.pem"),
            directory.resolve("ca.pem"));
    IssuedCertificate issued = ca.issueServer(NAMES);
    issued.writeCertificatePem(tls.certificate());
    issued.writeKeyPem(tls.key());
    ca.writeCertificate(tls.ca());
    return tls;
  }

  private static String password() {
    byte[] secret = new byte[PASSWORD_BYTES];
    RANDOM.nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private static TopicRule publish(String topic) {
    return new TopicRule(topic, /* publish= */ true, /* subscribe= */ false);
  }

  private static TopicRule subscribe(String topic) {
    return new TopicRule(topic, /* publish= */ false, /* subscribe= */ true);
  }
}
