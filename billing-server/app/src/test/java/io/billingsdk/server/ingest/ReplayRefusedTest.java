package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.Strangers;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A replay of an event that is still refused, or whose kept content is no event: nothing is
 * counted, and the answer says why.
 */
class ReplayRefusedTest extends ReplayFixture {
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
}
