package io.billingsdk.examples.demo;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.examples.demo.Narrator.Voice;
import io.billingsdk.examples.gateway.Gateway;
import io.billingsdk.examples.gateway.GatewayTls;
import io.billingsdk.examples.gateway.UsageTally;
import io.billingsdk.server.broker.BrokerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A billing server and a gateway that meet at a broker: the one that the server brings along, or
 * any other with MQTT 5, TLS, and two users.
 *
 * <p>It starts the one billing client of this process, so there is one world at a time.
 */
public final class DemoWorld implements AutoCloseable {
  private static final String INSTANCE = "gateway-1";
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

  /** The one of the plans that come with the server that allows all models. */
  static final String PLAN = "enterprise";

  /** What the key of the subscription may call before calls are beyond its quota. */
  static final long QUOTA = 1_000;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final String HOST = "localhost";

  private final DemoServer server;
  private final Apps apps;
  private final BillingClient client;
  private final KeyWatch watch;
  private final UsageTally tally;
  private final Gateway gateway;
  private final GatewayTls tls;

  private DemoWorld(
      DemoServer server, Apps apps, BillingClient client, KeyWatch watch, Served served) {
    this.server = server;
    this.apps = apps;
    this.client = client;
    this.watch = watch;
    this.tally = served.tally();
    this.gateway = served.gateway();
    this.tls = served.tls();
  }

  private record Served(Gateway gateway, UsageTally tally, GatewayTls tls) {}

  /**
   * Starts everything, and returns when the gateway can check keys.
   *
   * @throws IOException when something cannot be started; the message is for people
   */
  public static DemoWorld start(WorldSettings settings, Narrator narrator) throws IOException {
    WorldSettings.@Nullable OtherBroker other = settings.broker();
    DemoServer server =
        new DemoServer(settings.directory(), INSTANCE, other == null ? null : other.server());
    try {
      narrator.say(
          Voice.BILLING,
          other == null
              ? "starts: ./billing serve, with a PostgreSQL and an MQTT broker (some seconds)"
              : "starts: ./billing serve, with a PostgreSQL (some seconds)");
      server.start();
      BrokerAddress broker = brokerOf(server, other);
      narrator.say(
          Voice.BROKER, "MQTT 5 over TLS on %s:%d; user %s", HOST, broker.port(), broker.user());
      Apps apps = issueKeys(server, narrator);
      return withClient(settings.directory(), broker, server, apps, narrator);
    } catch (IOException | RuntimeException failed) {
      server.close();
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

  /** PEM file of the authority of the gateway's certificate. */
  public Path gatewayCa() {
    return tls.ca();
  }

  @Override
  public void close() {
    gateway.close();
    Billing.close(CLOSE_TIMEOUT);
    server.close();
  }

  GatewayClient newClient(DemoInputs inputs) throws IOException {
    return GatewayClient.create(HOST, gateway.port(), tls.ca(), inputs, apps.keys());
  }

  Apps apps() {
    return apps;
  }

  DemoServer server() {
    return server;
  }

  UsageTally tally() {
    return tally;
  }

  ClientStatus status() {
    return client.status();
  }

  /** Blocks a key; returns when the gateway knows, or false after the timeout. */
  boolean block(IssuedKey key, String reason, Duration timeout)
      throws IOException, InterruptedException {
    server.block(key, reason);
    return watch.awaitBlocked(key.keyId(), timeout);
  }

  DrainReport flush(Duration timeout) {
    return client.flush(timeout);
  }

  private static BrokerAddress brokerOf(
      DemoServer server, WorldSettings.@Nullable OtherBroker other) {
    if (other == null) {
      return server.ownBroker();
    }
    BrokerAddress there = other.server();
    return new BrokerAddress(
        there.host(),
        there.port(),
        there.caPem(),
        other.gateway().username(),
        other.gateway().password());
  }

  private static Apps issueKeys(DemoServer server, Narrator narrator) throws IOException {
    Apps apps = Apps.issuedBy(server);
    String names =
        apps.all().stream()
            .map(key -> key.appId() + " (" + key.keyId() + ")")
            .collect(Collectors.joining(", "));
    narrator.say(Voice.BILLING, "serves; keys issued to %s", names);
    narrator.say(Voice.BILLING, "plans loaded: %s", String.join(", ", server.loadPlans()));
    IssuedKey subscribed = apps.valid();
    server.subscribe(subscribed, PLAN, QUOTA);
    narrator.say(
        Voice.BILLING,
        "%s subscribes to %s; its key has a quota of %d calls",
        subscribed.appId(),
        PLAN,
        QUOTA);
    server.block(apps.blocked(), "trial has ended");
    narrator.say(Voice.BILLING, "key of %s blocked: trial has ended", apps.blocked().appId());
    return apps;
  }

  private static DemoWorld withClient(
      Path directory, BrokerAddress broker, DemoServer server, Apps apps, Narrator narrator)
      throws IOException {
    BillingClient client = Billing.start(config(broker, directory.resolve("journal")));
    try {
      KeyWatch watch = new KeyWatch(narrator);
      client.addListener(watch);
      if (!client.awaitReady(READY_TIMEOUT)) {
        throw new IOException("the gateway's billing client did not get its keys: " + why(client));
      }
      Served served = serve(directory, client, narrator);
      return new DemoWorld(server, apps, client, watch, served);
    } catch (IOException | RuntimeException failed) {
      Billing.close(Duration.ZERO);
      throw failed;
    }
  }

  private static Served serve(Path directory, BillingClient client, Narrator narrator)
      throws IOException {
    UsageTally tally = new UsageTally();
    GatewayTls tls = DemoTls.in(directory);
    Gateway gateway = Gateway.start(0, tls, tally);
    narrator.say(
        Voice.GATEWAY,
        "speaks protocol %s, %d keys known; llm, tts and asr on %s:%d with TLS",
        client.status().protocol().name().toLowerCase(Locale.ROOT),
        client.status().keys().known(),
        HOST,
        gateway.port());
    return new Served(gateway, tally, tls);
  }

  private static String why(BillingClient client) {
    ClientStatus.Problem problem = client.status().lastProblem();
    return client.status().state() + (problem == null ? "" : ", " + problem.message());
  }

  private static BillingConfig config(BrokerAddress broker, Path journal) {
    BillingConfigBuilder builder =
        BillingConfig.builder()
            .host(broker.host())
            .port(broker.port())
            .credentials(broker.user(), broker.password())
            .clientId(broker.user())
            .journalDirectory(journal)
            // A sign of life says how far the stream is, which the demo waits for in the end.
            .heartbeatInterval(Duration.ofSeconds(1))
            // A busy machine with two cores takes its time to load a TLS stack.
            .connectTimeout(Duration.ofSeconds(30));
    Path ca = broker.caPem();
    return (ca == null ? builder : builder.caCertificates(ca)).build();
  }
}
