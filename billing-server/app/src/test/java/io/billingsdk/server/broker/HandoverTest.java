package io.billingsdk.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.HandedPublish;
import io.billingsdk.broker.HandedPublish.Handover;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import io.billingsdk.testbed.RawMqtt.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a broker hands over in process, seen by clients that do as they are told. A newer version of
 * the broker has to pass it: it stands on the broker's pipeline.
 */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HandoverTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int WINDOW = 100;
  private static final int BUDGET = 1 << 20;
  private static final int NOT_AUTHORIZED = 0x87;
  private static final int NO_SUBSCRIBERS = 0x10;
  private static final int QOS_NOT_SUPPORTED = 0x9b;

  private final List<HandedPublish> received = new CopyOnWriteArrayList<>();
  private final List<RawMqtt> clients = new ArrayList<>();
  private volatile Consumer<HandedPublish> then = publish -> {};
  private EmbeddedBroker broker;
  private Path authority;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    CertificateAuthority issuer = CertificateAuthority.create("handover CA");
    authority = directory.resolve("ca.pem");
    issuer.writeCertificate(authority);
    broker =
        EmbeddedBroker.builder()
            .tls(issuer.issueServer("localhost", "127.0.0.1"))
            .user(
                "producer",
                "right",
                List.of(new TopicRule("usage", true, false), new TopicRule("other", true, true)))
            .user("second", "right", List.of(new TopicRule("usage", true, false)))
            .user("stranger", "right", List.of(new TopicRule("other", true, true)))
            .receiveMaximum(WINDOW)
            .maximumQos(1)
            .handover(
                new Handover() {
                  @Override
                  public boolean takes(String topic) {
                    return topic.equals("usage");
                  }

                  @Override
                  public void received(HandedPublish publish) {
                    received.add(publish);
                    then.accept(publish);
                  }
                },
                BUDGET)
            .build();
    broker.start();
  }

  @AfterEach
  void forget() throws IOException {
    then = HandoverTest::acknowledge;
    for (RawMqtt each : clients) {
      each.close();
    }
    clients.clear();
    received.forEach(HandedPublish::settle);
    await().atMost(PATIENCE).until(() -> broker.connectedClients().isEmpty());
    received.clear();
    then = publish -> {};
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  private RawMqtt client(Login login) throws IOException {
    RawMqtt client = RawMqtt.tls(broker.port(), authority, login);
    clients.add(client);
    return client;
  }

  private RawMqtt producer() throws IOException {
    return client(Login.of("producer", "right"));
  }

  private static void acknowledge(HandedPublish publish) {
    publish.settle();
    publish.answer();
  }

  private void awaitReceived(int count) {
    await().atMost(PATIENCE).until(() -> received.size() >= count);
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void publish_settledAndAnswered_isAcknowledged_andNotBefore() throws Exception {
    RawMqtt client = producer();
    client.publish("usage", text("one"), 7);
    awaitReceived(1);

    assertThat(received.get(0).payload()).isEqualTo(text("one"));
    assertThat(received.get(0).isAwaited()).isTrue();
    assertThat(client.isSilent(200)).isTrue();
    acknowledge(received.get(0));
    Packet answer = client.read();
    assertThat(answer.type()).isEqualTo(RawMqtt.PUBACK);
    assertThat(answer.packetId()).isEqualTo(7);
    assertThat(answer.reason()).isZero();
    assertThat(broker.heldBytes()).isZero();
  }

  @Test
  void publish_withoutTheRight_isLeftToTheBroker_whichRefusesIt() throws Exception {
    RawMqtt client = client(Login.of("stranger", "right"));

    client.publish("usage", text("stolen"), 1);

    Packet refused = client.read();
    assertThat(refused.type()).isEqualTo(RawMqtt.PUBACK);
    assertThat(refused.reason()).isEqualTo(NOT_AUTHORIZED);
    assertThat(client.await(RawMqtt.DISCONNECT).reason()).isEqualTo(NOT_AUTHORIZED);
    assertThat(received).isEmpty();
  }

  @Test
  void publishes_settledInAnyOrder_areAcknowledgedInTheOrderOfArrival() throws Exception {
    RawMqtt client = producer();
    List<Integer> ids = IntStream.rangeClosed(1, 50).boxed().toList();
    for (int id : ids) {
      client.publish("usage", text("x"), id);
    }
    awaitReceived(50);

    List<HandedPublish> shuffled = new ArrayList<>(received.subList(1, 50));
    Collections.shuffle(shuffled);
    shuffled.forEach(HandoverTest::acknowledge);
    assertThat(client.isSilent(200)).as("the first holds back the others").isTrue();
    acknowledge(received.get(0));

    List<Integer> answered = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answered.add(client.read().packetId());
    }
    assertThat(answered).isEqualTo(ids);
  }

  @Test
  void publishes_settledTogether_areAcknowledgedInOneWrite() throws Exception {
    RawMqtt client = producer();
    for (int id = 1; id <= WINDOW; id++) {
      client.publish("usage", text("x"), id);
    }
    awaitReceived(WINDOW);

    received.forEach(HandedPublish::settle);
    received.forEach(HandedPublish::answer);

    // The smallest PUBACK has four bytes.
    assertThat(client.readBurst()).hasSize(4 * WINDOW);
  }

  @Test
  void publish_toAnotherTopic_isTheBrokers_andItsAnswerWaitsForThoseBeforeIt() throws Exception {
    RawMqtt client = producer();
    client.publish("usage", text("first"), 1);
    client.publish("other", text("second"), 2);
    client.publish("usage", text("third"), 3);
    awaitReceived(2);

    acknowledge(received.get(1));
    assertThat(client.isSilent(300)).isTrue();
    acknowledge(received.get(0));

    assertThat(client.read().packetId()).isEqualTo(1);
    Packet brokers = client.read();
    assertThat(brokers.packetId()).isEqualTo(2);
    assertThat(brokers.reason()).isEqualTo(NO_SUBSCRIBERS);
    assertThat(client.read().packetId()).isEqualTo(3);
  }

  @Test
  void publish_repeatedOnTheSameConnection_isHandedOverOnce_andAcknowledgedOnce() throws Exception {
    RawMqtt client = client(Login.of("producer", "right").version311());
    client.publish("usage", text("once"), 9);
    client.send(client.publish("usage", text("once"), 1, 9, /* duplicate= */ true));
    client.publish("usage", text("next"), 10);
    awaitReceived(2);

    received.forEach(HandoverTest::acknowledge);

    assertThat(client.read().packetId()).isEqualTo(9);
    assertThat(client.read().packetId()).isEqualTo(10);
    assertThat(received)
        .extracting(each -> new String(each.payload(), UTF_8))
        .containsExactly("once", "next");
  }

  @Test
  void publish_repeatedOnTheNextConnection_isAnsweredThere_andTheOldOneIsGone() throws Exception {
    RawMqtt first = producer();
    first.publish("usage", text("again"), 5);
    awaitReceived(1);
    first.close();
    await().atMost(PATIENCE).until(() -> received.get(0).isGone());
    RawMqtt second = producer();
    second.send(second.publish("usage", text("again"), 1, 5, /* duplicate= */ true));
    awaitReceived(2);

    acknowledge(received.get(0));
    assertThat(second.isSilent(200)).as("what was of the old connection").isTrue();
    assertThat(received.get(1).isGone()).isFalse();
    acknowledge(received.get(1));
    assertThat(second.read().packetId()).isEqualTo(5);
  }

  @Test
  void publish_ofQos2_endsTheConnection_andIsNotHandedOver() throws Exception {
    RawMqtt client = producer();

    client.send(client.publish("usage", text("x"), 2, 1, /* duplicate= */ false));

    assertThat(client.await(RawMqtt.DISCONNECT).reason()).isEqualTo(QOS_NOT_SUPPORTED);
    assertThat(received).isEmpty();
  }

  @Test
  void publish_ofQos0_isHandedOver_andHasNoAnswer() throws Exception {
    RawMqtt client = producer();
    client.send(client.publish("usage", text("zero"), 0, 0, /* duplicate= */ false));
    awaitReceived(1);

    assertThat(received.get(0).isAwaited()).isFalse();
    acknowledge(received.get(0));
    assertThat(client.isSilent(200)).isTrue();
    assertThat(broker.heldBytes()).isZero();
  }

  @Test
  void publish_abandoned_hasNoAnswer_andItsConnectionEnds() throws Exception {
    RawMqtt client = producer();
    client.publish("usage", text("x"), 1);
    client.publish("usage", text("y"), 2);
    awaitReceived(2);

    received.get(1).abandon();

    assertThat(client.read().type()).isEqualTo(RawMqtt.DISCONNECT);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void receiver_thatFails_leavesNoAnswer_andTheConnectionEnds() throws Exception {
    then =
        publish -> {
          throw new IllegalStateException("planted");
        };
    RawMqtt client = producer();

    client.publish("usage", text("x"), 1);

    assertThat(client.read().type()).isEqualTo(RawMqtt.DISCONNECT);
    assertThat(broker.heldBytes()).isZero();
  }

  @Test
  void disconnectUnanswered_endsThoseWhoWait_andNoOthers() throws Exception {
    RawMqtt waiting = producer();
    RawMqtt idle = client(Login.of("stranger", "right"));
    waiting.publish("usage", text("x"), 1);
    awaitReceived(1);

    broker.disconnectUnanswered();

    assertThat(waiting.read().type()).isEqualTo(RawMqtt.DISCONNECT);
    idle.ping();
    assertThat(idle.read().type()).isEqualTo(RawMqtt.PINGRESP);
  }

  @Test
  void clientWithoutAReceiveMaximum_isReadNoFurther_untilSomeIsAnswered() throws Exception {
    RawMqtt client = client(Login.of("producer", "right").version311());
    int all = 20 * WINDOW;
    CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, all, 3_000));
    awaitReceived(WINDOW);
    // What one read of the socket brought is decoded as a whole.
    Pace.pause(Duration.ofMillis(500));
    assertThat(received.size()).isLessThan(all / 2);

    then = HandoverTest::acknowledge;
    received.forEach(HandoverTest::acknowledge);
    for (int id = 1; id <= all; id++) {
      assertThat(client.read().packetId()).isEqualTo(id);
    }
    sending.get(60, TimeUnit.SECONDS);
    assertThat(received).hasSize(all);
  }

  @Test
  void bytesOfAllConnections_beyondTheBudget_stopTheReading_untilTheyAreSettled() throws Exception {
    List<CompletableFuture<Void>> sending = new ArrayList<>();
    int each = 50;
    for (int i = 0; i < 4; i++) {
      RawMqtt client = client(new Login("bulk-" + i, "producer", "right", 5, 0));
      sending.add(CompletableFuture.runAsync(() -> send(client, each, 60_000)));
    }
    await().atMost(PATIENCE).until(() -> broker.stoppedConnections() == 4);
    long held = broker.heldBytes();
    // One login: half of it is left to others; what one read of a socket brought is taken as a
    // whole.
    assertThat(held).isGreaterThanOrEqualTo(BUDGET / 2).isLessThan(3L * BUDGET);

    received.forEach(HandoverTest::acknowledge);
    then = HandoverTest::acknowledge;
    received.forEach(HandoverTest::acknowledge);
    for (CompletableFuture<Void> one : sending) {
      one.get(60, TimeUnit.SECONDS);
    }
    awaitReceived(4 * each);
    await().atMost(PATIENCE).until(() -> broker.heldBytes() == 0);
    assertThat(broker.stoppedConnections()).isZero();
  }

  @Test
  void login_thatHasTakenAllItMay_holdsUpNoOther() throws Exception {
    for (int i = 0; i < 3; i++) {
      RawMqtt client = client(new Login("bulk-" + i, "producer", "right", 5, 0));
      var unused =
          CompletableFuture.runAsync(() -> send(client, 50, 60_000)).exceptionally(cut -> null);
    }
    await().atMost(PATIENCE).until(() -> broker.stoppedConnections() == 3);
    int before = received.size();

    RawMqtt other = client(Login.of("second", "right"));
    other.publish("usage", new byte[60_000], 1);

    awaitReceived(before + 1);
    HandedPublish its = received.get(before);
    assertThat(its.login()).isEqualTo("second");
    assertThat(received.get(0).login()).isEqualTo("producer");
    acknowledge(its);
    assertThat(other.read().type()).isEqualTo(RawMqtt.PUBACK);
    // A socket whose other side does not read cannot be closed before.
    then = HandoverTest::acknowledge;
    received.forEach(HandoverTest::acknowledge);
    awaitReceived(3 * 50 + 1);
  }

  @Test
  void packets_thatNeverBecomeWhole_areCharged_stopTheReading_andHoldUpNoOther() throws Exception {
    for (int i = 0; i < 8; i++) {
      RawMqtt client = client(new Login("part-" + i, "producer", "right", 5, 0));
      byte[] whole = client.publish("usage", new byte[200_000], 1, 1, /* duplicate= */ false);
      var unused =
          CompletableFuture.runAsync(
                  () -> {
                    try {
                      client.send(whole, 190_000);
                    } catch (IOException cut) {
                      throw new IllegalStateException(cut);
                    }
                  })
              .exceptionally(cut -> null);
    }
    await().atMost(PATIENCE).until(() -> broker.stoppedConnections() > 0);
    // Each may have read once more, which is not charged at first.
    assertThat(broker.heldBytes()).isBetween((long) BUDGET / 2, 2L * BUDGET);
    assertThat(received).isEmpty();

    RawMqtt other = client(Login.of("second", "right"));
    other.publish("usage", new byte[200_000], 1);
    awaitReceived(1);
    acknowledge(received.get(0));
    assertThat(other.read().type()).isEqualTo(RawMqtt.PUBACK);

    for (RawMqtt each : clients) {
      each.close();
    }
    await().atMost(PATIENCE).until(() -> broker.heldBytes() == 0);
  }

  @Test
  void publish_withLongProperties_isChargedForThem() throws Exception {
    RawMqtt client = producer();
    client.send(
        client.publish("usage", text("x"), 1, 1, /* duplicate= */ false, "n", "v".repeat(100)));
    awaitReceived(1);
    long small = broker.heldBytes();
    client.send(
        client.publish("usage", text("x"), 1, 2, /* duplicate= */ false, "n", "v".repeat(60_000)));
    awaitReceived(2);
    assertThat(broker.heldBytes() - small).isGreaterThan(60_000);
  }

  @Test
  void clientThatIsNotRead_isEndedByItsKeepAlive_andIsLetInAgain() throws Exception {
    RawMqtt client = client(Login.of("producer", "right").keepAlive(1));
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> send(client, WINDOW, 60_000));
    await().atMost(PATIENCE).until(() -> broker.stoppedConnections() == 1);
    await().atMost(PATIENCE).until(() -> received.get(0).isGone());
    assertThat(client.isEnded()).isTrue();
    sending.handle((done, cut) -> "").get(60, TimeUnit.SECONDS);

    received.forEach(HandedPublish::settle);
    assertThat(broker.heldBytes()).isZero();
    then = HandoverTest::acknowledge;
    RawMqtt again = producer();
    again.publish("usage", text("again"), 1);
    assertThat(again.read().type()).isEqualTo(RawMqtt.PUBACK);
  }

  /** The handler is there before the first publish, whoever had the client id before. */
  @Test
  void client_takingOverItsOwnConnection_isAnsweredByTheReceiverEachTime() throws Exception {
    then = HandoverTest::acknowledge;
    for (int i = 1; i <= 40; i++) {
      RawMqtt client = producer();
      client.publish("usage", text("x"), i);
      Packet answer = client.read();
      assertThat(answer.type()).isEqualTo(RawMqtt.PUBACK);
      assertThat(answer.reason()).isZero();
    }
    assertThat(received).hasSize(40);
  }

  @Test
  void publish_ofTheBrokerItself_reachesSubscribers_inOrder_andIsRetained() throws Exception {
    RawMqtt early = client(Login.of("stranger", "right"));
    early.subscribe("other");
    for (int i = 1; i <= 5; i++) {
      broker
          .publish("other", text("number " + i), /* retain= */ i == 5, "text/plain")
          .get(30, TimeUnit.SECONDS);
    }
    for (int i = 1; i <= 5; i++) {
      assertThat(early.acknowledge(early.await(RawMqtt.PUBLISH))).isEqualTo(text("number " + i));
    }
    RawMqtt late = client(new Login("late", "producer", "right", 5, 60));
    late.subscribe("other");
    assertThat(late.acknowledge(late.await(RawMqtt.PUBLISH))).isEqualTo(text("number 5"));
  }

  private static void send(RawMqtt client, int messages, int bytes) {
    try {
      for (int id = 1; id <= messages; id++) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(client.publish("usage", new byte[bytes], 1, id, /* duplicate= */ false));
        client.send(message.toByteArray());
      }
    } catch (IOException cut) {
      throw new IllegalStateException(cut);
    }
  }
}
