package io.billingsdk.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import io.billingsdk.testbed.ScriptedFaults.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("broker")
final class ScriptedFaultsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TOPIC = "billing/report";
  private static final ScriptedFaults FAULTS = new ScriptedFaults();

  @TempDir static Path directory;
  private static EmbeddedTestBroker broker;

  private WireSpy spy;
  private Mqtt5BlockingClient client;

  @BeforeAll
  static void start() {
    broker = EmbeddedTestBroker.in(directory, FAULTS::installIn);
    broker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void connect() throws Exception {
    spy = WireSpy.on(broker, "billing/#");
    client = Clients.tls(broker, Role.SDK, "scripted", broker.port());
    client.connectWith().cleanStart(true).keepAlive(33).send();
  }

  @AfterEach
  void disconnect() {
    FAULTS.deliverAll();
    client.disconnect();
    spy.close();
  }

  @Test
  void silent_onePublish_isNeitherAcknowledgedNorDeliveredWhileLaterOnesAre() throws Exception {
    scriptFor("first", Verdict.SILENT);

    CompletableFuture<Mqtt5PublishResult> first = publish("first");
    publish("second").get(60, TimeUnit.SECONDS);

    assertThat(spy.await(seen -> !seen.isEmpty(), LONG))
        .extracting(SpiedMessage::text)
        .containsExactly("second");
    assertThatThrownBy(() -> first.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void silent_clientReconnectsWithTheSameId_isServedAgain() throws Exception {
    scriptFor("first", Verdict.SILENT);
    var unused = publish("first");
    publish("second").get(60, TimeUnit.SECONDS);
    client.disconnect();

    client = Clients.tls(broker, Role.SDK, "scripted", broker.port());
    client.connect();

    publish("third").get(60, TimeUnit.SECONDS);
  }

  @Test
  void deliverUnacknowledged_onePublish_isDeliveredOnly() throws Exception {
    scriptFor("lost ack", Verdict.DELIVER_UNACKNOWLEDGED);

    CompletableFuture<Mqtt5PublishResult> publish = publish("lost ack");

    assertThat(spy.await(seen -> !seen.isEmpty(), LONG).get(0).text()).isEqualTo("lost ack");
    assertThatThrownBy(() -> publish.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void refuse_errorCode_isThePubacksCode() {
    for (AckReasonCode code :
        new AckReasonCode[] {
          AckReasonCode.QUOTA_EXCEEDED,
          AckReasonCode.NOT_AUTHORIZED,
          AckReasonCode.UNSPECIFIED_ERROR,
          AckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR
        }) {
      scriptFor("refused", Verdict.refuse(code));

      var refused =
          catchThrowableOfType(
              Mqtt5PubAckException.class, () -> client.publish(Clients.message(TOPIC, "refused")));

      assertThat(refused.getMqttMessage().getReasonCode().name()).isEqualTo(code.name());
    }
    assertThat(client.getState().isConnected()).isTrue();
    assertThat(spy.messages()).isEmpty();
  }

  @Test
  void refuse_noMatchingSubscribers_isThePubacksCode() throws Exception {
    scriptFor("none", Verdict.refuse(AckReasonCode.NO_MATCHING_SUBSCRIBERS));

    var result = (Mqtt5PublishResult.Mqtt5Qos1Result) publish("none").get(60, TimeUnit.SECONDS);

    assertThat(result.getPubAck().getReasonCode())
        .isEqualTo(Mqtt5PubAckReasonCode.NO_MATCHING_SUBSCRIBERS);
  }

  @Test
  void drop_onePublish_isAcknowledgedAndNotDelivered() throws Exception {
    scriptFor("dropped", Verdict.DROP);

    var result = (Mqtt5PublishResult.Mqtt5Qos1Result) publish("dropped").get(60, TimeUnit.SECONDS);
    publish("next").get(60, TimeUnit.SECONDS);

    assertThat(result.getPubAck().getReasonCode()).isEqualTo(Mqtt5PubAckReasonCode.SUCCESS);
    assertThat(spy.await(seen -> !seen.isEmpty(), LONG))
        .extracting(SpiedMessage::text)
        .containsExactly("next");
  }

  @Test
  void connects_always_showWhatTheClientAskedFor() {
    assertThat(FAULTS.connects())
        .anySatisfy(
            connect -> {
              assertThat(connect.clientId()).isEqualTo("scripted");
              assertThat(connect.userName()).isEqualTo("sdk");
              assertThat(connect.cleanStart()).isTrue();
              assertThat(connect.sessionExpirySeconds()).isZero();
              assertThat(connect.keepAliveSeconds()).isEqualTo(33);
              assertThat(connect.receiveMaximum()).isEqualTo(65_535);
              assertThat(connect.maximumPacketSize()).isPositive();
            });
    assertThat(FAULTS.connects().toString()).doesNotContain(Role.SDK.password());
  }

  private static void scriptFor(String text, Verdict verdict) {
    FAULTS.script(
        (clientId, topic, payload) ->
            new String(payload, UTF_8).equals(text) ? verdict : Verdict.DELIVER);
  }

  private CompletableFuture<Mqtt5PublishResult> publish(String text) {
    return client.toAsync().publish(Clients.message(TOPIC, text));
  }
}
