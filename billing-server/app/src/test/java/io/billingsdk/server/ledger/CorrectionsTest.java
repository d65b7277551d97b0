package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.ingest.LedgerLoader;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Corrections.CorrectionOutcome;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.Corrections.Made;
import io.billingsdk.server.ledger.Corrections.Unchanged;
import io.billingsdk.server.ledger.UsageEvents.PageQuery;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over events that transactions of the collector stored. */
@Tag("postgres")
class CorrectionsTest {
  private static final int THREADS = 12;
  private static final int EVENTS = 5;
  private static final int EACH = 20;
  private static final long SEED = Long.getLong("corrections.seed", System.nanoTime());
  private static final String ROLLUPS = "SELECT 1000 * coalesce(sum(usage), 0) FROM usage_rollup";
  private static final String LEDGER =
      "SELECT 1000 * coalesce(sum(usage), 0) FROM usage_event_attributed";

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private World world;
  private Database database;
  private LedgerLoader loader;
  private Corrections corrections;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    loader = new LedgerLoader(database, now);
    corrections = new Corrections(database, new Actor("ann"), LedgerAppender.withoutHooks());
  }

  @AfterEach
  void stop() {
    loader.close();
    database.close();
  }

  private EventRef event(String key, String usage) throws Exception {
    long seq = loader.add(key, "llm", "gpt-4", new BigDecimal(usage), now, "{\"region\":\"eu\"}");
    loader.flush();
    return new EventRef(loader.stream(), seq, now);
  }

  private CorrectionOutcome correct(EventRef event, String usage) throws SQLException {
    return corrections.correct(event, new BigDecimal(usage), "wrong price");
  }

  private Correction made(EventRef event, String usage) throws SQLException {
    return ((Made) correct(event, usage)).correction();
  }

  private void assertUsage(String app, long thousandths) throws SQLException {
    String where = " WHERE app_id = '" + app + "'";
    assertThat(world.count(ROLLUPS + where)).as("rollups").isEqualTo(thousandths);
    assertThat(world.count(LEDGER + where)).as("events").isEqualTo(thousandths);
  }

  private List<StoredEvent> listed() throws SQLException {
    Instant from = now.minus(Duration.ofHours(1));
    return new UsageEvents(database)
        .page(new PageQuery(EventFilter.ALL, from, now.plusSeconds(1), null, 100))
        .events();
  }

  @Test
  void correct_anEvent_itAmountsToWhatWasSaid_andStaysAsItWas() throws Exception {
    EventRef event = event("k_1", "10.5");
    Correction first = made(event, "7.25");
    Correction second = made(event, "9");

    assertThat(first.difference()).isEqualByComparingTo("-3.25");
    assertThat(second.difference()).isEqualByComparingTo("1.75");
    assertUsage("acme", 9_000);
    assertThat(world.count("SELECT sum(events) FROM usage_rollup")).isEqualTo(1);
    assertThat(listed())
        .extracting(StoredEvent::usage)
        .usingElementComparator(BigDecimal::compareTo)
        .containsExactlyInAnyOrder(new BigDecimal("10.5"), first.difference(), second.difference());
    assertThat(listed())
        .filteredOn(each -> each.corrects() != null)
        .allSatisfy(
            each -> {
              assertThat(each.corrects()).isEqualTo(event);
              assertThat(each.app()).isEqualTo("acme");
              assertThat(each.key()).isEqualTo("k_1");
              assertThat(each.metadata()).isEqualTo("{\"region\": \"eu\"}");
            })
        .hasSize(2);
    assertThat(corrections.before(null, Long.MAX_VALUE, 10)).containsExactly(second, first);
    assertThat(corrections.before("acme", second.itself().seq(), 10)).containsExactly(first);
    assertThat(corrections.before("other", Long.MAX_VALUE, 10)).isEmpty();
    assertThat(world.count("SELECT count(*) FROM audit_log WHERE action = 'usage.correct'"))
        .isEqualTo(2);
  }

  @Test
  void correct_toWhatItIs_doesNothing_andToNothing_cancelsIt() throws Exception {
    EventRef event = event("k_1", "10.50");

    assertThat(correct(event, "10.5")).isEqualTo(new Unchanged(new BigDecimal("10.50")));
    assertThat(made(event, "0").difference()).isEqualByComparingTo("-10.5");
    assertThat(correct(event, "0.00")).isInstanceOf(Unchanged.class);

    assertUsage("acme", 0);
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(2);
    assertThat(world.count("SELECT count(*) FROM event_identity")).isEqualTo(2);
  }

  @Test
  void correct_anEventThatWasAttributed_isOfItsApp() throws Exception {
    EventRef event = event("k_lost", "4");
    assertThatThrownBy(() -> correct(event, "3"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("attribute it before");
    var unused =
        new Attributions(database, Actor.commandLine(), LedgerAppender.withoutHooks())
            .toApp(new Named("k_lost", null), "acme", null, "theirs");

    assertThat(made(event, "3").app()).isEqualTo("acme");

    assertUsage("acme", 3_000);
    assertThat(
            new Attributions(database, Actor.commandLine(), LedgerAppender.withoutHooks())
                .unknown())
        .isEmpty();
  }

  @Test
  void correct_whatCannotBe_saysWhy_andChangesNothing() throws Exception {
    EventRef event = event("k_1", "5");
    EventRef correction = made(event, "6").itself();
    long rows = world.count("SELECT count(*) FROM usage_event");

    assertThatThrownBy(() -> correct(correction, "1"))
        .hasMessageContaining("a correction itself")
        .hasMessageContaining(event.stream() + ", seq " + event.seq());
    assertThatThrownBy(
            () -> correct(new EventRef(event.stream(), event.seq(), now.minusMillis(1)), "1"))
        .hasMessageContaining("the ledger has no event " + event.seq());
    assertThatThrownBy(() -> correct(new EventRef(event.stream(), 99, now), "1"))
        .hasMessageContaining("the ledger has no event 99");
    assertThatThrownBy(() -> correct(new EventRef(UUID.randomUUID(), 1, now), "1"))
        .hasMessageContaining("the ledger has no event");
    assertThatThrownBy(() -> correct(event, "-1")).hasMessageContaining("usage must be");
    assertThatThrownBy(() -> correct(event, "1e-600")).hasMessageContaining("usage must be");
    assertThatThrownBy(() -> corrections.correct(event, BigDecimal.ONE, " "))
        .hasMessageContaining("reason must be");
    assertThat(world.count("SELECT count(*) FROM usage_event")).isEqualTo(rows);
    assertUsage("acme", 6_000);
  }

  @Test
  void correct_byManyAtOnce_isExact() throws Exception {
    List<EventRef> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(event("k_1", "100.125"));
    }
    ExecutorService operators = Executors.newFixedThreadPool(THREADS);
    List<Callable<Integer>> all = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      Random random = new Random(SEED + thread);
      all.add(() -> someCorrections(events, random));
    }
    int made = 0;
    for (Future<Integer> each : operators.invokeAll(all)) {
      made += each.get();
    }
    operators.shutdown();

    assertThat(world.count("SELECT count(*) FROM correction")).isEqualTo(made);
    assertThat(world.count("SELECT max(seq) FROM correction")).isEqualTo(made);
    long wrong = world.count(WRONG);
    assertThat(wrong).as("seed %d", SEED).isZero();
    assertUsage("acme", world.count(LAST));
    Proof.of("corrections")
        .with("threads", THREADS)
        .with("events", EVENTS)
        .with("corrections", made)
        .with("unchanged", THREADS * EACH - made)
        .with("wrong", wrong)
        .with("seed", SEED)
        .print();
  }

  /** Events whose rows do not add up to what their last correction says. */
  private static final String WRONG =
      """
      SELECT count(*) FROM (
        SELECT o.usage + (SELECT sum(e.usage) FROM correction c JOIN usage_event e
            USING (stream_id, seq) WHERE c.corrects_stream_id = o.stream_id
              AND c.corrects_seq = o.seq) AS amount,
          (SELECT usage FROM correction c WHERE c.corrects_stream_id = o.stream_id
            AND c.corrects_seq = o.seq ORDER BY c.seq DESC LIMIT 1) AS said
        FROM usage_event o WHERE stream_id <> 0) AS sums WHERE amount IS DISTINCT FROM said
      """;

  private static final String LAST =
      "SELECT 1000 * sum(usage) FROM (SELECT DISTINCT ON (corrects_stream_id, corrects_seq) usage"
          + " FROM correction ORDER BY corrects_stream_id, corrects_seq, seq DESC) AS last";

  private int someCorrections(List<EventRef> events, Random random) throws SQLException {
    int made = 0;
    for (int i = 0; i < EACH; i++) {
      BigDecimal usage = BigDecimal.valueOf(random.nextInt(200), random.nextInt(3));
      EventRef event = events.get(random.nextInt(events.size()));
      made += corrections.correct(event, usage, "wrong price") instanceof Made ? 1 : 0;
    }
    return made;
  }

  @Test
  void correct_crashBeforeItsEnd_leavesNothing() throws Exception {
    EventRef event = event("k_1", "5");
    world.execute(
        "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
            + " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$");
    world.execute(
        "CREATE TRIGGER crash BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION crash()");
    assertThatThrownBy(() -> correct(event, "6")).isInstanceOf(DatabaseException.class);
    world.execute("DROP TRIGGER crash ON audit_log");
    assertUsage("acme", 5_000);
    assertThat(world.count("SELECT count(*) FROM correction")).isZero();

    assertThat(made(event, "6").itself().seq()).isEqualTo(1);
    assertUsage("acme", 6_000);
  }

  @Test
  void stream_ofCorrections_isNoneOfTheProducers() throws Exception {
    EventRef event = event("k_1", "5");
    EventRef correction = made(event, "6").itself();

    assertThat(new Streams(database).all())
        .extracting(Streams.StreamState::stream)
        .containsExactly(loader.stream());
    assertThat(new Streams(database).one(correction.stream())).isEmpty();
  }

  @Test
  void lookup_readsTheMonthOfTheEvent_andNoOther() throws Exception {
    EventRef event = event("k_1", "5");
    for (int months = 1; months < 6; months++) {
      loader.add("k_1", "llm", "m", BigDecimal.ONE, now.minus(Duration.ofDays(30L * months)), null);
    }
    loader.flush();

    List<String> scans = scans(event);

    String month = DateTimeFormatter.ofPattern("uuuu_MM").format(now.atOffset(ZoneOffset.UTC));
    assertThat(scans).isNotEmpty().allMatch(line -> line.contains("usage_event_" + month));
    assertThat(scans).noneMatch(line -> line.contains("Seq Scan"));
  }

  /** What the look-up of an event read. */
  private List<String> scans(EventRef event) {
    List<String> plan =
        database.read(
            handle ->
                handle
                    .createQuery("EXPLAIN ANALYZE " + CorrectionRows.FIND)
                    .bind("at", event.occurredAt())
                    .bind("seq", event.seq())
                    .bind("uuid", event.stream())
                    .mapTo(String.class)
                    .list());
    return plan.stream()
        .filter(line -> line.contains(" on usage_event_") && !line.contains("never executed"))
        .toList();
  }
}
