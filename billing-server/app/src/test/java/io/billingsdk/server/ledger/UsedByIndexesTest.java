package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.ledger.UsageEvents.PageQuery;
import io.billingsdk.testbed.Proof;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Queries for a subject, a session or an execution use its index, over a ledger of 100,000 events
 * in one month: 5,000 subjects all over it, and sessions and executions of 20 events each.
 */
@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class UsedByIndexesTest {
  private static final int EVENTS = 100_000;
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-01-31T00:00:00Z");

  private Database database;

  @BeforeAll
  void fill() throws SQLException {
    World world = Testbed.get().world();
    database = world.database();
    world.execute(
        """
        INSERT INTO app (app_id, name) VALUES ('acme', 'Acme');
        INSERT INTO stream (uuid, instance, highest_seq) VALUES (gen_random_uuid(), 'g', 1);
        SELECT ensure_partition('2026-01-15T00:00:00Z');
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage,
          subject, session, execution)
        SELECT '2026-01-01T00:00:00Z'::timestamptz + n * interval '12 seconds', stream_id, n,
          'acme', 'k_1', 'llm', 'gpt-4', 1, 'user-' || n * 7919::bigint %% 5000,
          'session-' || n / 20, 'run-' || n / 20
        FROM stream, generate_series(1, %d) AS n WHERE instance = 'g';
        """
            .formatted(EVENTS));
    // As autovacuum does later: it makes the summaries of pages, and the figures for the planner.
    world.execute("VACUUM ANALYZE usage_event");
  }

  @AfterAll
  void close() {
    database.close();
  }

  private static EventFilter filter(String field, String value, @Nullable String app) {
    return new EventFilter(
        app,
        null,
        null,
        null,
        Map.of(),
        /* unattributed= */ false,
        field.equals("subject") ? value : null,
        field.equals("session") ? value : null,
        field.equals("execution") ? value : null);
  }

  @ParameterizedTest
  @CsvSource({
    "subject, user-42, ",
    "subject, user-42, acme",
    "session, session-471, ",
    "session, session-471, acme",
    "execution, run-471, ",
    "execution, run-471, acme"
  })
  void events_andTotals_ofWhoUsedIt_readTheIndexOfIt(
      String field, String value, @Nullable String app) {
    EventFilter filter = filter(field, value, app);
    PageQuery page = new PageQuery(filter, FROM, TO, null, 100);
    String events = plan(UsageEvents.addPage(explain(), page, FROM, TO, 101));
    TotalsQuery query =
        new TotalsQuery(FROM, TO, Bucket.MONTH, ZoneOffset.UTC, List.of(), filter, List.of());
    List<Instant> buckets = query.bucket().beginnings(FROM, TO, query.zone());
    String totals =
        plan(UsageTotals.addTotals(explain(), query, buckets, Spans.ofEvents(FROM, TO)));

    String index = "usage_event_2026_01_" + field + "_idx";
    assertThat(events).contains(index).doesNotContain("Seq Scan on usage_event_2026_01");
    assertThat(totals).contains(index).doesNotContain("Seq Scan on usage_event_2026_01");
    assertThat(new UsageEvents(database).page(page).events())
        .as("what the index finds")
        .hasSize(20)
        .allMatch(event -> value.equals(valueOf(field, event.details())));
    Proof.of("used-by-index")
        .with("events", EVENTS)
        .with("filter", field)
        .with("app", app == null ? "any" : app)
        .with("index", index)
        .with("found", 20)
        .print();
  }

  /** A plan that is asked for as the others, and must not use those indexes. */
  @Test
  void events_ofAModel_readNoneOfTheseIndexes() {
    EventFilter filter =
        new EventFilter("acme", null, null, "gpt-4", Map.of(), /* unattributed= */ false);
    PageQuery page = new PageQuery(filter, FROM, TO, null, 100);
    assertThat(plan(UsageEvents.addPage(explain(), page, FROM, TO, 101)))
        .doesNotContain("_subject_idx", "_session_idx", "_execution_idx");
  }

  private static @Nullable String valueOf(String field, EventDetails details) {
    return switch (field) {
      case "subject" -> details.subject();
      case "session" -> details.session();
      default -> details.execution();
    };
  }

  private static Sql explain() {
    return new Sql().add("EXPLAIN (COSTS OFF)");
  }

  private String plan(Sql sql) {
    return database.read(handle -> String.join("\n", sql.query(handle).mapTo(String.class).list()));
  }
}
