package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.broker.HandedPublish;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * How much the server's own broker reads before the receiver has settled it: bounds for each
 * connection, each login and all of them together.
 */
final class HandoverBoundsTest extends HandoverFixture {
  @Test
  void clientWithoutAReceiveMaximum_isReadNoFurther_untilSomeIsAnswered() throws Exception {
    RawMqtt client = client(Login.of("producer", "right").version311());
    int all = 20 * WINDOW;
    CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, all, 3_000));
    awaitReceived(WINDOW);
    // What one read of the socket brought is decoded as a whole.
    Pace.pause(Duration.ofMillis(500));
    assertThat(received.size()).isLessThan(all / 2);

    then = HandoverFixture::acknowledge;
    received.forEach(HandoverFixture::acknowledge);
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

    received.forEach(HandoverFixture::acknowledge);
    then = HandoverFixture::acknowledge;
    received.forEach(HandoverFixture::acknowledge);
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
    then = HandoverFixture::acknowledge;
    received.forEach(HandoverFixture::acknowledge);
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
    then = HandoverFixture::acknowledge;
    RawMqtt again = producer();
    again.publish("usage", text("again"), 1);
    assertThat(again.read().type()).isEqualTo(RawMqtt.PUBACK);
  }
}
