package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class CollectorTest {
  private final Testbed testbed = Testbed.get();
  private World world;
  private Database database;
  private Collector collector;
  private LightProducer producer;

  @BeforeEach
  void start() throws Exception {
    world = testbed.world();
    database = world.database();
    collector =
        new Collector(
            database, testbed.broker("collector"), world.prefix() + "-collector", world.prefix());
    collector.start();
    await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
  }

  @AfterEach
  void stop() {
    producer.close();
    collector.close();
    database.close();
  }

  @Test
  void stream_withThreeNumbersMissing_isNamedWithThem_untilTheyCome() throws Exception {
    producer.append(100);
    List<Long> missing = List.of(17L, 50L, 51L);
    missing.forEach(producer::skip);
    producer.drain();

    assertThat(new Streams(database).all())
        .singleElement()
        .satisfies(
            stream -> {
              assertThat(stream.stream()).isEqualTo(producer.stream());
              assertThat(stream.instance()).isEqualTo("instance-1");
              assertThat(stream.highest()).isEqualTo(100);
              assertThat(stream.gaps()).containsExactly(new SeqRange(17, 17), new SeqRange(50, 51));
            });
    Proof.of("stream-gaps").with("removed", missing).with("named", gaps()).print();

    for (long seq : missing) {
      producer.put(seq, 1, System.currentTimeMillis(), null);
    }
    producer.drain();
    assertThat(gaps()).isEmpty();
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(100);
  }

  @Test
  void repeat_ofACommittedEvent_isADuplicate_countedOnce() throws Exception {
    long now = System.currentTimeMillis();
    producer.put(1, 5, now, null);
    producer.drain();
    producer.put(1, 5, now, null);
    producer.drain();

    assertThat(producer.duplicates()).containsExactly(1L);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(5);
  }

  @Test
  void batch_ofNewAndRepeatedAndMissingNumbers_countsEachOnce() throws Exception {
    producer.append(10);
    List.of(3L, 4L, 7L).forEach(producer::skip);
    producer.drain();
    // 1 to 10 again, with what was missing, and 11 to 20 for the first time: in one batch.
    long now = System.currentTimeMillis();
    for (long seq = 3; seq <= 7; seq++) {
      producer.put(seq, 1, now, null);
    }
    producer.append(10);
    producer.drain();

    assertThat(producer.rejected()).containsOnlyKeys(5L, 6L).containsValue("CONFLICT");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(20);
    assertThat(world.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(20);
    assertThat(world.count("SELECT count(DISTINCT seq) FROM usage_event")).isEqualTo(20);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void streamRow_thatForgotWhatHasCome_leadsToNoSecondCount() throws Exception {
    long now = System.currentTimeMillis();
    for (long seq = 1; seq <= 5; seq++) {
      producer.put(seq, 1, now, null);
    }
    producer.drain();
    world.execute("UPDATE stream SET highest_seq = 2");
    for (long seq = 1; seq <= 8; seq++) {
      producer.put(seq, 1, now, null);
    }
    producer.drain();

    assertThat(producer.duplicates()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(8);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(8);
    assertThat(world.count("SELECT highest_seq FROM stream")).isEqualTo(8);
  }

  @Test
  void usage_ofAnyFormOfNumber_isStoredExactly() throws Exception {
    // As texts that another producer might send; a double would not hold the second.
    List<String> usages =
        List.of("0", "0.123456789012345678", "1E+3", "9007199254740992", "1.50", "25e-4");
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < usages.size(); i++) {
      events
          .append(i == 0 ? "" : ",")
          .append("{\"seq\":" + (i + 1) + ",\"ts\":" + System.currentTimeMillis())
          .append(",\"key_id\":\"k_1\",\"module\":\"m\",\"model\":\"n\",\"usage\":")
          .append(usages.get(i) + "}");
    }
    producer.send(
        ("{\"stream\":\"" + producer.stream() + "\",\"sent_at\":1,\"events\":[" + events + "]}")
            .getBytes(StandardCharsets.UTF_8));
    await().until(() -> world.count("SELECT count(*) FROM usage_event") == usages.size());

    String expected = String.join("), (", usages);
    assertThat(
            world.count(
                "SELECT count(*) FROM usage_event JOIN (SELECT row_number() OVER () AS seq, v FROM"
                    + (" (VALUES (" + expected + ")) AS x (v)) AS e USING (seq) WHERE usage = v")))
        .isEqualTo(usages.size());
    assertThat(
            world.count(
                "SELECT count(*) FROM usage_rollup WHERE usage = (SELECT sum(usage) FROM"
                    + " usage_event)"))
        .isOne();
  }

  @Test
  void sameIdentity_withOtherContentOrOtherTime_isKeptAsAConflict() throws Exception {
    long now = System.currentTimeMillis();
    producer.put(1, 5, now, null);
    producer.drain();
    // Another month is another partition: the identity is not in there.
    producer.put(1, 5, now - Duration.ofDays(62).toMillis(), null);
    producer.drain();

    assertThat(producer.rejected()).containsEntry(1L, "CONFLICT");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isOne();
    assertThat(world.count("SELECT count(*) FROM conflicting_event")).isOne();
  }

  @Test
  void oneIdentity_moreThanOnceInABatch_isJudgedByItsOwnContent() throws Exception {
    List<Receipt> receipts = new CopyOnWriteArrayList<>();
    producer.onReceipt(receipts::add);
    long now = System.currentTimeMillis();
    sendUsages(now, 5, 7, 5);
    await().until(() -> receipts.size() == 1);
    sendUsages(now, 9, 5);
    await().until(() -> receipts.size() == 2);

    assertThat(receipts)
        .extracting(Receipt::committed)
        .containsExactly(List.of(new SeqRange(1, 1)), List.of());
    assertThat(receipts).extracting(Receipt::duplicates).containsOnly(List.of(new SeqRange(1, 1)));
    assertThat(receipts).allSatisfy(each -> assertThat(each.rejected()).hasSize(1));
    assertThat(world.count("SELECT usage FROM usage_event")).isEqualTo(5);
    assertThat(world.count("SELECT count(*) FROM conflicting_event")).isEqualTo(2);
  }

  /** A batch with number 1 again and again, each time with another usage. */
  private void sendUsages(long time, int... usages) {
    String events =
        IntStream.of(usages)
            .mapToObj(
                usage ->
                    "{\"seq\":1,\"ts\":"
                        + time
                        + ",\"key_id\":\"k_1\",\"module\":\"m\","
                        + "\"model\":\"n\",\"usage\":"
                        + usage
                        + "}")
            .collect(Collectors.joining(","));
    producer.send(
        ("{\"stream\":\"" + producer.stream() + "\",\"sent_at\":1,\"events\":[" + events + "]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void event_tooOldOrInTheFuture_isRejectedWithItsReason_theOthersAreCounted() throws Exception {
    long now = System.currentTimeMillis();
    producer.put(1, 1, now, null);
    producer.put(2, 1, now - Duration.ofDays(500).toMillis(), null);
    producer.put(3, 1, now + Duration.ofDays(3).toMillis(), null);
    producer.put(4, 1, now - Duration.ofDays(300).toMillis(), null);
    producer.drain();

    assertThat(producer.rejected()).containsEntry(2L, "TOO_OLD").containsEntry(3L, "IN_FUTURE");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(2);
    assertThat(world.count("SELECT count(*) FROM rejected_event")).isEqualTo(2);
    assertThat(gaps()).isEmpty();
  }

  @Test
  void idempotencyKey_ofOneApp_isCountedOnce() throws Exception {
    world.execute(
        "INSERT INTO app VALUES ('acme', 'Acme'); INSERT INTO api_key (key_id, sha256, app_id,"
            + " version) VALUES ('k_1', sha256('k'), 'acme', 1)");
    producer.append(3, System.currentTimeMillis(), "request-42");
    producer.append(3, System.currentTimeMillis(), "request-42");
    producer.drain();
    producer.append(3, System.currentTimeMillis(), "request-42");
    producer.append(4, System.currentTimeMillis(), "request-43");
    producer.drain();

    assertThat(producer.duplicates()).containsExactlyInAnyOrder(2L, 3L);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup WHERE app_id = 'acme'"))
        .isEqualTo(7);
  }

  @Test
  void event_ofAnUnknownKey_isStoredWithoutAnApp() throws Exception {
    producer.append(2);
    producer.drain();

    assertThat(world.count("SELECT count(*) FROM usage_event WHERE app_id IS NULL")).isEqualTo(2);
  }

  @Test
  void role_ofTheServer_cannotChangeTheLedger() {
    for (String sql :
        List.of(
            "UPDATE usage_event SET usage = 0",
            "DELETE FROM usage_event",
            "DELETE FROM event_identity",
            "DROP TABLE usage_event")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> database.call(connection -> connection.createStatement().execute(sql)))
          .isInstanceOf(java.sql.SQLException.class);
    }
  }

  private List<SeqRange> gaps() throws Exception {
    return new Streams(database).all().get(0).gaps();
  }
}
