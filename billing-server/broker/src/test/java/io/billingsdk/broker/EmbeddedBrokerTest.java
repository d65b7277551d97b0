package io.billingsdk.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One broker for all tests but those that stop it: each stop costs two seconds. */
@Tag("broker")
final class EmbeddedBrokerTest {

  private static final String ODD_PASSWORD = "p<&>'\"]]> ${HOME} ü";
  private static final List<String> CONNECTS = new CopyOnWriteArrayList<>();
  private static final List<String> INITIALIZED = new CopyOnWriteArrayList<>();
  private static final EmbeddedBroker BROKER =
      EmbeddedBroker.builder()
          .insecure()
          .user(
              "sdk",
              ODD_PASSWORD,
              List.of(
                  new TopicRule("billing/report", true, false),
                  new TopicRule("billing/receipt/%c/#", false, true)))
          .user("spy", "spy", List.of(new TopicRule("billing/#", true, true)))
          .user("nobody", "nobody", List.of())
          .user("rotated", "first", List.of())
          .receiveMaximum(77)
          .maximumPacketSize(5_000)
          .connectInterceptor(
              (input, output) -> CONNECTS.add(input.getConnectPacket().getClientId()))
          .clientInitializer(
              (input, context) -> INITIALIZED.add(input.getClientInformation().getClientId()))
          .build();

  @BeforeAll
  static void start() {
    BROKER.start();
  }

  @AfterAll
  static void stop() {
    BROKER.close();
  }

  @Test
  void connect_rightPassword_announcesTheLimitsAndCallsTheHooks() {
    Mqtt5BlockingClient client = client("hooked", "sdk", ODD_PASSWORD);

    var connAck = client.connect();

    assertThat(connAck.getRestrictions().getReceiveMaximum()).isEqualTo(77);
    assertThat(connAck.getRestrictions().getMaximumPacketSize()).isEqualTo(5_000);
    assertThat(CONNECTS).contains("hooked");
    assertThat(INITIALIZED).contains("hooked");
    client.disconnect();
  }

