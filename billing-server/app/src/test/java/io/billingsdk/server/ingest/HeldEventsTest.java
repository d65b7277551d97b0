package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.Strangers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that only a clock keeps out. */
@Tag("postgres")
final class HeldEventsTest {
  private static final UUID STREAM = UUID.randomUUID();
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  private final Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
  private World world;
  private Database database;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private static TimeBounds at(Instant clock) {
    return TimeBounds.by(Clock.fixed(clock, ZoneOffset.UTC));
  }

  /** Three events of a time, stored by a server whose clock shows another. */
  private List<IncomingEvent> store(Instant clock, Instant time, @Nullable Long offset)
      throws Exception {
    List<IncomingEvent> entries = new ArrayList<>();
    for (int seq = 1; seq <= 3; seq++) {
      String json =
          "{\"ts\":"
              + time.toEpochMilli()
              + ",\"key_id\":\"k_1\",\"module\":\"llm\",\"model\":\"m\",\"usage\":"
              + seq
              + "}";
      ReceivedEvent event = ReceivedEvent.read(seq, new ObjectMapper().readTree(json));
      entries.add(new IncomingEvent(STREAM, "gateway-1", event).withClock(offset));
    }
    LedgerWriter writer =
        new LedgerWriter(database, at(clock), 3, new Strangers(), Failpoint.Hook.NONE);
    writer.store(entries);
    writer.disconnect();
    return entries;
  }

  private int returned(Instant clock) throws Exception {
    TimeBounds bounds = at(clock);
    try (Returning returning =
        new Returning(database, new ReplayIntake(bounds, LedgerAppender.withoutHooks()), bounds)) {
      return returning.look();
    }
  }

  private long count(String table) throws Exception {
    return world.count("SELECT count(*) FROM " + table);
  }

  @Test
  void store_whenEitherClockMayBeWrong_isForNowOnly() throws Exception {
    List<IncomingEvent> entries = store(now.minus(TWO_DAYS), now, TWO_DAYS.toMillis());

    assertThat(entries).allMatch(IncomingEvent::isHeld);
    assertThat(Receipts.of(entries).get(0).receipt().rejected())
        .containsExactly(
            new Receipt.Rejection(1, "IN_FUTURE", true),
            new Receipt.Rejection(2, "IN_FUTURE", true),
            new Receipt.Rejection(3, "IN_FUTURE", true));
    assertThat(count("held_event")).isEqualTo(3);
    // Again and again, as an SDK does.
    store(now.minus(TWO_DAYS), now, TWO_DAYS.toMillis());
    assertThat(count("held_event")).isEqualTo(3);
    assertThat(returned(now.minus(TWO_DAYS))).isZero();
  }

  @Test
  void look_whenTheClockIsRight_takesThemIn_andTheSdkSendsRepeats() throws Exception {
    store(now.minus(TWO_DAYS), now, TWO_DAYS.toMillis());

    assertThat(returned(now)).isEqualTo(3);
    assertThat(count("usage_event")).isEqualTo(3);
    assertThat(count("held_event")).isZero();
    assertThat(count("audit_log WHERE actor = 'server' AND action = 'rejected.replay'"))
        .isEqualTo(3);
    assertThat(store(now, now, 0L)).extracting(IncomingEvent::fate).containsOnly(Fate.DUPLICATE);
    assertThat(returned(now)).isZero();
  }

  @Test
  void look_whenTheSdkWasFaster_countsNothingTwice() throws Exception {
    store(now.minus(TWO_DAYS), now, TWO_DAYS.toMillis());
    assertThat(store(now, now, 0L)).extracting(IncomingEvent::fate).containsOnly(Fate.COMMITTED);

    returned(now);
    assertThat(count("usage_event")).isEqualTo(3);
    assertThat(count("held_event")).isZero();
  }

  @Test
  void store_whenTheServersClockWasYearsAhead_comesBackToo() throws Exception {
    List<IncomingEvent> entries = store(now.plus(Duration.ofDays(730)), now, -730 * 86_400_000L);

    assertThat(entries).extracting(IncomingEvent::code).containsOnly("TOO_OLD");
    assertThat(entries).allMatch(IncomingEvent::isHeld);
    assertThat(returned(now)).isEqualTo(3);
  }

  @Test
  void store_whenTheSendersClockAgrees_isForGood_andWaitsForACommand() throws Exception {
    List<IncomingEvent> entries = store(now, now.plus(TWO_DAYS), 0L);

    assertThat(entries).noneMatch(IncomingEvent::isHeld);
    assertThat(Receipts.of(entries).get(0).receipt().rejected())
        .noneMatch(Receipt.Rejection::retryable);
    assertThat(count("held_event")).isZero();
    assertThat(returned(now.plus(TWO_DAYS))).isZero();
    assertThat(count("rejected_event")).isEqualTo(3);
  }

  @Test
  void store_whenTheSendersClockIsSetRight_isForGoodFromThenOn() throws Exception {
    store(now, now.plus(TWO_DAYS), TWO_DAYS.toMillis());
    assertThat(count("held_event")).isEqualTo(3);

    assertThat(store(now, now.plus(TWO_DAYS), 0L)).noneMatch(IncomingEvent::isHeld);
    assertThat(count("held_event")).isZero();
    assertThat(returned(now.plus(TWO_DAYS))).isZero();
  }

  @Test
  void store_ofAFarTime_isHeldAndDoesNotComeBack() throws Exception {
    Instant far = Instant.parse("9999-12-31T23:59:59Z");
    assertThat(store(now, far, null)).allMatch(IncomingEvent::isHeld);
    assertThat(returned(now)).isZero();
  }
}
