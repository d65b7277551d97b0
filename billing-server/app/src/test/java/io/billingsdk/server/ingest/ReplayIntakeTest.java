package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that the collector rejected, as the bytes of a producer came, and their way back. */
@Tag("postgres")
class ReplayIntakeTest {
  private static final int EVENTS = 400;
  private static final long SEED = Long.getLong("replay.seed", System.nanoTime());
  private static final UUID STREAM = UUID.randomUUID();

  private final Instant now = Instant.now();
  private final Random random = new Random(SEED);
  private World world;
  private Database database;
  private RejectedEventReplay rejectedEventReplay;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    world.execute("INSERT INTO app (app_id, name) VALUES ('acme', 'Acme')");
    world.execute(
        "INSERT INTO api_key (key_id, sha256, app_id, version)"
            + " VALUES ('k_1', sha256('sk-1'), 'acme', 1)");
    database = world.database();
    rejectedEventReplay =
        new RejectedEventReplay(
            database, new Actor("ann"), new ReplayIntake(LedgerAppender.withoutHooks()));
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** Stores what a producer sent, by a server whose clock shows that time. */
  private List<IncomingEvent> send(byte[] batch, Instant clock) throws Exception {
    UsageBatch read = UsageBatch.decode(batch);
    List<IncomingEvent> entries = new ArrayList<>();
    read.events()
        .forEach(event -> entries.add(new IncomingEvent(read.stream(), "gateway-1", event)));
    TimeBounds bounds =
        new TimeBounds(
            Duration.ofDays(400), Duration.ofHours(24), Clock.fixed(clock, ZoneOffset.UTC));
    LedgerWriter writer =
        new LedgerWriter(database, bounds, 3, new Strangers(), Failpoint.Hook.NONE);
    writer.store(entries);
    writer.disconnect();
    return entries;
  }

  private byte[] batch(List<V2Event> events) throws Exception {
    BatchWriter batch = new BatchWriter(STREAM, now.toEpochMilli(), Bounds.BATCH_BYTES);
    for (int i = 0; i < events.size(); i++) {
      assertThat(batch.add(i + 1, V2Codec.encode(events.get(i)).orElseThrow())).isTrue();
    }
    return batch.toBytes();
  }

  /** Under one key it says the same each time: anything else would be a conflict. */
  private V2Event anyEvent() {
    int call = random.nextInt(EVENTS);
    return random.nextBoolean()
        ? anyEvent(random, null)
        : anyEvent(new Random(SEED + call), "call-" + call);
  }

