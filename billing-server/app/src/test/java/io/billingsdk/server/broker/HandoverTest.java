package io.billingsdk.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.broker.HandedPublish;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import io.billingsdk.testbed.RawMqtt.Packet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a broker hands over in process, seen by clients that do as they are told. A newer version of
 * the broker has to pass it: it stands on the broker's pipeline.
 */
final class HandoverTest extends HandoverFixture {
  private static final int NOT_AUTHORIZED = 0x87;
  private static final int NO_SUBSCRIBERS = 0x10;
  private static final int QOS_NOT_SUPPORTED = 0x9b;

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
    shuffled.forEach(HandoverFixture::acknowledge);
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

    received.forEach(HandoverFixture::acknowledge);

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

  /** The handler is there before the first publish, whoever had the client id before. */
  @Test
  void client_takingOverItsOwnConnection_isAnsweredByTheReceiverEachTime() throws Exception {
    then = HandoverFixture::acknowledge;
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
}
