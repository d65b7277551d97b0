package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.HelloStore;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.StreamChanges;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamCondition;
import io.billingsdk.server.ledger.Streams.StreamHealth;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Numbers that no honest producer gives, and those that are in the database already. */
@Tag("postgres")
class StreamNumbersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long MOST = Long.MAX_VALUE;
  private static final Actor OPERATOR = new Actor("ops");

  private final Testbed testbed = Testbed.get();
  private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
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
    await().atMost(PATIENCE).until(collector::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
    producer.onReceipt(receipts::add);
  }

  @AfterEach
  void stop() {
    producer.close();
    collector.close();
    database.close();
  }

  @Test
  void number_beyondTheBounds_isRefusedForGood_andHasNotCome() throws Exception {
    producer.append(3);
    put(MOST, Bounds.COUNT_MAX + 1, Bounds.COUNT_MAX, Bounds.SEQ_JUMP_MAX + 4);
    producer.drain();

    assertThat(producer.rejected())
        .containsOnly(
            Map.entry(MOST, "SEQ_TOO_LARGE"),
            Map.entry(Bounds.COUNT_MAX + 1, "SEQ_TOO_LARGE"),
            Map.entry(Bounds.COUNT_MAX, "SEQ_JUMP"),
            Map.entry(Bounds.SEQ_JUMP_MAX + 4, "SEQ_JUMP"));
    assertThat(world.count("SELECT count(*) FROM rejected_event")).as("kept").isEqualTo(4);
    assertThat(world.count("SELECT count(*) FROM stream_gap")).isZero();
    assertThat(stream().highest()).isEqualTo(3);
    assertThat(stream().stored()).isEqualTo(3);

    producer.append(2);
    producer.drain();
    assertThat(stream().highest()).as("an honest number after them").isEqualTo(5);
  }

  @Test
  void jump_thatAnHonestProducerMakesAfterARestore_isTaken() throws Exception {
    // A ledger that is empty, or older: the first number that comes is a late one.
    put(Bounds.SEQ_JUMP_MAX, Bounds.SEQ_JUMP_MAX + 1);
    producer.drain();

    assertThat(producer.rejected()).isEmpty();
    assertThat(stream().gaps()).containsExactly(new SeqRange(1, Bounds.SEQ_JUMP_MAX - 1));
    assertThat(new Streams(database).health().missing()).isEqualTo(Bounds.SEQ_JUMP_MAX - 1);
  }

  @Test
  void hello_beyondTheJump_isNotKept() throws Exception {
    producer.append(3);
    producer.drain();
    HelloStore helloStore = new HelloStore(database);
    SeqRange far = new SeqRange(5, Bounds.COUNT_MAX);
    assertThat(helloStore.keep("instance-1", hello(3, far))).isFalse();
    assertThat(helloStore.keep("instance-1", hello(Bounds.SEQ_JUMP_MAX + 4, new SeqRange(9, 9))))
        .isFalse();

    assertThat(stream().reported()).isEqualTo(3);
    assertThat(world.count("SELECT count(*) FROM stream_dropped WHERE numbers @> 9223372036::int8"))
        .isZero();
    assertThat(helloStore.keep("instance-1", hello(Bounds.SEQ_JUMP_MAX + 3, new SeqRange(9, 9))))
        .isTrue();
  }

  @Test
  void rows_thatWerePlantedBefore_spoilNeitherTheOthersNorTheFigures() throws Exception {
    producer.append(3);
    producer.drain();
    plant();

    List<StreamState> all = new Streams(database).all();
    List<StreamState> page = new Streams(database).after(new UUID(0, 0), 100);
    assertThat(all).hasSize(8);
    assertThat(page).hasSize(8);
    for (List<StreamState> each : List.of(all, page)) {
      assertThat(of(each, producer.stream()).stored()).isEqualTo(3);
      assertThat(of(each, uuid(1)).gaps()).containsExactly(new SeqRange(4, MOST - 1));
      assertThat(of(each, uuid(1)).state()).isEqualTo(StreamCondition.INCOMPLETE);
      assertThat(of(each, uuid(4)).gaps()).containsExactly(new SeqRange(1, MOST));
      assertThat(each)
          .filteredOn(s -> s.state() == StreamCondition.UNREADABLE)
          .extracting(StreamState::stream)
          .containsExactlyInAnyOrder(uuid(5), uuid(6));
      assertThat(of(each, uuid(7)).dropped()).containsExactly(new SeqRange(3, 4));
    }
    for (StreamState each : all) {
      assertThat(new Streams(database).one(each.stream()).orElseThrow().state())
          .isEqualTo(each.state());
    }
    StreamHealth health = new Streams(database).health();
    assertThat(health.missing()).as("the sum is beyond a bigint").isEqualTo(MOST);
    assertThat(health.unreadable()).isEqualTo(2);
    assertThat(health.incomplete()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void numbersInAPlantedStream_areTakenAndCounted() throws Exception {
    producer.append(3);
    producer.drain();
    world.execute("UPDATE stream SET highest_seq = " + MOST);
    world.execute("INSERT INTO stream_gap SELECT stream_id, 4, " + (MOST - 1) + " FROM stream");
    producer.append(2);
    producer.drain();

    assertThat(producer.rejected()).isEmpty();
    assertThat(stream().gaps()).containsExactly(new SeqRange(6, MOST - 1));
    new StreamChanges(database, OPERATOR).writeOff(producer.stream(), null, "an attack");
    assertThat(stream().gaps()).isEmpty();
    assertThat(new Streams(database).health().missing()).isZero();
  }

  @Test
  void writeOff_ofMissingNumbers_closesThem_andOneThatComesIsCounted() throws Exception {
    producer.append(2);
    put(6, 10);
    producer.drain();
    assertThat(new HelloStore(database).keep("instance-1", hello(12, new SeqRange(7, 7)))).isTrue();
    StreamChanges changes = new StreamChanges(database, OPERATOR);

    StreamChanges.WrittenOff off =
        changes.writeOff(producer.stream(), new SeqRange(4, 8), "disk lost");
    assertThat(off.ranges()).containsExactly(new SeqRange(4, 5), new SeqRange(8, 8));
    assertThat(off.numbers()).isEqualTo(3);
    assertThat(stream().gaps())
        .containsExactly(new SeqRange(3, 3), new SeqRange(9, 9), new SeqRange(11, 12));
    assertThat(stream().state()).isEqualTo(StreamCondition.INCOMPLETE);

    changes.writeOff(producer.stream(), null, "disk lost");
    assertThat(stream().gaps()).isEmpty();
    assertThat(stream().state()).as("above the highest too").isEqualTo(StreamCondition.COMPLETE);
    assertThat(stream().writtenOff())
        .containsExactly(new SeqRange(3, 5), new SeqRange(8, 9), new SeqRange(11, 12));
    assertThat(new Streams(database).health().missing()).isZero();
    assertThat(changes.writeOff(producer.stream(), null, "again").numbers()).isZero();
    assertThat(
            world.count(
                "SELECT count(*) FROM audit_log WHERE action = 'stream.write-off' AND actor = 'ops'"
                    + " AND after ->> 'reason' = 'disk lost'"))
        .isEqualTo(2);

    put(4);
    producer.drain();
    assertThat(stream().stored()).isEqualTo(5);
    assertThat(new Streams(database).after(new UUID(0, 0), 9).get(0).stored()).isEqualTo(5);
    assertThat(stream().writtenOff()).contains(new SeqRange(3, 3), new SeqRange(5, 5));
  }

  @Test
  void gaps_beyondTheBound_areRefusedForNow_andTakenOnceOthersAreClosed() throws Exception {
    producer.append(1);
    producer.drain();
    long most = Admission.MOST_GAPS;
    world.execute(
        "INSERT INTO stream_gap SELECT stream_id, 2 * n, 2 * n FROM stream, generate_series(1, "
            + (most - 1)
            + ") AS n");
    long highest = 2 * most - 1;
    world.execute("UPDATE stream SET highest_seq = " + highest);
    String before =
        world.count("SELECT sum(hashtext(xmin::text || ctid::text)) FROM stream_gap") + "";

    put(highest + 1, highest + 3, highest + 5, highest + 7);
    producer.sendPending();
    await().atMost(PATIENCE).until(() -> receipts.stream().anyMatch(r -> !r.rejected().isEmpty()));
    Receipt refused =
        receipts.stream().filter(r -> !r.rejected().isEmpty()).findFirst().orElseThrow();
    assertThat(refused.rejected())
        .containsExactly(
            new Receipt.Rejection(highest + 5, "TOO_MANY_GAPS", /* retryable= */ true),
            new Receipt.Rejection(highest + 7, "TOO_MANY_GAPS", /* retryable= */ true));
    assertThat(world.count("SELECT count(*) FROM rejected_event")).as("the SDK has it").isZero();
    assertThat(world.count("SELECT count(*) FROM stream_gap")).isEqualTo(most);
    assertThat(
            world.count(
                    "SELECT sum(hashtext(xmin::text || ctid::text)) FROM stream_gap"
                        + " WHERE first_seq < "
                        + highest)
                + "")
        .as("no gap was written that had not changed")
        .isEqualTo(before);

    put(2, 4, highest + 4, highest + 5, highest + 7);
    producer.drain();
    assertThat(stream().highest()).as("room was made").isEqualTo(highest + 7);
    assertThat(collector.counts().deferred()).isEqualTo(2);
  }

  @Test
  void gaps_thatWereWrittenOff_makeRoomForOthers() throws Exception {
    producer.append(1);
    producer.drain();
    long most = Admission.MOST_GAPS;
    world.execute(
        "INSERT INTO stream_gap SELECT stream_id, 2 * n, 2 * n FROM stream, generate_series(1, "
            + most
            + ") AS n");
    world.execute("UPDATE stream SET highest_seq = " + (2 * most + 1));
    new StreamChanges(database, OPERATOR).writeOff(producer.stream(), null, "never sent");
    put(2 * most + 5);
    producer.drain();

    assertThat(producer.rejected()).isEmpty();
    assertThat(stream().gaps()).containsExactly(new SeqRange(2 * most + 2, 2 * most + 4));
  }

  private void plant() throws Exception {
    world.execute(
        """
        INSERT INTO stream (uuid, instance, origin, highest_seq) VALUES
          ('%1$s', 'a', 'v2', %9$d), ('%2$s', 'a', 'v2', %9$d - 1), ('%3$s', 'a', 'v2', %9$d - 1),
          ('%4$s', 'a', 'v2', 0), ('%5$s', 'a', 'v2', 9), ('%6$s', 'a', 'v2', -1),
          ('%7$s', 'a', 'v2', 9);
        INSERT INTO stream_gap SELECT stream_id, 4, %9$d - 1 FROM stream WHERE uuid = '%1$s';
        INSERT INTO stream_gap SELECT stream_id, 1, %9$d - 2 FROM stream
          WHERE uuid IN ('%2$s', '%3$s');
        INSERT INTO stream_gap SELECT stream_id, -5, %9$d FROM stream WHERE uuid = '%5$s';
        INSERT INTO stream_dropped SELECT stream_id, '{(,5]}', 'a' FROM stream WHERE uuid = '%7$s';
        INSERT INTO stream_gap SELECT stream_id, 3, 4 FROM stream WHERE uuid = '%7$s';
        INSERT INTO stream_hello (stream_id, sdk_version, last_seq, keys_version, accepted,
          delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined,
          sent_at_ms)
        SELECT stream_id, 'x', %9$d, %9$d, %9$d, %9$d, 0, 0, %9$d, %9$d, %9$d, %9$d, -%9$d - 1
          FROM stream WHERE uuid = '%4$s';
        """
            .formatted(uuid(1), uuid(2), uuid(3), uuid(4), uuid(5), uuid(6), uuid(7), 0, MOST));
  }

  private static UUID uuid(int number) {
    return new UUID(7, number);
  }

  private static StreamState of(List<StreamState> all, UUID stream) {
    return all.stream().filter(each -> each.stream().equals(stream)).findFirst().orElseThrow();
  }

  private void put(long... numbers) throws Exception {
    for (long each : numbers) {
      producer.put(each, 1, System.currentTimeMillis(), null);
    }
  }

  private StreamState stream() throws Exception {
    return new Streams(database).one(producer.stream()).orElseThrow();
  }

  private SignOfLife hello(long lastSeq, SeqRange dropped) {
    return new SignOfLife(
        producer.stream(),
        "test",
        System.currentTimeMillis(),
        lastSeq,
        0,
        new LossEquation(lastSeq, lastSeq, 0, 0, 0, 0),
        0,
        0,
        List.of(new SignOfLife.Dropped(producer.stream(), List.of(dropped), null)),
        null);
  }
}
