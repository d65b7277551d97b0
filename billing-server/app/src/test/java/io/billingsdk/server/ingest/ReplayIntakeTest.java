package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.testbed.Proof;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Events that the collector rejected, as the bytes of a producer came, and their way back. */
class ReplayIntakeTest extends ReplayFixture {
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

  /** A lease that still lives is settled by what is replayed. */
  @Test
  void replay_ofAnEventThatLeasesHaveAdmitted_namesThemAgain() throws Exception {
    V2Event plain = anyEvent(random, null);
    List<String> leases = List.of("0199000000000000-9", "0199000000000000-a");
    V2Event admitted =
        new V2Event(
            new KeyRef.KeyId("k_1"),
            plain.module(),
            plain.model(),
            plain.usage(),
            plain.timestampMillis(),
            plain.metadata(),
            plain.idempotencyKey(),
            plain.quantities(),
            plain.usedBy(),
            leases);
    var unused = send(batch(List.of(admitted)), now.minus(Duration.ofDays(3)));
    List<AppendedEvent> appended = new ArrayList<>();
    LedgerAppender appender = new LedgerAppender(List.of(keeping(appended)));
    new RejectedEventReplay(database, new Actor("ann"), new ReplayIntake(appender))
        .replay(only().id(), null);

    assertThat(appended).extracting(AppendedEvent::admission).containsExactly(leases);
    assertThat(send(batch(List.of(admitted)), now))
        .as("sent again")
        .extracting(IncomingEvent::fate)
        .containsExactly(IncomingEvent.Fate.DUPLICATE);
  }

  private static LedgerAppender.AppendHook keeping(List<AppendedEvent> all) {
    return new LedgerAppender.AppendHook() {
      @Override
      public String name() {
        return "keeping";
      }

      @Override
      public void appended(Connection transaction, List<AppendedEvent> rows) {
        all.addAll(rows);
      }
    };
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
