package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.DrainReport;
import io.billingsdk.ReportOutcome;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.demo.DemoServer;
import io.billingsdk.examples.demo.DemoTls;
import io.billingsdk.examples.demo.IssuedKey;
import io.billingsdk.examples.gateway.GatewayTls;
import io.billingsdk.server.broker.BrokerAddress;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs every snippet of the README against the billing server. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SnippetsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private DemoServer server;
  private BrokerAddress broker;
  private GatewayTls tls;
  private IssuedKey key;
  private Path journal;

  @BeforeAll
  void startServer(@TempDir Path directory) throws IOException {
    server = new DemoServer(directory, "gateway", null);
    server.start();
    broker = server.ownBroker();
    key = server.issue("snippets");
    tls = DemoTls.in(directory);
    journal = directory.resolve("journal");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @AfterEach
  void closeClient() {
    Billing.close(Duration.ofSeconds(5));
  }

  @Test
  void start_thenReport_isAcceptedAndStored() throws IOException {
    long before = server.ledger().stored();
    BillingClient client = start();
    ReportOutcome outcome = Reporting.byKey(key.apiKey());
    assertThat(Reporting.describe(outcome)).startsWith("will be delivered as ").endsWith("/1");
    assertThat(client.flush(TIMEOUT).complete()).isTrue();
    assertThat(server.ledger().stored()).isEqualTo(before + 1);
    assertThat(Watching.health(client)).startsWith("CONNECTED since ").contains("0 events wait");
  }

  @Test
  void measure_tokensOfAnAnswer_areAcceptedAndStored() throws IOException {
    long before = server.ledger().stored();
    BillingClient client = start();
    String body = "{\"usage\":{\"prompt_tokens\":812,\"completion_tokens\":214}}";
    assertThat(Measuring.answer(client, key.apiKey(), body).accepted()).isTrue();
    assertThat(client.flush(TIMEOUT).complete()).isTrue();
    assertThat(server.ledger().stored()).isEqualTo(before + 1);
  }

  @Test
  void outcome_outsideOfCall_saysThatThereIsNoCaller() {
    start();
    assertThat(Reporting.describe(Reporting.byCaller())).startsWith("INVALID caller: ");
  }

  @Test
  void listener_keyIsBlocked_isTold() throws Exception {
    BlockingQueue<String> alarms = new LinkedBlockingQueue<>();
    Watching.listen(start(), alarms::add);
    IssuedKey other = server.issue("other");
    server.block(other, "spam");
    assertThat(awaitAlarm(alarms, "other is blocked")).isEqualTo("other is blocked: spam");
  }

  /** On a busy machine the connection may end meanwhile, and the listener hears of that too. */
  private static String awaitAlarm(BlockingQueue<String> alarms, String beginning)
      throws InterruptedException {
    String alarm = "";
    while (!alarm.startsWith(beginning)) {
      alarm =
          Objects.requireNonNull(
              alarms.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS), "no alarm after: " + alarm);
    }
    return alarm;
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
            "billing.host", broker.host(),
            "billing.port", String.valueOf(broker.port()),
            "billing.caCertificates", ca().toString(),
            "billing.clientId", broker.user(),
            "billing.username", broker.user(),
            "billing.password", broker.password(),
            "billing.journalDirectory", journal.toString());
    settings.forEach(System::setProperty);
    try {
      callServer();
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  private void callServer() throws Exception {
    Server gateway =
        TwelveLineServer.start(
            0, TlsServerCredentials.create(tls.certificate().toFile(), tls.key().toFile()));
    Billing.client().orElseThrow().awaitReady(TIMEOUT);
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost",
                gateway.getPort(),
                TlsChannelCredentials.newBuilder().trustManager(tls.ca().toFile()).build())
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
    DrainReport report = Stopping.stop(gateway);
    assertThat(report).isEqualTo(DrainReport.of(1, 0, 0));
  }

  private LlmGrpc.LlmBlockingStub withKey(LlmGrpc.LlmBlockingStub stub) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), key.apiKey());
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private Path ca() {
    return Objects.requireNonNull(broker.caPem());
  }

  private BillingClient start() {
    return Starting.start(broker.host(), broker.port(), ca(), broker.password(), journal);
  }
}
