package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.LedgerLoader;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ledger.SampleLedger.Sample;
import io.billingsdk.server.ledger.UsageEvents.EventPage;
import io.billingsdk.server.ledger.UsageEvents.PageQuery;
import io.billingsdk.server.ledger.UsageEvents.Position;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over a ledger that real transactions of the collector filled. */
@Tag("postgres")
class UsageEventsTest {
  private static final int EVENTS = 3_000;
  private static final long SEED = Long.getLong("events.seed", System.nanoTime());

  private final Random random = new Random(SEED);
  private Database database;
  private SampleLedger ledger;
  private UsageEvents events;

  @BeforeEach
  void fill() throws Exception {
    database = Testbed.get().world().database();
    ledger = SampleLedger.fill(database, random, EVENTS);
    events = new UsageEvents(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static PageQuery query(EventFilter filter, @Nullable Position after, int limit) {
    return new PageQuery(filter, SampleLedger.FROM, SampleLedger.TO, after, limit);
  }

  private List<StoredEvent> all(EventFilter filter, int limit) throws Exception {
    List<StoredEvent> found = new ArrayList<>();
    EventPage page = events.page(query(filter, null, limit));
    found.addAll(page.events());
    while (page.next() != null) {
      assertThat(page.events()).hasSize(limit);
      page = events.page(query(filter, page.next(), limit));
      found.addAll(page.events());
    }
    return found;
  }

  private void assertFinds(EventFilter filter, Predicate<Sample> expected) throws Exception {
    List<StoredEvent> found = all(filter, 1 + random.nextInt(300));
    assertThat(found)
        .as("seed %d, %s", SEED, filter)
        .isSortedAccordingTo(Comparator.comparing(StoredEvent::occurredAt))
        .extracting(
            StoredEvent::app, StoredEvent::key, StoredEvent::model, e -> usage(e), e -> ms(e))
        .containsExactlyInAnyOrderElementsOf(
            ledger.rows().stream()
                .filter(expected)
                .map(
                    e ->
                        org.assertj.core.groups.Tuple.tuple(
                            e.app(),
                            e.key(),
                            e.model(),
                            e.usage().stripTrailingZeros(),
                            e.at().toEpochMilli()))
                .toList());
  }

  private static BigDecimal usage(StoredEvent event) {
    return event.usage().stripTrailingZeros();
  }

  private static long ms(StoredEvent event) {
    return event.occurredAt().toEpochMilli();
  }

  @Test
  void page_eachFilter_findsExactlyWhatItMeans() throws Exception {
    ledger.correct(database, random, EVENTS / 10);
    assertFinds(EventFilter.ALL, any -> true);
    assertFinds(EventFilter.ALL.ofApp("acme"), e -> "acme".equals(e.app()));
    assertFinds(EventFilter.ALL.ofApp("nobody"), e -> false);
    assertFinds(
        new EventFilter("other", "k_late", null, null, Map.of(), false),
        e -> e.key().equals("k_late"));
    assertFinds(
        new EventFilter(null, "k_claimed", "m1", "ılım", Map.of(), false),
        e -> e.key().equals("k_claimed") && e.module().equals("m1") && e.model().equals("ılım"));
    assertFinds(
        new EventFilter(null, null, null, null, Map.of("region", "eu-1", "n", "1.50"), false),
        e -> "eu-1".equals(e.region()));
    assertFinds(
        new EventFilter(null, null, null, null, Map.of(), true), e -> e.key().equals("k_?"));
  }

  @Test
  void page_eventsThatComeMeanwhile_moveNoOther() throws Exception {
    Set<Long> before = numbers(all(EventFilter.ALL, 1_000));
    List<StoredEvent> found = new ArrayList<>();
    Set<Instant> added = new HashSet<>();
    int addedAfter = 0;
    @Nullable Position next = null;
    try (LedgerLoader loader = new LedgerLoader(database, SampleLedger.TO)) {
      do {
        EventPage page = events.page(query(EventFilter.ALL, next, 100));
        found.addAll(page.events());
        next = page.next();
        Instant at = SampleLedger.moment(random);
        if (next != null && added.add(at)) {
          loader.add("k_1", "new", "gpt-4", BigDecimal.ONE, at, null);
          loader.flush();
          addedAfter += ms(at) > next.occurredAt().toEpochMilli() ? 1 : 0;
        }
      } while (next != null);
    }

    List<StoredEvent> old = found.stream().filter(e -> !e.module().equals("new")).toList();
    assertThat(numbers(old)).as("seed %d", SEED).isEqualTo(before);
    assertThat(old).hasSize(EVENTS);
    assertThat(found.size() - old.size()).as("seed %d", SEED).isEqualTo(addedAfter).isPositive();
    Proof.of("query-pages")
        .with("events", EVENTS)
        .with("came_meanwhile", added.size())
        .with("shown", addedAfter)
        .with("moved", 0)
        .with("seed", SEED)
        .print();
  }

  private static long ms(Instant at) {
    return at.toEpochMilli();
  }

  private static Set<Long> numbers(List<StoredEvent> events) {
    Set<Long> numbers = new HashSet<>();
    events.forEach(e -> numbers.add(e.seq()));
    return numbers;
  }

  @Test
  void page_manyEventsOfOneMoment_areEachShownOnce() throws Exception {
    Instant at = SampleLedger.TO.minus(Duration.ofDays(1)).plusMillis(17);
    try (LedgerLoader one = new LedgerLoader(database, SampleLedger.TO);
        LedgerLoader two = new LedgerLoader(database, SampleLedger.TO)) {
      for (int i = 0; i < 50; i++) {
        one.add("k_1", "same", "gpt-4", BigDecimal.ONE, at, null);
        two.add("k_1", "same", "gpt-4", BigDecimal.ONE, at, null);
      }
      one.flush();
      two.flush();
    }

    List<StoredEvent> found = all(new EventFilter(null, null, "same", null, Map.of(), false), 7);

    assertThat(found).hasSize(100);
    assertThat(found.stream().map(e -> e.stream() + "/" + e.seq()).distinct()).hasSize(100);
  }

  @Test
  void query_notPossible_namesTheFieldAndTheBound() {
    assertThatThrownBy(() -> query(EventFilter.ALL, null, 0))
        .isInstanceOf(ServerException.class)
        .hasMessage("limit must be 1 to 1000");
    assertThatThrownBy(() -> query(EventFilter.ALL, null, 1_001)).hasMessageContaining("1000");
  }
}
