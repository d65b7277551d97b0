package io.billingsdk.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users whose clients need no id of their own, and who is told of what was refused. */
@Tag("broker")
final class SharedUserTest {
  private static final List<RefusedClient> REFUSED = new CopyOnWriteArrayList<>();
  private static final EmbeddedBroker BROKER =
      EmbeddedBroker.builder()
          .insecure()
          .user("server", "server", List.of(new TopicRule("#", true, true)))
          .onRefused(REFUSED::add)
          .build();

  @BeforeAll
  static void start() {
    BROKER.start();
    BROKER.addSharedUser("shared", "right", List.of(new TopicRule("report", true, false)));
    BROKER.addBoundUser("bound", "right", List.of());
  }

  @AfterAll
  static void stop() {
    BROKER.close();
  }

  private static Mqtt5BlockingClient client(String clientId, String user, String password) {
    return Mqtt.plain(BROKER.port(), clientId, user, password);
  }

  private static RefusedClient refused(Reason reason) {
    return await()
        .until(
            () -> REFUSED.stream().filter(each -> each.reason() == reason).findFirst().orElse(null),
            found -> found != null);
  }

  @Test
  void connect_withoutClientId_isGivenOneBelowItsName_andMayComeBackUnderIt() {
    Mqtt5BlockingClient first = client("", "shared", "right");
    var connAck = first.connect();
    String assigned = connAck.getAssignedClientIdentifier().orElseThrow().toString();
    assertThat(assigned).startsWith("shared/").hasSizeGreaterThan(10);
    first.disconnect();
    Mqtt5BlockingClient again = client(assigned, "shared", "right");
    again.connect();
    assertThat(BROKER.connectedClients()).contains(assigned);
    again.disconnect();
  }

