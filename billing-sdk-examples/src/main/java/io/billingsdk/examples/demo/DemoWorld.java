package io.billingsdk.examples.demo;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.examples.billingsystem.BrokerLogin;
import io.billingsdk.examples.billingsystem.IssuedKey;
import io.billingsdk.examples.billingsystem.V1BillingSystem;
import io.billingsdk.examples.client.DemoInputs;
import io.billingsdk.examples.client.GatewayClient;
import io.billingsdk.examples.demo.Narrator.Voice;
import io.billingsdk.examples.gateway.Gateway;
import io.billingsdk.examples.gateway.UsageTally;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * A billing system and a gateway that meet at a broker which is there already: the embedded one of
 * the demo, or any other with MQTT 5, TLS, and two users.
 *
 * <p>It starts the one billing client of this process, so there is one world at a time.
 */
public final class DemoWorld implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final String HOST = "localhost";

  private final WorldSettings settings;
  private final V1BillingSystem billing;
  private final Apps apps;
  private final BillingClient client;
  private final KeyWatch watch;
  private final UsageTally tally;
  private final Gateway gateway;

  private DemoWorld(
      WorldSettings settings,
      V1BillingSystem billing,
      Apps apps,
      BillingClient client,
      KeyWatch watch,
      Served served) {
    this.settings = settings;
    this.billing = billing;
    this.apps = apps;
    this.client = client;
    this.watch = watch;
    this.tally = served.tally();
    this.gateway = served.gateway();
  }

  private record Served(Gateway gateway, UsageTally tally) {}

  /**
   * Starts everything, and returns when the gateway can check keys.
   *
   * @throws IOException when something cannot be started; the message is for people
   */
  public static DemoWorld start(WorldSettings settings, Narrator narrator) throws IOException {
    V1BillingSystem billing = V1BillingSystem.start(login(settings));
    try {
      Apps apps = issueKeys(billing, narrator);
      return withClient(settings, billing, apps, narrator);
    } catch (IOException | RuntimeException failed) {
      billing.close();
      throw failed;
    }
  }

  /** Where the gateway listens; its certificate is good for {@code localhost}. */
  public int gatewayPort() {
    return gateway.port();
  }

  /** An API key that is in good standing. */
  public String validKey() {
    return apps.valid().apiKey();
  }

  @Override
  public void close() {
    gateway.close();
    Billing.close(CLOSE_TIMEOUT);
    billing.close();
  }

  GatewayClient newClient(DemoInputs inputs) throws IOException {
    return GatewayClient.create(
        HOST, gateway.port(), settings.gatewayTls().ca(), inputs, apps.keys());
  }

  Apps apps() {
    return apps;
  }

  V1BillingSystem billing() {
    return billing;
  }

  UsageTally tally() {
    return tally;
  }

  /** Blocks a key; returns when the gateway knows, or false after the timeout. */
  boolean block(IssuedKey key, String reason, Duration timeout) throws InterruptedException {
    billing.block(key, reason);
    return watch.awaitBlocked(key.keyId(), timeout);
  }

  DrainReport flush(Duration timeout) {
    return client.flush(timeout);
  }

  private static Apps issueKeys(V1BillingSystem billing, Narrator narrator) {
    Apps apps = Apps.issuedBy(billing);
    String names =
        apps.all().stream()
            .map(key -> key.appId() + " (" + key.keyId() + ")")
            .collect(Collectors.joining(", "));
    narrator.say(Voice.BILLING, "connected; keys issued to %s", names);
    billing.block(apps.blocked(), "trial has ended");
    narrator.say(Voice.BILLING, "key of %s blocked: trial has ended", apps.blocked().appId());
    return apps;
  }

  private static DemoWorld withClient(
      WorldSettings settings, V1BillingSystem billing, Apps apps, Narrator narrator)
      throws IOException {
    BillingClient client = Billing.start(config(settings));
    try {
      KeyWatch watch = new KeyWatch(narrator);
      client.addListener(watch);
      if (!client.awaitReady(READY_TIMEOUT)) {
        throw new IOException("the gateway's billing client did not get its keys: " + why(client));
      }
      Served served = serve(settings, client, narrator);
      return new DemoWorld(settings, billing, apps, client, watch, served);
    } catch (IOException | RuntimeException failed) {
      Billing.close(Duration.ZERO);
      throw failed;
    }
  }

  private static Served serve(WorldSettings settings, BillingClient client, Narrator narrator)
      throws IOException {
    UsageTally tally = new UsageTally();
    Gateway gateway = Gateway.start(settings.gatewayPort(), settings.gatewayTls(), tally);
    narrator.say(
        Voice.GATEWAY,
        "%d keys known; llm, tts and asr on %s:%d with TLS",
        client.status().keys().known(),
        HOST,
        gateway.port());
    return new Served(gateway, tally);
  }

  private static String why(BillingClient client) {
    ClientStatus.Problem problem = client.status().lastProblem();
    return client.status().state() + (problem == null ? "" : ", " + problem.message());
  }

  private static BrokerLogin login(WorldSettings settings) {
    return new BrokerLogin(
        settings.brokerHost(),
        settings.brokerPort(),
        settings.brokerCa(),
        settings.billingSystem());
  }

  private static BillingConfig config(WorldSettings settings) {
    return BillingConfig.builder()
        .host(settings.brokerHost())
        .port(settings.brokerPort())
        .caCertificates(settings.brokerCa())
        .credentials(settings.gateway().username(), settings.gateway().password())
        // Stated, since a setting of the user's environment must not lead the demo astray.
        .topicPrefix("billing")
        .journalDirectory(settings.journal())
        // A busy machine with two cores takes its time to load a TLS stack.
        .connectTimeout(Duration.ofSeconds(30))
        .build();
  }
}
