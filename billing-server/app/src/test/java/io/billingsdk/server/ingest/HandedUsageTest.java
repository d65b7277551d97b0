package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.V1Codec;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.tail.TailItem.TailSink;
import io.billingsdk.testbed.RawMqtt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The collector on what the server's own broker hands over: a PUBACK means committed. */
@Tag("postgres")
class HandedUsageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int EVENTS = 100;
  private static final int NOT_NOW = 0x83;

  @TempDir Path directory;

  private final Testbed testbed = Testbed.get();
  private final UUID stream = UUID.randomUUID();
  private UsageSide side;
  private World world;
  private Database database;

  @BeforeEach
  void start() throws Exception {
    world = testbed.world();
    database = world.database();
    side = UsageSide.inProcess(directory.resolve("own"));
  }

  @AfterEach
  void stop() {
    side.close();
    database.close();
  }

  private Collector collecting(Failpoint.Hook hook) {
    Collector started =
        new Collector(
            database, side.source(), UsageSide.PREFIX, TailSink.NONE, hook, arrival -> arrival);
    started.start();
    return started;
  }

  private void publish(RawMqtt client, boolean again) throws Exception {
    for (int id = 1; id <= EVENTS; id++) {
      client.send(
          client.publish("billing/report", SourceContract.numbered(stream, id), 1, id, again));
    }
  }

  @Test
  void puback_comesAfterTheCommit_andNotBefore() throws Exception {
    CountDownLatch commit = new CountDownLatch(1);
    Failpoint.Hook waits =
        at -> {
          if (at == Failpoint.BEFORE_COMMIT) {
            awaitLatch(commit);
          }
        };
    try (Collector collector = collecting(waits);
        RawMqtt client = side.connect()) {
      publish(client, /* again= */ false);
      assertThat(client.isSilent(500)).isTrue();

      commit.countDown();

      for (int id = 1; id <= EVENTS; id++) {
        assertThat(client.await(RawMqtt.PUBACK).packetId()).isEqualTo(id);
        assertThat(world.count("SELECT count(*) FROM usage_event WHERE seq = " + id)).isEqualTo(1);
      }
      assertThat(collector.counts().heldBytes()).isZero();
    }
  }

  @Test
  void commits_whileOneIsUnderWay_takeAllThatCameMeanwhile() throws Exception {
    CountDownLatch commit = new CountDownLatch(1);
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook waits =
        at -> {
          if (at == Failpoint.BEFORE_COMMIT && reached.incrementAndGet() == 1) {
            awaitLatch(commit);
          }
        };
    try (Collector collector = collecting(waits);
        RawMqtt client = side.connect()) {
      publish(client, /* again= */ false);
      await().atMost(PATIENCE).until(() -> collector.counts().waiting() == EVENTS);
      commit.countDown();
      client.await(RawMqtt.PUBACK);
      await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 0);

      // The first was not waited for; all others came while it was under way.
      assertThat(collector.counts().batches()).isLessThanOrEqualTo(2);
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS);
    }
  }

  @Test
  void database_awayWhileTheProducerConnectsAgain_storesOnce_andAnswersTheNewConnection()
      throws Exception {
    try (Collector collector = collecting(Failpoint.Hook.NONE)) {
      testbed.stopDatabase();
      RawMqtt second;
      try {
        try (RawMqtt first = side.connect()) {
          publish(first, /* again= */ false);
          await().atMost(PATIENCE).until(() -> collector.counts().waiting() == EVENTS);
          assertThat(first.isSilent(1_000)).isTrue();
        }
        second = side.connect();
        publish(second, /* again= */ true);
        assertThat(second.isSilent(500)).isTrue();
      } finally {
        testbed.startDatabase();
      }
      for (int id = 1; id <= EVENTS; id++) {
        assertThat(second.await(RawMqtt.PUBACK).packetId()).isEqualTo(id);
      }
      second.close();
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS);
      assertThat(world.count("SELECT count(DISTINCT seq) FROM usage_event")).isEqualTo(EVENTS);
      await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 0);
      assertThat(collector.counts().heldBytes()).isZero();
    }
  }

  /** On a connection that it gives up it would miss what keys are blocked. */
  @Test
  void batch_thatWaitsForTheDatabaseTooLong_isRefused_andItsConnectionGoesOn() throws Exception {
    byte[] batch = SourceContract.batch(stream, EVENTS);
    String topic = "billing/v2/" + UsageSide.INSTANCE + "/usage";
    try (Collector collector = collecting(Failpoint.Hook.NONE);
        RawMqtt client = side.connect()) {
      testbed.stopDatabase();
      try {
        // One in hand, one behind it; and a report of v1, whose producer may know no refusal.
        client.publish(topic, batch, 1);
        await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 1);
        client.publish(topic, batch, 2);
        for (int id = 1; id <= 2; id++) {
          RawMqtt.Packet answer = client.read();
          assertThat(answer.type()).isEqualTo(RawMqtt.PUBACK);
          assertThat(answer.packetId()).isEqualTo(id);
          assertThat(answer.reason()).isEqualTo(NOT_NOW);
        }
        client.publish("billing/report", SourceContract.numbered(UUID.randomUUID(), 1), 3);
      } finally {
        testbed.startDatabase();
      }
      assertThat(client.await(RawMqtt.PUBACK).packetId()).isEqualTo(3);
      // As its producer does: again, until the transaction in hand has got through.
      int id = 4;
      client.publish(topic, batch, id);
      while (client.await(RawMqtt.PUBACK).reason() != 0) {
        id++;
        client.publish(topic, batch, id);
      }
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(EVENTS + 1);
      await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 0);
      assertThat(collector.counts().heldBytes()).isZero();
    }
  }

  @Test
  void collector_thatStopsBeforeTheCommit_acknowledgesNothing_andEndsTheConnection()
      throws Exception {
    AtomicInteger reached = new AtomicInteger();
    Failpoint.Hook fails =
        at -> {
          reached.incrementAndGet();
          throw new IllegalStateException("planted");
        };
    try (RawMqtt client = side.connect()) {
      try (Collector collector = collecting(fails)) {
        publish(client, /* again= */ false);
        await()
            .atMost(PATIENCE)
            .until(() -> reached.get() > 0 && collector.counts().waiting() == EVENTS);
      }
      assertThat(client.read().type()).isEqualTo(RawMqtt.DISCONNECT);
      assertThat(world.count("SELECT count(*) FROM usage_event")).isZero();
    }
    // As long as nobody takes usage in, it is not acknowledged by the broker either.
    try (RawMqtt early = side.connect()) {
      // One alone: the connection ends with it, while more would still be written.
      early.publish("billing/report", SourceContract.numbered(stream, 1), 1);
      assertThat(early.read().type()).isEqualTo(RawMqtt.DISCONNECT);
    }
    try (Collector next = collecting(Failpoint.Hook.NONE);
        RawMqtt again = side.connect()) {
      publish(again, /* again= */ true);
      for (int id = 1; id <= EVENTS; id++) {
        assertThat(again.await(RawMqtt.PUBACK).packetId()).isEqualTo(id);
      }
      assertThat(next.counts().committed()).isEqualTo(EVENTS);
    }
  }

  @Test
  void receipts_toAnInstanceThatTakesNone_waitUpToABound_andOthersGetTheirs() throws Exception {
    String topic = "billing/v2/" + UsageSide.INSTANCE + "/receipts";
    UsageSource source = side.source();
    try (RawMqtt client = side.connect()) {
      client.subscribe(topic);
      int sent = 0;
      for (int i = 0; i < 60; i++) {
        sent += isSent(source, topic) ? 1 : 0;
      }
      assertThat(sent).isEqualTo(16);
      client.acknowledge(client.await(RawMqtt.PUBLISH));
      await().atMost(PATIENCE).until(() -> isSent(source, topic));
    }
    assertThat(isSent(source, "billing/v2/another/receipts")).isTrue();
  }

  private static boolean isSent(UsageSource source, String topic) throws Exception {
    try {
      source.send(topic, new byte[20_000]).get(30, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException full) {
      return false;
    }
  }

  /** Stored under an identity made here, it would be counted again when it is sent again. */
  @Test
  void report_whoseSenderHasGoneBeforeItsTurn_isLeftOut() throws Exception {
    CountDownLatch commit = new CountDownLatch(1);
    Failpoint.Hook waits =
        at -> {
          if (at == Failpoint.BEFORE_COMMIT) {
            awaitLatch(commit);
          }
        };
    byte[] unnumbered = V1Codec.encode(SourceContract.report()).orElseThrow();
    try (Collector collector = collecting(waits)) {
      try (RawMqtt client = side.connect()) {
        client.publish("billing/report", unnumbered, 1);
        await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 1);
        assertThat(client.isSilent(300)).isTrue();
        for (int id = 2; id <= 10; id++) {
          client.publish("billing/report", unnumbered, id);
        }
        client.send(client.publish("billing/report", unnumbered, 0, 0, /* duplicate= */ false));
        await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 11);
      }
      // Of the connection that is gone, a new one under its name waits for the end.
      side.connect().close();
      commit.countDown();
      await().atMost(PATIENCE).until(() -> collector.counts().waiting() == 0);

      // That of the transaction under way, and that of QoS 0, which nobody sends again.
      assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(2);
      assertThat(collector.counts().heldBytes()).isZero();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
