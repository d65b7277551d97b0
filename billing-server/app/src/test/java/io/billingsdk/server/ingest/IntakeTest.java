package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Intake.Outcome;
import io.billingsdk.server.ingest.Intake.Status;
import io.billingsdk.server.ingest.Intake.UnavailableException;
import io.billingsdk.server.ingest.Testbed.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class IntakeTest {
  private World world;
  private Database database;
  private TestIntake testbed;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    world.execute("INSERT INTO app (app_id, name) VALUES ('acme', 'Acme')");
    world.execute(
        "INSERT INTO api_key (key_id, sha256, app_id, version)"
            + " VALUES ('k1', sha256('k1'), 'acme', 1)");
    database = world.database();
    testbed = TestIntake.over(database);
  }

  @AfterEach
  void stop() {
    testbed.close();
    database.close();
  }

  @Test
  void events_thatAreGood_areCommittedWhenItReturns() throws Exception {
    List<Outcome> outcomes =
        testbed.intake().store(List.of(event(1, null), event(2, null), event(3, null)));

    assertThat(outcomes).extracting(Outcome::status).containsOnly(Status.STORED);
    assertThat(world.count("SELECT count(*) FROM usage_event WHERE app_id = 'acme'")).isEqualTo(3);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(6);
  }

  @Test
  void eventsOfAllOutcomes_inOneRequest_eachHaveTheirOwn() throws Exception {
    var unused = testbed.intake().store(List.of(event(1, "before")));
    List<Outcome> outcomes =
        testbed
            .intake()
            .store(List.of(event(1, "before"), event(-1, null), event(1, "new"), event(1, "new")));

    assertThat(outcomes)
        .extracting(Outcome::status)
        .containsExactly(Status.DUPLICATE, Status.REJECTED, Status.STORED, Status.DUPLICATE);
    assertThat(outcomes.get(1).code()).isEqualTo("USAGE_MALFORMED");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(2);
    assertThat(world.count("SELECT count(*) FROM rejected_event")).isEqualTo(1);
  }

  @Test
  void events_sentByManyAtOnceUnderTheSameKeys_areCountedOnce() throws Exception {
    int keys = 50;
    ExecutorService senders = Executors.newFixedThreadPool(8);
    List<Callable<List<Outcome>>> sends = new ArrayList<>();
    for (int sender = 0; sender < 8; sender++) {
      List<SentEvent> events = new ArrayList<>();
      for (int key = 0; key < keys; key++) {
        // Not in one order: two transactions must not wait for each other in a circle.
        events.add(event(1, "key-" + (key * (2 * sender + 1)) % keys));
      }
      sends.add(() -> testbed.intake().store(events));
    }
    long stored = 0;
    for (Future<List<Outcome>> each : senders.invokeAll(sends)) {
      stored += each.get().stream().filter(o -> o.status() == Status.STORED).count();
    }
    senders.shutdown();

    long distinct = world.count("SELECT count(DISTINCT idempotency_key) FROM usage_event");
    assertThat(stored).isEqualTo(distinct);
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(distinct);
    assertThat(world.count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(distinct);
  }

  @Test
  void events_whileTheDatabaseDoesNotAnswer_haveNoOutcome_andAreCountedOnceWhenSentAgain()
      throws Exception {
    // As with a database that is away: what is taken in stays where it is.
    try (TestIntake idle = TestIntake.idle(database)) {
      assertThatThrownBy(() -> idle.intake().store(List.of(event(1, "again"))))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("the database does not answer");
    }
    assertThat(testbed.intake().store(List.of(event(1, "again"))))
        .extracting(Outcome::status)
        .containsExactly(Status.STORED);
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(1);
  }

  @Test
  void events_beyondWhatMayWait_areTurnedAway() {
    TestIntake idle = TestIntake.idle(database);
    List<SentEvent> many = new ArrayList<>();
    for (int i = 0; i < Intake.WAITING; i++) {
      many.add(event(1, null));
    }
    assertThatThrownBy(() -> idle.intake().store(many)).hasMessage("the database does not answer");
    assertThatThrownBy(() -> idle.intake().store(List.of(event(1, null))))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("too many events wait for the database");
  }

  private static SentEvent event(int usage, @Nullable String idempotencyKey) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("key_id", "k1").put("module", "llm").put("model", "gpt-4").put("usage", usage);
    event.put("ts", System.currentTimeMillis());
    if (idempotencyKey != null) {
      event.put("idempotency_key", idempotencyKey);
    }
    return SentEvent.of(seq -> ReceivedEvent.read(seq, event), /* timed= */ false);
  }
}
