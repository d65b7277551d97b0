package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.DrainReport;
import io.billingsdk.ReportOutcome;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.billingsystem.BrokerLogin;
import io.billingsdk.examples.billingsystem.IssuedKey;
import io.billingsdk.examples.billingsystem.V1BillingSystem;
import io.billingsdk.examples.demo.DemoBroker;
import io.billingsdk.examples.demo.Narrator;
import io.billingsdk.examples.demo.WorldSettings;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs every snippet of the README against a real broker and a billing system. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SnippetsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private DemoBroker broker;
  private WorldSettings world;
  private V1BillingSystem billing;
  private IssuedKey key;

  @BeforeAll
  void startBrokerAndBillingSystem(@TempDir Path directory) throws IOException {
    Narrator silent = new Narrator(new PrintWriter(Writer.nullWriter()), /* coloured= */ false);
    broker = DemoBroker.start(directory, silent);
    world = broker.settings();
    billing =
        V1BillingSystem.start(
            new BrokerLogin(
                world.brokerHost(), world.brokerPort(), world.brokerCa(), world.billingSystem()));
    key = billing.issue("snippets");
    // The snippets do not name a directory, and must not find what an earlier run left in another.
    System.setProperty("billing.journalDirectory", world.journal().toString());
  }

  @AfterAll
  void stopBoth() {
    System.clearProperty("billing.journalDirectory");
    billing.close();
    broker.close();
  }

  @AfterEach
  void closeClient() {
    Billing.close(Duration.ofSeconds(5));
  }

  @Test
  void start_thenReport_isAcceptedAndStored() {
    long before = billing.ledger().figures().stored();
    BillingClient client = start();
    ReportOutcome outcome = Reporting.byKey(key.apiKey());
    assertThat(Reporting.describe(outcome)).startsWith("will be delivered as ").endsWith("/1");
    assertThat(client.flush(TIMEOUT).complete()).isTrue();
    assertThat(billing.ledger().awaitStored(before + 1, TIMEOUT)).isTrue();
    assertThat(Watching.health(client)).startsWith("CONNECTED since ").contains("0 events wait");
  }

  @Test
  void outcome_outsideOfCall_saysThatThereIsNoCaller() {
    start();
    assertThat(Reporting.describe(Reporting.byCaller())).startsWith("INVALID caller: ");
  }

  @Test
  void listener_keyIsBlocked_isTold() throws InterruptedException {
    BlockingQueue<String> alarms = new LinkedBlockingQueue<>();
    Watching.listen(start(), alarms::add);
    IssuedKey other = billing.issue("other");
    billing.block(other, "spam");
    assertThat(alarms.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("other is blocked: spam");
  }

  @Test
  void unhappy_eachCase_isToldApart() {
    assertThat(Unhappy.report(key.apiKey(), 1)).isEqualTo("billing is not running");
    start();
    assertThat(Unhappy.report(key.apiKey(), 1.5)).isEqualTo("accepted");
    assertThat(Unhappy.report(key.apiKey(), -1)).startsWith("bug: ").contains("usage");
  }

  @Test
  void server_validAndMissingKey_answersBillsRefusesAndCloses() throws Exception {
    Map<String, String> settings =
        Map.of(
            "billing.host", world.brokerHost(),
            "billing.port", String.valueOf(world.brokerPort()),
            "billing.caCertificates", world.brokerCa().toString(),
            "billing.username", world.gateway().username(),
            "billing.password", world.gateway().password());
    settings.forEach(System::setProperty);
    try {
      callServer();
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  private void callServer() throws Exception {
    Server server =
        TwelveLineServer.start(
            0,
            TlsServerCredentials.create(
                world.gatewayTls().certificate().toFile(), world.gatewayTls().key().toFile()));
    Billing.client().orElseThrow().awaitReady(TIMEOUT);
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost",
                server.getPort(),
                TlsChannelCredentials.newBuilder()
                    .trustManager(world.gatewayTls().ca().toFile())
                    .build())
            .build();
    LlmGrpc.LlmBlockingStub stub = LlmGrpc.newBlockingStub(channel);
    assertThat(withKey(stub).complete(ChatRequest.getDefaultInstance()).getText())
        .isEqualTo("Hello!");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> stub.complete(ChatRequest.getDefaultInstance()))
        .satisfies(
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    channel.shutdownNow();
    DrainReport report = Stopping.stop(server);
    assertThat(report).isEqualTo(new DrainReport(1, 0, 0, 0));
  }

  private LlmGrpc.LlmBlockingStub withKey(LlmGrpc.LlmBlockingStub stub) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), key.apiKey());
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private BillingClient start() {
    return Starting.start(
        world.brokerHost(), world.brokerPort(), world.brokerCa(), world.gateway().password());
  }
}