  private V2Event anyEvent(Random random, @Nullable String idempotencyKey) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      metadata.put("f" + i, anyValue(random));
    }
    return new V2Event(
        random.nextBoolean()
            ? new KeyRef.KeyId(random.nextInt(5) == 0 ? "k_lost" : "k_1")
            : new KeyRef.KeySha256(KeyRef.sha256("sk-1")),
        "llm",
        "gpt-4 ılım \" \\ \u2028",
        random.nextBoolean() ? random.nextInt(1_000_000) : random.nextDouble() * 1e6,
        now.toEpochMilli() + random.nextInt(1_000),
        metadata,
        idempotencyKey);
  }

  private static Object anyValue(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextDouble();
      case 2 -> 1e22 * random.nextDouble();
      case 3 -> 100.0;
      case 4 -> 1e-9;
      case 5 -> "tab\t \"quoted\" / \u0001 \uD83D\uDE00 ılım";
      case 6 -> List.of(1.5, "x", true);
      default -> Map.of("n", 1.50, "b", false);
    };
  }

  private List<RejectedEvent> rejected() throws SQLException {
    return new RejectedEvents(database).rejected(Long.MAX_VALUE, null, null, 1_000);
  }

  private RejectedEvent only() throws SQLException {
    List<RejectedEvent> all = rejected();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private ReplayOutcome replay(RejectedEvent rejected) throws SQLException {
    return rejectedEventReplay.replay(rejected.id(), null);
  }

  @Test
  void replay_whatAWrongClockRejected_isCountedOnce_alsoWhenItIsSentAgain() throws Exception {
    List<V2Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(anyEvent());
    }
    byte[] batch = batch(events);
    assertThat(send(batch, now.minus(Duration.ofDays(3))))
        .extracting(IncomingEvent::code)
        .containsOnly("IN_FUTURE");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isZero();

    List<RejectedEvent> rejected = rejected();
    assertThat(rejected).hasSize(EVENTS);
    ExecutorService operators = Executors.newFixedThreadPool(4);
    List<Callable<ReplayOutcome>> all = new ArrayList<>();
    // Each of them twice, at once.
    rejected.forEach(each -> all.addAll(List.of(() -> replay(each), () -> replay(each))));
    int stored = 0;
    for (Future<ReplayOutcome> each : operators.invokeAll(all)) {
      assertThat(each.get()).isInstanceOfAny(Stored.class, Duplicate.class);
      stored += each.get() instanceof Stored ? 1 : 0;
    }
    operators.shutdown();
    long ledger = world.count("SELECT count(*) FROM usage_event");
    assertThat(ledger).as("seed %d", SEED).isEqualTo(stored);

    List<IncomingEvent> again = send(batch, now);
    assertThat(again).extracting(IncomingEvent::fate).containsOnly(IncomingEvent.Fate.DUPLICATE);
    long counted = world.count("SELECT count(*) FROM usage_event");
    assertThat(counted).isEqualTo(ledger);
    assertThat(world.count("SELECT count(DISTINCT seq) FROM usage_event")).isEqualTo(ledger);
    assertThat(world.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(ledger);
    assertThat(
            world.count(
                "SELECT count(*) FROM (SELECT sum(usage) FROM usage_rollup EXCEPT"
                    + " SELECT sum(usage) FROM usage_event) AS differs"))
        .isZero();
    assertThat(new RejectedEvents(database).rejected(Long.MAX_VALUE, null, false, 1_000)).isEmpty();
    Proof.of("replay")
        .with("rejected", EVENTS)
        .with("replayed", EVENTS)
        .with("replays", 2 * EVENTS)
        .with("resent_by_producer", again.size())
        .with("repeats_by_key", EVENTS - ledger)
        .with("ledger", counted)
        .with("double", counted - world.count("SELECT count(DISTINCT seq) FROM usage_event"))
        .with("seed", SEED)
        .print();
  }

  /** The journal of its producer has it too, with the time of the wrong clock. */
  @Test
  void replayAll_withAnOffset_isCountedOnce_alsoWhenItsProducerSendsTheOriginalAgain()
      throws Exception {
    List<V2Event> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(anyEvent());
    }
    byte[] original = batch(events);
    Instant trueTime = now.minus(Duration.ofHours(30));
    assertThat(send(original, trueTime)).extracting(IncomingEvent::code).containsOnly("IN_FUTURE");

    BatchReplays.Order order =
        new BatchReplays.Order(
            new RejectedEvents.Filter("IN_FUTURE", null, STREAM, null, null),
            null,
            -Duration.ofHours(30).toMillis(),
            /* isDryRun= */ false);
    BatchReplays batches =
        new BatchReplays(
            database, new Actor("ann"), new ReplayIntake(LedgerAppender.withoutHooks()));
    BatchReplays.ReplayPage page = batches.replay(order, 0, 100);
    long counted = world.count("SELECT count(*) FROM usage_event");

    assertThat(page.replayed())
        .extracting(BatchReplays.Replayed::outcome)
        .allMatch(outcome -> outcome instanceof Stored || outcome instanceof Duplicate);
    assertThat(send(original, trueTime))
        .extracting(IncomingEvent::fate)
        .containsOnly(IncomingEvent.Fate.DUPLICATE);
    assertThat(send(original, now))
        .extracting(IncomingEvent::fate)
        .containsOnly(IncomingEvent.Fate.DUPLICATE);
    assertThat(world.count("SELECT count(*) FROM conflicting_event")).isZero();
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(counted).isPositive();
    assertThat(
            world.count(
                "SELECT count(*) FROM usage_event WHERE occurred_at > '"
                    + trueTime.plusSeconds(2)
                    + "'"))
        .isZero();
  }

  @Test
  void replay_whatIsStillTooOld_isStillRejected_andStaysAsItWas() throws Exception {
    var unused = send(batch(List.of(anyEvent())), now.plus(Duration.ofDays(401)));
    RejectedEventReplay later =
        new RejectedEventReplay(
            database,
            new Actor("ann"),
            new ReplayIntake(farFuture(), LedgerAppender.withoutHooks()));

    assertThat(later.replay(only().id(), null))
        .isEqualTo(new StillRejected("TOO_OLD", "the event is older than 400 days"));

    assertThat(only().replayed()).isNull();
    assertThat(world.count("SELECT count(*) FROM replay")).isZero();
    assertThat(world.count("SELECT count(*) FROM audit_log")).isZero();
    assertThat(world.count("SELECT count(*) FROM event_identity")).isZero();
  }

  private TimeBounds farFuture() {
    Instant then = now.plus(Duration.ofDays(401));
    return new TimeBounds(
        Duration.ofDays(400), Duration.ofHours(24), Clock.fixed(then, ZoneOffset.UTC));
  }

  private void reject(@Nullable UUID stream, long seq, String code, String content)
      throws SQLException {
    world.execute(
        "INSERT INTO rejected_event (stream, seq, code, detail, content) VALUES ("
            + (stream == null ? "NULL" : "'" + stream + "'")
            + ", "
            + seq
            + ", '"
            + code
            + "', 'd', '"
            + content
            + "')");
  }

  private LongFunction<ReceivedEvent> good(String usage) {
    return seq ->
        ReceivedEvent.read(
            seq,
            RejectedEventJson.event(
                    "{\"ts\":%d,\"key_id\":\"k_1\",\"module\":\"llm\",\"model\":\"m\",\"usage\":%s}"
                        .formatted(now.toEpochMilli(), usage))
                .orElseThrow());
  }

  @Test
  void replay_whatIsNoEventAnyMore_wantsAnotherInItsPlace() throws Exception {
    reject(STREAM, 1, "USAGE_MALFORMED", "{\"api_key\":\"***\",\"usage\":-1}");
    reject(STREAM, 2, "UNKnowN_FIELD", "{\"data\":{\"keyId\":\"***\"},\"colour\":1}");
    reject(STREAM, 3, "METADATA_TOO_LARGE", "{\"key_id\":\"k_1\",\"metadata\":{\"a\":\"xxx");
    reject(STREAM, 4, "MALFORMED", "\"ARRAY\"");
    for (RejectedEvent each : rejected()) {
      assertThat(replay(each)).as(each.code()).isInstanceOf(NotReplayable.class);
    }

    for (RejectedEvent each : rejected()) {
      assertThat(rejectedEventReplay.replay(each.id(), good("0.5"))).isInstanceOf(Stored.class);
      assertThat(rejectedEventReplay.replay(each.id(), good("0.50"))).isEqualTo(new Duplicate());
      assertThat(rejectedEventReplay.replay(each.id(), good("0.75")))
          .isInstanceOfSatisfying(
              StillRejected.class, still -> assertThat(still.code()).isEqualTo("CONFLICT"));
    }

    assertThat(world.count("SELECT count(*) FROM usage_event WHERE app_id = 'acme'")).isEqualTo(4);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(2);
    assertThat(world.count("SELECT count(*) FROM conflicting_event")).isZero();
    assertThat(world.count("SELECT count(*) FROM replay WHERE amended")).isEqualTo(4);
  }

  @Test
  void stream_inTheList_hasStoredWhatIsCounted_withGapsAndRefusalsAndReplays() throws Exception {
    List<V2Event> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(anyEvent());
    }
    var rejected = send(batch(events.subList(0, 20)), now.minus(Duration.ofDays(3)));
    var stored = send(batch(events), now);
    var gap = new IncomingEvent(STREAM, "gateway-1", good("1").apply(60));
    var bad = new IncomingEvent(STREAM, "gateway-1", new ReceivedEvent.Invalid(61, "A", "b", "c"));
    LedgerWriter writer =
        new LedgerWriter(database, TimeBounds.standard(), 3, new Strangers(), Failpoint.Hook.NONE);
    writer.store(List.of(gap, bad));
    writer.disconnect();
    Streams streams = new Streams(database);

    Streams.StreamState counted = streams.one(STREAM).orElseThrow();

    assertThat(List.of(rejected.size(), stored.size())).containsExactly(20, 50);
    assertThat(counted.stored()).isEqualTo(51);
    assertThat(counted.refused()).isEqualTo(21);
    assertThat(counted.gaps()).containsExactly(new SeqRange(51, 59));
    assertThat(streams.after(new UUID(0, 0), 10)).containsExactly(counted);
  }

  @Test
  void replay_malformedInAField_saysStillWhich() throws Exception {
    reject(STREAM, 1, "MODULE_MALFORMED", "{\"key_id\":\"k_1\",\"model\":\"m\",\"usage\":1}");

    assertThat(replay(only()))
        .isEqualTo(
            new StillRejected("MODULE_MALFORMED", "module must be a text of 1 to 256 characters"));
  }

  @Test
  void replay_aMessageThatCouldNotBeRead_isNotPossibleInAnyWay() throws Exception {
    reject(null, 0, "MALFORMED", "12 bytes");

    assertThat(replay(only())).isInstanceOf(NotReplayable.class);
    assertThat(rejectedEventReplay.replay(only().id(), good("1")))
        .isInstanceOf(NotReplayable.class);
  }

  @Test
  void replay_whatTheDatabaseStillRefuses_isStillRejected_andStoredOnceItDoesNot()
      throws Exception {
    IncomingEvent incomingEvent = new IncomingEvent(STREAM, null, good("3").apply(9));
    LedgerWriter writer =
        new LedgerWriter(database, TimeBounds.standard(), 3, new Strangers(), Failpoint.Hook.NONE);
    writer.refuse(incomingEvent);
    writer.disconnect();
    world.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " RAISE EXCEPTION 'no' USING ERRCODE = '22003'; END $$");
    world.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON event_identity FOR EACH ROW"
            + " EXECUTE FUNCTION refuse()");

    assertThat(replay(only()))
        .isInstanceOfSatisfying(
            StillRejected.class, still -> assertThat(still.code()).isEqualTo("NOT_STORABLE"));
    world.execute("DROP TRIGGER refuse ON event_identity");
    assertThat(replay(only()))
        .isInstanceOfSatisfying(
            Stored.class,
            stored -> assertThat(stored.event().usage()).isEqualTo(BigDecimal.valueOf(3)));
    assertThat(only().replayed()).isNotNull();
  }

  @Test
  void event_underTheStreamOfCorrections_isRejected() throws Exception {
    world.execute(
        "INSERT INTO stream (stream_id, uuid) OVERRIDING SYSTEM VALUE VALUES (0, '"
            + STREAM
            + "')");

    List<IncomingEvent> entries = List.of(new IncomingEvent(STREAM, null, good("1").apply(9)));
    LedgerWriter writer =
        new LedgerWriter(database, TimeBounds.standard(), 3, new Strangers(), Failpoint.Hook.NONE);
    writer.store(entries);
    writer.disconnect();

    assertThat(entries).extracting(IncomingEvent::code).containsExactly("STREAM_RESERVED");
    assertThat(new Streams(database).health().missing()).as("below 9").isZero();
    assertThat(replay(only()))
        .isInstanceOfSatisfying(
            StillRejected.class, still -> assertThat(still.code()).isEqualTo("STREAM_RESERVED"));
    assertThat(world.count("SELECT count(*) FROM usage_event")).isZero();
  }
}