  @Test
  void connect_wrongPasswordOrUnknownUserOrNone_isRefused() {
    assertThat(refusal(client("a", "sdk", "wrong")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    assertThat(refusal(client("a", "unknown", ODD_PASSWORD)))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    assertThat(refusal(client("a", "unknown", "")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
  }

  @Test
  void connect_clientIdWithWildcard_isRefusedWhereRulesNameTheClient() {
    assertThat(refusal(client("#", "sdk", ODD_PASSWORD)))
        .isEqualTo(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  @Test
  void connect_boundUserUnderAnotherClientId_isRefused_andIsLetInUnderItsOwn() {
    BROKER.addBoundUser("bound", "right", List.of());

    for (String foreign : List.of("spy", "bound2", "Bound", "bound ")) {
      assertThat(refusal(client(foreign, "bound", "right")))
          .as(foreign)
          .isEqualTo(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    }
    assertThat(refusal(client("bound", "bound", "wrong")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    Mqtt5BlockingClient own = client("bound", "bound", "right");
    own.connect();
    own.disconnect();
  }

  @Test
  void connect_removedUser_isRefused() {
    BROKER.addUser("removed", "right", List.of());
    Mqtt5BlockingClient before = client("before", "removed", "right");
    before.connect();

    assertThat(BROKER.removeUser("removed")).isTrue();
    assertThat(BROKER.removeUser("removed")).isFalse();

    assertThat(BROKER.connectedClients()).contains("before");
    assertThat(refusal(client("after", "removed", "right")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    before.disconnect();
  }

  @Test
  void publish_allowedTopic_reachesTheSubscriber() throws Exception {
    Mqtt5BlockingClient spy = client("spy", "spy", "spy");
    Mqtt5BlockingClient sdk = client("publisher", "sdk", ODD_PASSWORD);
    spy.connect();
    sdk.connect();
    try (var received = spy.publishes(MqttGlobalPublishFilter.ALL)) {
      spy.subscribeWith().topicFilter("billing/#").qos(MqttQos.AT_LEAST_ONCE).send();

      publish(sdk, "billing/report");

      Optional<Mqtt5Publish> message = received.receive(30, TimeUnit.SECONDS);
      assertThat(message).map(each -> each.getTopic().toString()).hasValue("billing/report");
    }
    spy.disconnect();
    sdk.disconnect();
  }

  @Test
  void publish_withoutRule_getsNotAuthorized() {
    Mqtt5BlockingClient client = client("denied-publisher", "sdk", ODD_PASSWORD);
    client.connect();

    var refused =
        catchThrowableOfType(
            Mqtt5PubAckException.class, () -> publish(client, "billing/keys/update"));

    assertThat(refused.getMqttMessage().getReasonCode())
        .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
  }

  @Test
  void publish_userWithoutAnyRule_getsNotAuthorized() {
    Mqtt5BlockingClient client = client("nobody", "nobody", "nobody");
    client.connect();

    assertThatThrownBy(() -> publish(client, "any")).isInstanceOf(Mqtt5PubAckException.class);
  }

  @Test
  void subscribe_withoutRule_getsAFailureCode() {
    Mqtt5BlockingClient client = client("subscriber", "sdk", ODD_PASSWORD);
    client.connect();

    assertThat(subscribeRefusal(client, "billing/#"))
        .containsExactly(Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
    assertThat(subscribeRefusal(client, "billing/receipt/somebody/x"))
        .containsExactly(Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
    client.disconnect();
  }

  @Test
  void subscribe_ruleNamingTheClient_allowsItsOwnTopics() {
    Mqtt5BlockingClient client = client("own", "sdk", ODD_PASSWORD);
    client.connect();

    assertThat(subscribe(client, "billing/receipt/own/#"))
        .containsExactly(Mqtt5SubAckReasonCode.GRANTED_QOS_1);
    client.disconnect();
  }

  @Test
  void subscribe_sharedSubscriptionOfAnAllowedFilter_isGranted() {
    Mqtt5BlockingClient client = client("shared", "spy", "spy");
    client.connect();

    assertThat(subscribe(client, "$share/group/billing/#"))
        .containsExactly(Mqtt5SubAckReasonCode.GRANTED_QOS_1);
    client.disconnect();
  }

  @Test
  void replacePassword_whileRunning_countsForNewConnections() {
    BROKER.replacePassword("rotated", "second");

    assertThat(refusal(client("r", "rotated", "first")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    Mqtt5BlockingClient client = client("r", "rotated", "second");
    client.connect();
    client.disconnect();
    assertThatThrownBy(() -> BROKER.replacePassword("unknown", "x"))
        .hasMessageContaining("unknown");
  }

  @Test
  void disconnect_connectedClient_endsItsConnectionWithTheReason() throws Exception {
    CompletableFuture<Throwable> cause = new CompletableFuture<>();
    Mqtt5BlockingClient client =
        Mqtt.listening(BROKER.port(), "victim", "spy", end -> cause.complete(end.getCause()));
    client.connect();
    assertThat(BROKER.connectedClients()).contains("victim");

    assertThat(BROKER.disconnect("victim", DisconnectReasonCode.SERVER_BUSY)).isTrue();

    assertThat(cause.get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Mqtt5DisconnectException.class,
            end ->
                assertThat(end.getMqttMessage().getReasonCode())
                    .isEqualTo(Mqtt5DisconnectReasonCode.SERVER_BUSY));
  }

  @Test
  void disconnect_unknownClient_isFalse() {
    assertThat(BROKER.disconnect("nobody", DisconnectReasonCode.SERVER_BUSY)).isFalse();
  }

  @Test
  void start_whileStarted_isRefused() {
    assertThatThrownBy(BROKER::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_portInUse_saysSoAndLeavesNothingBehind(@TempDir Path directory) throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedBroker broker =
          EmbeddedBroker.builder()
              .insecure()
              .allowAnonymous()
              .dataDirectory(directory)
              .port(taken.getLocalPort())
              .build();

      assertThatThrownBy(broker::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
      assertThat(broker.isRunning()).isFalse();
    }
    assertThat(directory.resolve("conf")).doesNotExist();
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
    assertThat(BROKER.isRunning()).isTrue();
  }

  @Test
  void close_thenStart_isBackOnTheSamePortWithTheChangedPassword(@TempDir Path directory)
      throws Exception {
    EmbeddedBroker broker =
        EmbeddedBroker.builder()
            .insecure()
            .user("u", "old", List.of())
            .dataDirectory(directory)
            .build();
    broker.start();
    int port = broker.port();
    broker.replacePassword("u", "new");
    broker.close();
    broker.close();
    assertThat(Files.exists(directory.resolve("conf"))).isFalse();
    assertThatThrownBy(broker::connectedClients).isInstanceOf(IllegalStateException.class);

    broker.start();

    assertThat(broker.port()).isEqualTo(port);
    Mqtt5BlockingClient client = Mqtt.plain(port, "again", "u", "new");
    client.connect();
    client.disconnect();
    broker.close();
  }

  private static Mqtt5BlockingClient client(String id, String user, String password) {
    return Mqtt.plain(BROKER.port(), id, user, password);
  }

  private static void publish(Mqtt5BlockingClient client, String topic) {
    var unused =
        client
            .publishWith()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("x".getBytes(UTF_8))
            .send();
  }

  private static List<Mqtt5SubAckReasonCode> subscribe(Mqtt5BlockingClient client, String filter) {
    return client
        .subscribeWith()
        .topicFilter(filter)
        .qos(MqttQos.AT_LEAST_ONCE)
        .send()
        .getReasonCodes();
  }

  private static List<Mqtt5SubAckReasonCode> subscribeRefusal(
      Mqtt5BlockingClient client, String filter) {
    return catchThrowableOfType(Mqtt5SubAckException.class, () -> subscribe(client, filter))
        .getMqttMessage()
        .getReasonCodes();
  }

  private static Mqtt5ConnAckReasonCode refusal(Mqtt5BlockingClient client) {
    return catchThrowableOfType(Mqtt5ConnAckException.class, client::connect)
        .getMqttMessage()
        .getReasonCode();
  }
}
