package io.billingsdk.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.HelloStore;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.InstanceReport;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamCondition;
import io.billingsdk.server.ledger.Streams.StreamHealth;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How streams of each origin stand, while they are written and after their producer has gone. */
@Tag("postgres")
class StreamStatesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long T = 1_760_000_000_000L;

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
    await().atMost(PATIENCE).until(collector::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
  }

  @AfterEach
  void stop() {
    producer.close();
    collector.close();
    database.close();
  }

  @Test
  void hello_thatComesAfterALaterOne_isNotTheLastWord() throws Exception {
    producer.append(20);
    producer.drain();
    hello(T + 9_000, 20, 20, 0);
    hello(T + 1_000, 20, 15, 5);

    assertThat(stream().loss()).isEqualTo(loss(20, 20, 0));
    assertThat(stream().state()).isEqualTo(StreamCondition.COMPLETE);
    assertThat(stream().sdkVersion()).isEqualTo("1.2.3");

    hello(T + 9_000, 20, 20, 0);
    assertThat(stream().loss()).isEqualTo(loss(20, 20, 0));
  }

  @Test
  void hello_ofAClockThatWasSetBack_isTaken() throws Exception {
    hello(T + 60_000, 20, 15, 5);
    hello(T, 20, 16, 4);
    assertThat(stream().loss()).as("more is delivered").isEqualTo(loss(20, 16, 4));
    hello(T - 1, 21, 16, 5);
    assertThat(stream().loss()).as("more was reported").isEqualTo(loss(21, 16, 5));
    hello(T - Duration.ofDays(1).toMillis(), 21, 15, 6);
    assertThat(stream().loss()).as("no message is a day late").isEqualTo(loss(21, 15, 6));
  }

  @Test
  void producer_whoseOldStreamSpeaksLast_isShownWithTheNewOne() throws Exception {
    UUID before = UUID.randomUUID();
    UUID now = UUID.randomUUID();
    helloStore.keep("instance-1", hello(before, T, 5, 5, 0));
    helloStore.keep("instance-1", hello(now, T + 1_000, 0, 0, 0));
    helloStore.keep("instance-1", hello(before, T + 500, 5, 5, 0));

    assertThat(new Streams(database).instancesAfter("", 10))
        .singleElement()
        .extracting(InstanceReport::stream, InstanceReport::sdkVersion)
        .containsExactly(now, "1.2.3");
  }

  @Test
  void state_ofProtocolV2_isCompleteOnceAllThatWasReportedHasCome() throws Exception {
    producer.append(3);
    producer.drain();
    assertThat(stream().state())
        .as("it has not said how far it is")
        .isEqualTo(StreamCondition.INCOMPLETE);
    hello(T, 5, 3, 2);
    assertThat(stream().state()).isEqualTo(StreamCondition.INCOMPLETE);
    producer.append(2);
    producer.drain();
    assertThat(stream().state()).isEqualTo(StreamCondition.COMPLETE);
    assertThat(stream().origin()).isEqualTo(StreamOrigin.V2);
  }

  @Test
  void state_ofV1WithNumbers_isNoGaps_orIncompleteWithOne() throws Exception {
    UUID stream = UUID.randomUUID();
    v1(", \"stream\": \"" + stream + "\", \"seq\": 1");
    v1(", \"stream\": \"" + stream + "\", \"seq\": 3");
    awaitEvents(2);
    assertThat(stream(stream).state()).isEqualTo(StreamCondition.INCOMPLETE);
    v1(", \"stream\": \"" + stream + "\", \"seq\": 2");
    awaitEvents(3);
    assertThat(stream(stream).origin()).isEqualTo(StreamOrigin.V1);
    assertThat(stream(stream).state()).isEqualTo(StreamCondition.NO_GAPS);
    assertThat(stream(stream).isComplete()).isTrue();
    assertThat(stream(stream).sdkVersion()).isNull();
  }

  @Test
  void state_ofV1WithoutNumbersAndOfHttp_isUnnumbered_andNothingOfThemIsMissing() throws Exception {
    v1("");
    v1("");
    var unused =
        collector
            .intake()
            .store(
                List.of(
                    SentEvent.of(
                        seq -> new ReceivedEvent.Invalid(seq, "A", "b", "{}"),
                        /* timed= */ false)));
    awaitEvents(2);
    // What was under way when a server died was never answered, and came under another number.
    world.execute("UPDATE stream SET highest_seq = 9");
    world.execute("INSERT INTO stream_gap SELECT stream_id, 3, 8 FROM stream");

    List<StreamState> streams = new Streams(database).all();
    assertThat(streams)
        .extracting(StreamState::origin)
        .containsExactlyInAnyOrder(StreamOrigin.V1_UNNUMBERED, StreamOrigin.HTTP);
    assertThat(streams)
        .allSatisfy(
            each -> {
              assertThat(each.state()).isEqualTo(StreamCondition.UNNUMBERED);
              assertThat(each.isComplete()).isTrue();
              assertThat(each.gaps()).isEmpty();
            });
    assertThat(new Streams(database).health()).isEqualTo(new StreamHealth(0, 0, 0, 0, 0));
  }

  @Test
  void silent_streamThatAnotherProcessDelivered_isNotCounted() throws Exception {
    producer.append(5);
    producer.drain();
    hello(T, 7, 3, 4);
    world.execute("UPDATE stream SET last_seen = last_seen - interval '1 hour'");
    world.execute("UPDATE stream_hello SET said_at = said_at - interval '1 hour'");
    assertThat(new Streams(database).health().silent()).as("6 and 7 have not come").isOne();
    producer.append(2);
    producer.drain();
    world.execute("UPDATE stream SET last_seen = last_seen - interval '1 hour'");
    assertThat(new Streams(database).health().silent()).isZero();
  }

  private void passAnHour() throws Exception {
    world.execute("UPDATE stream SET last_seen = last_seen - interval '1 hour'");
    world.execute("UPDATE stream_hello SET said_at = said_at - interval '1 hour'");
  }

  @Test
  void silent_streamOfAProcessThatWasKilled_isMissingOnceALaterOneHasNothingPending()
      throws Exception {
    producer.append(5);
    producer.drain();
    hello(T, 7, 3, 4);
    passAnHour();
    UUID next = UUID.randomUUID();
    helloStore.keep("instance-1", hello(next, T + 1_000, 0, 0, 2));
    helloStore.keep("instance-2", hello(UUID.randomUUID(), T + 1_000, 0, 0, 0));
    assertThat(new Streams(database).health())
        .as("the next process still brings it")
        .isEqualTo(new StreamHealth(0, 0, 0, 1, 0));
    assertThat(stream().gaps()).isEmpty();

    helloStore.keep("instance-1", hello(next, T + 2_000, 2, 2, 0));
    world.execute("UPDATE stream SET highest_seq = 2 WHERE uuid = '" + next + "'");
    assertThat(new Streams(database).health())
        .as("6 and 7 ended with their process")
        .isEqualTo(new StreamHealth(1, 2, 2, 0, 0));
    assertThat(stream().gaps()).containsExactly(new SeqRange(6, 7));

    helloStore.keep("instance-1", helloWithDropped(next, new SeqRange(6, 7)));
    assertThat(new Streams(database).health()).isEqualTo(new StreamHealth(0, 0, 0, 0, 0));
  }

  @Test
  void missingAtEnd_whatAProducerHasAReceiptFor_isCountedWhileItGoesOn() throws Exception {
    producer.append(5);
    producer.drain();
    hello(T, 9, 5, 4);
    assertThat(new Streams(database).health())
        .as("pending")
        .isEqualTo(new StreamHealth(0, 0, 0, 0, 0));
    hello(T + 1_000, 9, 8, 1);
    assertThat(new Streams(database).health()).isEqualTo(new StreamHealth(1, 3, 3, 0, 0));
    hello(T + 2_000, 9, 9, 0);
    assertThat(new Streams(database).health()).isEqualTo(new StreamHealth(1, 4, 4, 0, 0));
    assertThat(stream().gaps()).containsExactly(new SeqRange(6, 9));
    producer.append(4);
    producer.drain();
    assertThat(new Streams(database).health()).isEqualTo(new StreamHealth(0, 0, 0, 0, 0));
  }

  private SignOfLife helloWithDropped(UUID stream, SeqRange range) {
    return new SignOfLife(
        stream,
        "1.2.3",
        T + 3_000,
        2,
        0,
        loss(2, 2, 0),
        0,
        0,
        List.of(new SignOfLife.Dropped(producer.stream(), List.of(range), null)),
        null);
  }

  private void v1(String identity) {
    String report =
        "{\"api_key\":\"k\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1,\"timestamp\":"
            + System.currentTimeMillis()
            + identity
            + "}";
    producer.publish(V1Topics.under(world.prefix()).report(), report.getBytes(UTF_8));
  }

  private void awaitEvents(long events) {
    await().atMost(PATIENCE).until(() -> world.count("SELECT count(*) FROM usage_event") == events);
  }

  private StreamState stream() throws Exception {
    return stream(producer.stream());
  }

  private StreamState stream(UUID stream) throws Exception {
    return new Streams(database).one(stream).orElseThrow();
  }

  private void hello(long sentAt, long lastSeq, long delivered, long pending) throws Exception {
    helloStore.keep("instance-1", hello(producer.stream(), sentAt, lastSeq, delivered, pending));
  }

  private static SignOfLife hello(
      UUID stream, long sentAt, long lastSeq, long delivered, long pending) {
    return new SignOfLife(
        stream,
        "1.2.3",
        sentAt,
        lastSeq,
        0,
        loss(lastSeq, delivered, pending),
        0,
        0,
        List.of(),
        null);
  }

  private static LossEquation loss(long accepted, long delivered, long pending) {
    return new LossEquation(accepted, delivered, pending, 0, 0, 0);
  }
}
