package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A feature above the ledger, with a table of its own that follows it. */
@Tag("postgres")
class AppendHookTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final UUID stream = UUID.randomUUID();
  private final long now = Instant.now().truncatedTo(ChronoUnit.HOURS).toEpochMilli();
  private World world;
  private Database database;

  /** Sums the usage of each app, and fails as often as it is to. */
  private static final class Meter implements AppendHook {
    private final List<AppendedEvent> seen = new ArrayList<>();
    private final AtomicInteger failures;

    Meter(int failures) {
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public String name() {
      return "meter";
    }

    @Override
    public synchronized void appended(Connection transaction, List<AppendedEvent> rows)
        throws SQLException {
      try (PreparedStatement add =
          transaction.prepareStatement(
              "INSERT INTO app_total AS m VALUES (?, ?)"
                  + " ON CONFLICT (app_id) DO UPDATE SET usage = m.usage + excluded.usage")) {
        for (AppendedEvent each : rows) {
          if (each.app() != null) {
            add.setString(1, each.app());
            add.setBigDecimal(2, each.usage());
            add.addBatch();
          }
        }
        add.executeBatch();
      }
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("planted");
      }
      seen.addAll(rows);
    }
  }

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    world.execute(
        """
        CREATE TABLE app_total (app_id text PRIMARY KEY, usage numeric NOT NULL);
        GRANT SELECT, INSERT, UPDATE ON app_total TO billing_server;
        """);
    database = world.database();
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private IncomingEvent entry(long seq, String key) {
    byte[] hash = new byte[16];
    hash[0] = (byte) seq;
    return new IncomingEvent(
        stream,
        "instance-1",
        new ReceivedEvent.Valid(
            seq,
            new KeyRef.KeyId(key),
            "llm",
            "gpt-4",
            new BigDecimal("1.5"),
            now,
            "{\"region\":\"eu\"}",
            null,
            Map.of(),
            UsedBy.UNKNOWN,
            ContentHash.ofBytes(hash)));
  }

  private LedgerWriter writer(AppendHook hook) {
    return new LedgerWriter(
        database,
        new LedgerAppender(List.of(hook)),
        TimeBounds.standard(),
        /* shard= */ 0,
        new RowAllowance(),
        new Strangers(),
        Failpoint.Hook.NONE);
  }

  private void assertMeter(String usage) throws SQLException {
    assertThat(
            world.count(
                "SELECT count(*) FROM app_total WHERE app_id = 'acme' AND usage = " + usage))
        .as("the meter of acme is %s", usage)
        .isOne();
    assertThat(
            world.count(
                "SELECT count(*) FROM (SELECT sum(usage) FROM usage_event_attributed WHERE app_id ="
                    + " 'acme') AS s (usage) WHERE usage = "
                    + usage))
        .as("the ledger of acme is %s", usage)
        .isOne();
  }

  @Test
  void appended_batchCorrectionAndAttribution_theTableFollowsTheLedger() throws Exception {
    Meter meter = new Meter(0);
    LedgerAppender appender = new LedgerAppender(List.of(meter));
    LedgerWriter writer = writer(meter);
    writer.store(List.of(entry(1, "k_1"), entry(2, "k_1"), entry(2, "k_1"), entry(3, "k_lost")));
    writer.store(List.of(entry(1, "k_1")));
    assertMeter("3");
    long cut = new Cuts(database).make();
    var made =
        new Corrections(database, new Actor("ann"), appender)
            .correct(
                new EventRef(stream, 1, Instant.ofEpochMilli(now)), new BigDecimal("0.25"), "no");
    assertThat(made).isInstanceOf(Corrections.Made.class);
    assertMeter("1.75");
    new Attributions(database, new Actor("ann"), appender)
        .toApp(new Attributions.Named("k_lost", null), "acme", "k_1", "theirs");
    assertMeter("3.25");
    writer.disconnect();

    assertThat(meter.seen)
        .extracting(AppendedEvent::kind, AppendedEvent::app, each -> each.cutNo() - cut)
        .containsExactly(
            tuple(AppendedEvent.AppendKind.EVENT, "acme", 0L),
            tuple(AppendedEvent.AppendKind.EVENT, "acme", 0L),
            tuple(AppendedEvent.AppendKind.EVENT, null, 0L),
            tuple(AppendedEvent.AppendKind.CORRECTION, "acme", 1L),
            tuple(AppendedEvent.AppendKind.ATTRIBUTION, "acme", 1L));
    assertThat(meter.seen).allMatch(each -> String.valueOf(each.metadata()).contains("eu"));
  }

  @Test
  void appended_thatThrows_nothingIsStored_andTheSameBatchIsStoredLater() throws Exception {
    LedgerWriter writer = writer(new Meter(1));
    List<IncomingEvent> batch = List.of(entry(1, "k_1"), entry(2, "k_1"));

    assertThatThrownBy(() -> writer.store(batch)).hasMessage("planted");
    for (String table :
        List.of("usage_event", "event_identity", "usage_rollup_shard", "stream", "app_total")) {
      assertThat(world.count("SELECT count(*) FROM " + table)).as(table).isZero();
    }
    writer.store(batch);
    assertMeter("3");
    writer.disconnect();
  }

  @Test
  void appended_thatThrowsInALane_theBatchIsTriedAgain_andAcknowledgedOnce() throws Exception {
    Meter meter = new Meter(2);
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicBoolean early = new AtomicBoolean();
    try (CollectorLanes collectorLanes =
        new CollectorLanes(
            database,
            new LedgerAppender(List.of(meter)),
            receipts -> early.set(early.get() || meter.failures.get() > 0),
            TailSink.NONE,
            new CollectorCounts(),
            Failpoint.Hook.NONE,
            TimeBounds.standard())) {
      collectorLanes.start();
      collectorLanes.arrived(
          new IncomingMessage(
                  "topic",
                  1,
                  "instance-1",
                  List.of(entry(1, "k_1")),
                  null,
                  true,
                  acknowledged::incrementAndGet)
              .from(new Sender("instance-1", 1)));
      await().atMost(PATIENCE).until(() -> acknowledged.get() > 0);
    }
    assertThat(early).as("a receipt before the hook succeeded").isFalse();
    assertThat(acknowledged).hasValue(1);
    assertMeter("1.5");
  }

  @Test
  void hooks_inWhateverOrderTheyAreGiven_areCalledByTheirNames() throws Exception {
    List<String> called = new ArrayList<>();
    LedgerAppender appender =
        new LedgerAppender(List.of(named("b", called), named("c", called), named("a", called)));
    LedgerWriter writer =
        new LedgerWriter(
            database,
            appender,
            TimeBounds.standard(),
            /* shard= */ 0,
            new RowAllowance(),
            new Strangers(),
            Failpoint.Hook.NONE);
    writer.store(List.of(entry(1, "k_1")));
    writer.disconnect();
    assertThat(called).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> new LedgerAppender(List.of(named("a", called), named("a", called))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two have the name a");
  }

  private static AppendHook named(String name, List<String> called) {
    return new AppendHook() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void appended(Connection transaction, List<AppendedEvent> rows) {
        called.add(name);
      }
    };
  }
}
