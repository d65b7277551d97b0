package io.billingsdk.server.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.HandedPublish;
import io.billingsdk.broker.HandedPublish.Handover;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.testbed.RawMqtt;
import io.billingsdk.testbed.RawMqtt.Login;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * A connection that is too fast is read later; no other connection feels it, and nothing is lost.
 */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SlowDownTest {
  private static final int FLOOD = 10_000;

  private final AtomicInteger flooded = new AtomicInteger();
  private volatile Duration pause = Duration.ZERO;
  private volatile CountDownLatch begun = new CountDownLatch(1);
  private EmbeddedBroker broker;

  @BeforeAll
  void start() {
    List<TopicRule> rules = List.of(new TopicRule("#", true, true));
    broker =
        EmbeddedBroker.builder()
            .insecure()
            .user("flood", "right", rules)
            .user("honest", "right", rules)
            .handover(
                new Handover() {
                  @Override
                  public boolean takes(String topic) {
                    return true;
                  }

                  @Override
                  public void received(HandedPublish publish) {
                    take(publish);
                  }
                },
                1 << 20)
            .build();
    broker.start();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  private void take(HandedPublish publish) {
    publish.settle();
    publish.answer();
    if (publish.topic().equals("flood")) {
      flooded.incrementAndGet();
      publish.slowDown(pause);
      begun.countDown();
    }
  }

  @Test
  void slowDown_connectionThatFloods_isReadLater_andAnotherIsAnswered() throws Exception {
    pause = Duration.ofSeconds(5);
    try (RawMqtt flood = RawMqtt.plain(broker.port(), Login.of("flood", "right"));
        RawMqtt honest = RawMqtt.plain(broker.port(), Login.of("honest", "right"))) {
      byte[] many = many(flood);
      // The kernel may have no room for what nobody reads.
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  flood.send(many);
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
      begun.await();
      honest.publish("honest", "x".getBytes(UTF_8), 1);
      assertThat(honest.await(RawMqtt.PUBACK).packetId()).isEqualTo(1);
      // What was read in one go is handed over; of the rest nothing is read meanwhile.
      assertThat(honest.isSilent(200)).isTrue();
      int read = flooded.get();
      assertThat(read).isLessThan(FLOOD);
      assertThat(honest.isSilent(200)).isTrue();
      assertThat(flooded.get()).isEqualTo(read);

      pause = Duration.ofMillis(20);
      sent.get(60, TimeUnit.SECONDS);
      flood.ping();
      flood.await(RawMqtt.PINGRESP);
      assertThat(flooded.get()).isEqualTo(FLOOD);
    }
  }

  private static byte[] many(RawMqtt client) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < FLOOD; i++) {
      all.writeBytes(client.publish("flood", new byte[64], 0, 0, /* duplicate= */ false));
    }
    return all.toByteArray();
  }
}
