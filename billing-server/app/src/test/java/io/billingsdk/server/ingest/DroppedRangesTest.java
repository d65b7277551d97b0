package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.HelloStore;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamState;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a producer says that it dropped is told from what is missing. */
@Tag("postgres")
class DroppedRangesTest {
  private final Testbed testbed = Testbed.get();
  private World world;
  private Database database;
  private HelloStore helloStore;
  private Collector collector;
  private LightProducer producer;

  @BeforeEach
  void start() throws Exception {
    world = testbed.world();
    database = world.database();
    helloStore = new HelloStore(database);
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
  void gap_ofWhichAPartIsDropped_isMissingForTheRestOnly() throws Exception {
    producer.append(100);
    for (long seq = 11; seq <= 30; seq++) {
      producer.skip(seq);
    }
    producer.drain();
    hello(100, range(11, 20));

    StreamState stream = stream();
    assertThat(stream.gaps()).containsExactly(range(21, 30));
    assertThat(stream.dropped()).containsExactly(range(11, 20));
    assertThat(stream.isComplete()).isFalse();

    hello(100, range(11, 30));
    assertThat(stream().gaps()).isEmpty();
    assertThat(stream().dropped()).containsExactly(range(11, 30));
    assertThat(stream().isComplete()).isTrue();
    Proof.of("stream-dropped")
        .with("removed", 20)
        .with("dropped", stream().droppedEvents())
        .with("missing", stream().gaps().size())
        .print();
  }

  @Test
  void dropped_saidBeforeLaterNumbersCome_isNotMissingThen() throws Exception {
    producer.append(5);
    producer.drain();
    hello(12, range(6, 12));
    assertThat(stream().dropped()).containsExactly(range(6, 12));
    assertThat(stream().isComplete()).as("the rest is dropped").isTrue();

    hello(15, range(6, 12));
    assertThat(stream().isComplete()).as("13 to 15 are on their way").isFalse();
    for (long seq = 13; seq <= 15; seq++) {
      producer.put(seq, 1, System.currentTimeMillis(), null);
    }
    producer.drain();
    assertThat(stream().gaps()).isEmpty();
    assertThat(stream().isComplete()).isTrue();
  }

  @Test
  void dropped_whichHasCome_isNotShownAsDropped() throws Exception {
    producer.append(10);
    producer.drain();
    // Its receipt was lost, and then it was dropped.
    hello(10, range(4, 6));

    assertThat(stream().dropped()).isEmpty();
    assertThat(stream().stored()).isEqualTo(10);
    assertThat(stream().isComplete()).isTrue();
  }

  @Test
  void dropped_saidInPartsAndByAnother_addsUp() throws Exception {
    producer.append(20);
    for (long seq = 3; seq <= 12; seq++) {
      producer.skip(seq);
    }
    producer.drain();
    hello(20, range(3, 4), range(9, 12));
    hello(20, range(4, 6));
    // A journal that another process took over; nothing is forgotten when it is not said again.
    takenOver(range(7, 8));
    hello(20, range(3, 3));

    assertThat(stream().dropped()).containsExactly(range(3, 12));
    assertThat(world.count("SELECT count(*) FROM stream_dropped WHERE said_by = 'instance-2'"))
        .as("what was known is not written again")
        .isOne();
    assertThat(stream().instance()).isEqualTo("instance-1");
  }

  @Test
  void lossEquation_ofTheLastHello_isShownWithTheStream() throws Exception {
    producer.append(10);
    producer.drain();
    assertThat(stream().loss()).as("nothing was said yet").isNull();

    hello(10);
    hello(12);

    assertThat(stream().loss()).isEqualTo(loss(12));
  }

  private StreamState stream() throws Exception {
    return new Streams(database)
        .all().stream()
            .filter(each -> each.stream().equals(producer.stream()))
            .findFirst()
            .orElseThrow();
  }

  private void hello(long lastSeq, SeqRange... dropped) throws Exception {
    helloStore.keep("instance-1", hello(producer.stream(), lastSeq, producer.stream(), dropped));
  }

  /** Said by another process of the same journal. */
  private void takenOver(SeqRange dropped) throws Exception {
    UUID own = UUID.randomUUID();
    SignOfLife.Dropped proved =
        new SignOfLife.Dropped(producer.stream(), List.of(dropped), secret(producer.stream()));
    assertThat(helloStore.keep("instance-2", hello(own, 0, proved))).isTrue();
  }

  private static StreamSecret secret(UUID stream) {
    return StreamSecret.of(new byte[] {1}, stream);
  }

  private static SignOfLife hello(UUID stream, long lastSeq, UUID droppedOf, SeqRange... dropped) {
    return hello(stream, lastSeq, new SignOfLife.Dropped(droppedOf, List.of(dropped), null));
  }

  private static SignOfLife hello(UUID stream, long lastSeq, SignOfLife.Dropped dropped) {
    return new SignOfLife(
        stream,
        "test",
        System.currentTimeMillis(),
        lastSeq,
        0,
        loss(lastSeq),
        0,
        0,
        List.of(dropped),
        secret(stream));
  }

  /** Each figure another one, so that none can stand in another's place. */
  private static LossEquation loss(long accepted) {
    return new LossEquation(accepted, accepted - 6, 3, 2, 1, 7);
  }

  private static SeqRange range(long first, long last) {
    return new SeqRange(first, last);
  }
}
