package io.billingsdk.server.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.outbox.OutboxWorld.Noting;
import io.billingsdk.server.outbox.ParkedEvents.ParkedEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ParkedEventsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration LONG = Duration.ofMinutes(5);

  private final AtomicBoolean broken = new AtomicBoolean(true);
  private final Noting one = new Noting("one", event -> failWhileBroken());
  private final Noting two = new Noting("two", event -> failWhileBroken());
  private OutboxWorld world;
  private ParkedEvents parked;

  @BeforeEach
  void start() throws SQLException {
    world = new OutboxWorld();
    world.know(one, two);
    parked = new ParkedEvents(world.database(), new Actor("ann"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void failWhileBroken() {
    if (broken.get()) {
      throw new IllegalStateException("planted");
    }
  }

  /** Two events at two subscribers, all parked by a server. */
  private void park() {
    world.add("a", 1);
    world.add("b", 2);
    world.server(one, two);
    await().atMost(PATIENCE).until(() -> world.count("state = 'parked'") == 4);
  }

  @Test
  void oldest_ofParkedEvents_saysWhichAndWhy() {
    park();
    assertThat(parked.oldest(null))
        .extracting(ParkedEvent::subscriber, ParkedEvent::subject, ParkedEvent::problem)
        .containsExactly(
            tuple("one", "a", "IllegalStateException: planted"),
            tuple("two", "a", "IllegalStateException: planted"),
            tuple("one", "b", "IllegalStateException: planted"),
            tuple("two", "b", "IllegalStateException: planted"));
    assertThat(parked.oldest("two"))
        .hasSize(2)
        .allMatch(each -> each.attempts() == OutboxWorld.QUICK.attempts())
        .allMatch(each -> each.kind().equals(OutboxWorld.KIND));
    assertThat(parked.oldest("none")).isEmpty();
  }

  @Test
  void retry_ofOne_deliversThatOneAlone_andIsInTheAuditLog() throws Exception {
    park();
    broken.set(false);
    long position = parked.oldest("one").get(0).position();

    assertThat(parked.retry("one", position)).hasSize(1);

    await().atMost(PATIENCE).until(() -> !one.given().isEmpty());
    assertThat(one.payloads()).containsExactly("{\"n\": 1}");
    await().atMost(PATIENCE).until(() -> world.count("state = 'delivered'") == 1);
    assertThat(world.count("state = 'parked'")).isEqualTo(3);
    assertThat(new AuditLog(world.database()).before(Long.MAX_VALUE, 10))
        .extracting(
            AuditLog.AuditEntry::actor, AuditLog.AuditEntry::action, AuditLog.AuditEntry::subject)
        .containsExactly(tuple("ann", "outbox.retry", "one/" + position));
  }

  @Test
  void retry_ofAll_deliversAll_alsoWithAllOfTheirAttempts() throws Exception {
    park();
    assertThat(parked.retry(null, null)).hasSize(4);
    // Still broken: each has all of its attempts again, and is parked again.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                world.count(
                        "state = 'parked' AND attempts - spent = " + OutboxWorld.QUICK.attempts())
                    == 4);
    broken.set(false);
    assertThat(parked.retry(null, null)).hasSize(4);
    await().atMost(PATIENCE).until(() -> world.count("state = 'delivered'") == 4);
    assertThat(parked.oldest(null)).isEmpty();
  }

  @Test
  void retry_whileALaterEventOfTheSubjectIsDelivered_waitsForIt() throws Exception {
    DeliveryRows server = new DeliveryRows(world.database(), "one");
    world.add("a", 1);
    assertThat(server.parked(server.take(LONG).orElseThrow(), "planted")).isTrue();
    world.add("a", 2);
    DeliveredEvent later = server.take(LONG).orElseThrow();

    assertThat(parked.retry("one", null)).hasSize(1);

    DeliveryRows other = new DeliveryRows(world.database(), "one");
    assertThat(other.take(LONG)).isEmpty();
    assertThat(server.delivered(later)).isTrue();
    assertThat(other.take(LONG).orElseThrow().event().payload()).isEqualTo("{\"n\": 1}");
  }

  @Test
  void retry_whileALaterEventOfTheSubjectWaitsForItsNextAttempt_goesFirst() throws Exception {
    DeliveryRows server = new DeliveryRows(world.database(), "one");
    world.add("a", 1);
    assertThat(server.parked(server.take(LONG).orElseThrow(), "planted")).isTrue();
    world.add("a", 2);
    assertThat(server.again(server.take(LONG).orElseThrow(), "planted", LONG)).isTrue();

    assertThat(parked.retry("one", null)).hasSize(1);

    assertThat(server.take(LONG).orElseThrow().event().payload()).isEqualTo("{\"n\": 1}");
  }

  /** The server that was too slow has the number of an attempt that no other one gets. */
  @Test
  void retry_givesNewNumbers_soThatASlowServerNotesNothing() throws Exception {
    DeliveryRows slow = new DeliveryRows(world.database(), "one");
    world.add("a", 1);
    DeliveredEvent first = slow.take(Duration.ZERO).orElseThrow();
    DeliveryRows other = new DeliveryRows(world.database(), "one");
    assertThat(other.parked(other.take(LONG).orElseThrow(), "planted")).isTrue();
    assertThat(parked.retry("one", null)).hasSize(1);
    DeliveredEvent again = other.take(LONG).orElseThrow();

    assertThat(slow.delivered(first)).isFalse();
    assertThat(again.attempt()).isEqualTo(3);
    assertThat(again.turn()).isEqualTo(1);
    assertThat(other.delivered(again)).isTrue();
  }

  @Test
  void retry_ofWhatIsNotParked_isRefused_andChangesNothing() throws Exception {
    world.add("a", 1);
    for (Long position : new Long[] {1L, 99L, null}) {
      assertThatThrownBy(() -> parked.retry("one", position))
          .isInstanceOf(RequestRefusedException.class)
          .hasMessageContaining("is parked of the subscriber one");
    }
    assertThat(world.count("state = 'pending'")).isEqualTo(2);
    assertThat(new AuditLog(world.database()).before(Long.MAX_VALUE, 10)).isEmpty();
  }
}