  @Test
  void client_boundToItsUser_leavesNoSessionAndNoWillBehind_andTheServersOwnDoes()
      throws Exception {
    Mqtt5BlockingClient server = client("server-2", "server", "server");
    server.connect();
    server.subscribeWith().topicFilter("report").send();
    try (var messages = server.publishes(MqttGlobalPublishFilter.ALL)) {
      for (String user : List.of("shared", "server")) {
        Mqtt5BlockingClient leaving =
            client(user + "-leaves", user, user.replace("shared", "right"));
        leaving
            .connectWith()
            .sessionExpiryInterval(1_000)
            .willPublish()
            .topic("report")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(user.getBytes(UTF_8))
            .applyWillPublish()
            .send();
        leaving
            .disconnectWith()
            .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
            .send();
        Mqtt5BlockingClient again = client(user + "-leaves", user, user.replace("shared", "right"));
        boolean there = again.connectWith().cleanStart(false).send().isSessionPresent();
        assertThat(there).as(user).isEqualTo(user.equals("server"));
        again.disconnect();
      }
      byte[] first = messages.receive(60, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes();
      assertThat(new String(first, UTF_8)).isEqualTo("server");
    }
    server.disconnect();
  }

  @Test
  void connect_underIdsOfOthers_hasAnIdOfItsOwn_andAllEndAtOnce() {
    Mqtt5BlockingClient server = client("server-1", "server", "server");
    server.connect();
    List<Mqtt5BlockingClient> shared =
        List.of(
            client("server-1", "shared", "right"),
            client("bound", "shared", "right"),
            client("x".repeat(1_024), "shared", "right"));
    shared.forEach(Mqtt5BlockingClient::connect);

    assertThat(BROKER.connectedClients())
        .contains("server-1", "shared/server-1", "shared/bound", "shared/" + "x".repeat(1_024));
    assertThat(BROKER.disconnectShared("shared", DisconnectReasonCode.NOT_AUTHORIZED)).isEqualTo(3);
    for (Mqtt5BlockingClient each : shared) {
      await().until(() -> !each.getState().isConnected());
    }
    assertThat(server.getState().isConnected()).isTrue();
    server.disconnect();
  }

  @Test
  void connect_idTooLongToBePutBelowAName_isRefused() {
    assertThat(refusal(client("x".repeat(60_000), "shared", "right")))
        .isEqualTo(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
    assertThat(refusal(client("shared/x", "bound", "right")))
        .isEqualTo(Mqtt5ConnAckReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
  }

  @Test
  void onRefused_eachReason_isToldWithUserAndSubject() {
    assertThat(refusal(client("a", "nobody", "x")))
        .isEqualTo(refusal(client("a", "shared", "wrong")))
        .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD);
    var unused = refusal(client("another", "bound", "right"));
    assertThat(refused(Reason.UNKNOWN_USER))
        .isEqualTo(new RefusedClient(Reason.UNKNOWN_USER, "nobody", "a", "127.0.0.1", ""));
    assertThat(refused(Reason.WRONG_PASSWORD))
        .isEqualTo(new RefusedClient(Reason.WRONG_PASSWORD, "shared", "shared/a", "127.0.0.1", ""));
    assertThat(refused(Reason.CLIENT_ID).clientId())
        .isIn("another", "shared/x", "x".repeat(60_000));

    Mqtt5BlockingClient client = client("w", "shared", "right");
    client.connect();
    assertThatThrownBy(() -> client.subscribeWith().topicFilter("other/#").send())
        .isInstanceOf(Mqtt5SubAckException.class);
    assertThat(refused(Reason.SUBSCRIBE))
        .isEqualTo(
            new RefusedClient(Reason.SUBSCRIBE, "shared", "shared/w", "127.0.0.1", "other/#"));
    assertThatThrownBy(
            () ->
                client
                    .publishWith()
                    .topic("it's 'other'")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("x".getBytes(UTF_8))
                    .send())
        .isInstanceOf(Mqtt5PubAckException.class);
    assertThat(refused(Reason.PUBLISH))
        .isEqualTo(
            new RefusedClient(Reason.PUBLISH, "shared", "shared/w", "127.0.0.1", "it's 'other'"));
  }

  @Test
  void addSharedUser_nameWithSlashOrTaken_isRefused() {
    assertThatThrownBy(() -> BROKER.addSharedUser("a/b", "x", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slash");
    assertThatThrownBy(() -> BROKER.addSharedUser("bound", "x", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  private static Mqtt5ConnAckReasonCode refusal(Mqtt5BlockingClient client) {
    try {
      client.connect();
      throw new AssertionError("let in");
    } catch (Mqtt5ConnAckException refused) {
      return refused.getMqttMessage().getReasonCode();
    }
  }

  @Test
  void onRefused_willOnAForeignTopic_isToldWithUserAndTopic() {
    Mqtt5BlockingClient client = client("will", "shared", "right");
    assertThatThrownBy(
            () ->
                client
                    .connectWith()
                    .willPublish()
                    .topic("billing/v2/collector")
                    .payload("{}".getBytes(UTF_8))
                    .applyWillPublish()
                    .send())
        .isInstanceOf(Mqtt5ConnAckException.class);
    assertThat(refused(Reason.WILL))
        .isEqualTo(
            new RefusedClient(
                Reason.WILL, "shared", "shared/will", "127.0.0.1", "billing/v2/collector"));
  }

  @Test
  void onRefused_connectionTakenByAnotherOfTheSameId_isToldWithBothAddresses() {
    client("twice", "shared", "right").connect();
    Mqtt5BlockingClient second = client("twice", "shared", "right");
    second.connect();
    assertThat(refused(Reason.TAKEN_OVER))
        .isEqualTo(
            new RefusedClient(
                Reason.TAKEN_OVER, "shared", "shared/twice", "127.0.0.1", "127.0.0.1"));
    second.disconnect();
  }

  @Test
  void onRefused_secondConnectOnAConnection_isToldAsOneAgainstTheProtocol() throws Exception {
    try (java.net.Socket socket =
        new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), BROKER.port())) {
      socket.getOutputStream().write(connectPacket());
      assertThat(socket.getInputStream().read()).isEqualTo(0x20);
      socket.getOutputStream().write(connectPacket());
      assertThat(refused(Reason.PROTOCOL).user()).isEqualTo("shared");
    }
  }

  private static byte[] connectPacket() {
    byte[] user = "shared".getBytes(UTF_8);
    byte[] password = "right".getBytes(UTF_8);
    java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 5, (byte) 0xc2, 0, 60, 0, 0, 1, 'c'});
    body.writeBytes(new byte[] {0, (byte) user.length});
    body.writeBytes(user);
    body.writeBytes(new byte[] {0, (byte) password.length});
    body.writeBytes(password);
    byte[] packet = new byte[body.size() + 2];
    packet[0] = 0x10;
    packet[1] = (byte) body.size();
    System.arraycopy(body.toByteArray(), 0, packet, 2, body.size());
    return packet;
  }
}
