package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEvents;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.Strangers;
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
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** A ledger with rejected events of one stream, and their replay. */
@Tag("postgres")
abstract class ReplayFixture {
  static final int EVENTS = 400;
  static final long SEED = Long.getLong("replay.seed", System.nanoTime());
  static final UUID STREAM = UUID.randomUUID();

  final Instant now = Instant.now();
  final Random random = new Random(SEED);
  World world;
  Database database;
  RejectedEventReplay rejectedEventReplay;

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
  List<IncomingEvent> send(byte[] batch, Instant clock) throws Exception {
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

  byte[] batch(List<V2Event> events) throws Exception {
    BatchWriter batch = new BatchWriter(STREAM, now.toEpochMilli(), Bounds.BATCH_BYTES);
    for (int i = 0; i < events.size(); i++) {
      assertThat(batch.add(i + 1, V2Codec.encode(events.get(i)).orElseThrow())).isTrue();
    }
    return batch.toBytes();
  }

  /** Under one key it says the same each time: anything else would be a conflict. */
  V2Event anyEvent() {
    int call = random.nextInt(EVENTS);
    return random.nextBoolean()
        ? anyEvent(random, null)
        : anyEvent(new Random(SEED + call), "call-" + call);
  }

  V2Event anyEvent(Random random, @Nullable String idempotencyKey) {
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

  static Object anyValue(Random random) {
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

  List<RejectedEvent> rejected() throws SQLException {
    return new RejectedEvents(database).rejected(Long.MAX_VALUE, null, null, 1_000);
  }

  RejectedEvent only() throws SQLException {
    List<RejectedEvent> all = rejected();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  ReplayOutcome replay(RejectedEvent rejected) throws SQLException {
    return rejectedEventReplay.replay(rejected.id(), null);
  }

  LongFunction<ReceivedEvent> good(String usage) {
    return seq ->
        ReceivedEvent.read(
            seq,
            RejectedEventJson.event(
                    "{\"ts\":%d,\"key_id\":\"k_1\",\"module\":\"llm\",\"model\":\"m\",\"usage\":%s}"
                        .formatted(now.toEpochMilli(), usage))
                .orElseThrow());
  }
}
