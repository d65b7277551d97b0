package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ledger.Dimension.Column;
import io.billingsdk.server.ledger.SampleLedger.Sample;
import io.billingsdk.server.ledger.UsageTotals.Source;
import io.billingsdk.server.ledger.UsageTotals.Totals;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against a naive sum, over a ledger that real transactions of the collector filled. */
@Tag("postgres")
class UsageTotalsTest {
  private static final int EVENTS = 20_000;
  private static final int CORRECTIONS = 1_000;
  private static final int QUESTIONS = 400;
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Asia/Kathmandu"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Europe/Berlin"));
  private static final List<Dimension> DIMENSIONS =
      List.of(
          Column.APP, Column.KEY, Column.MODULE, Column.MODEL, new Dimension.Metadata("region"));

  private static final List<Bucket> BUCKETS = List.of(Bucket.values());

  private static final long SEED = Long.getLong("totals.seed", System.nanoTime());
  private static final Random RANDOM = new Random(SEED);

  private static Database database;
  private static SampleLedger ledger;
  private static UsageTotals totals;

  @BeforeAll
  static void fill() throws Exception {
    database = Testbed.get().world().database();
    ledger = SampleLedger.fill(database, RANDOM, EVENTS);
    ledger.correct(database, RANDOM, CORRECTIONS);
    totals = new UsageTotals(database);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** What a row is of. */
  private record TotalsPlace(Instant bucket, List<@Nullable String> group) {}

  /** How much: the scale of a sum says nothing. */
  private record Amount(long events, BigDecimal usage) {
    Amount plus(Sample event) {
      return new Amount(events + 1, usage.add(event.usage()));
    }
  }

  @Test
  void totals_randomQuestions_equalTheNaiveSum() throws Exception {
    Map<Source, Integer> sources = new EnumMap<>(Source.class);
    for (int i = 0; i < QUESTIONS; i++) {
      TotalsQuery query = question();
      Totals answer = totals.of(query);
      sources.merge(answer.source(), 1, Integer::sum);
      assertThat(stripped(answer)).as("seed %d, %s", SEED, query).isEqualTo(naive(query));
    }
    assertThat(sources).containsOnlyKeys(Source.values());
    Proof.of("query-totals")
        .with("events", EVENTS)
        .with("corrections", CORRECTIONS)
        .with("questions", QUESTIONS)
        .with("from_rollups", sources.getOrDefault(Source.ROLLUPS, 0))
        .with("from_events", sources.getOrDefault(Source.EVENTS, 0))
        .with("from_both", sources.getOrDefault(Source.ROLLUPS_AND_EVENTS, 0))
        .with("wrong", 0)
        .with("seed", SEED)
        .print();
  }

  private static TotalsQuery question() {
    Instant from = boundary();
    Instant to = boundary();
    if (!from.isBefore(to)) {
      to = from.plus(Duration.ofHours(1 + RANDOM.nextInt(100)));
    }
    Bucket bucket = BUCKETS.get(RANDOM.nextInt(BUCKETS.size()));
    if (bucket == Bucket.HOUR && Duration.between(from, to).toDays() > 3) {
      to = from.plus(Duration.ofDays(3));
    }
    List<Dimension> groupBy = new ArrayList<>(DIMENSIONS);
    // Half of them without the metadata, which the rollups do not have.
    groupBy.removeIf(any -> RANDOM.nextInt(3) > 0);
    return new TotalsQuery(
        from, to, bucket, ZONES.get(RANDOM.nextInt(ZONES.size())), groupBy, filter());
  }

  private static Instant boundary() {
    Instant moment = SampleLedger.moment(RANDOM);
    return RANDOM.nextInt(3) == 0 ? moment : moment.truncatedTo(ChronoUnit.HOURS);
  }

  private static EventFilter filter() {
    boolean unattributed = RANDOM.nextInt(8) == 0;
    return new EventFilter(
        unattributed || RANDOM.nextBoolean() ? null : oneOf("acme", "other", "nobody"),
        RANDOM.nextInt(4) > 0 ? null : oneOf("k_1", "k_claimed", "k_late", "k_?"),
        RANDOM.nextInt(4) > 0 ? null : "m1",
        RANDOM.nextInt(4) > 0 ? null : oneOf("gpt-4", "ılım"),
        RANDOM.nextInt(5) > 0 ? Map.of() : Map.of("region", "eu-1"),
        unattributed);
  }

  private static String oneOf(String... texts) {
    return texts[RANDOM.nextInt(texts.length)];
  }

  private static Map<TotalsPlace, Amount> stripped(Totals answer) {
    Map<TotalsPlace, Amount> found = new HashMap<>();
    answer
        .rows()
        .forEach(
            row ->
                found.put(
                    new TotalsPlace(row.bucket(), row.group()),
                    new Amount(row.events(), row.usage().stripTrailingZeros())));
    assertThat(found).as("each row once").hasSameSizeAs(answer.rows());
    return found;
  }

  private static Map<TotalsPlace, Amount> naive(TotalsQuery query) {
    Map<TotalsPlace, Amount> sums = new HashMap<>();
    for (Sample event : ledger.events()) {
      if (!event.at().isBefore(query.from())
          && event.at().isBefore(query.to())
          && matches(query.filter(), event)) {
        TotalsPlace place =
            new TotalsPlace(bucket(query, event.at()), group(query.groupBy(), event));
        sums.merge(place, new Amount(1, event.usage()), (sum, one) -> sum.plus(event));
      }
    }
    sums.replaceAll((any, sum) -> new Amount(sum.events, sum.usage.stripTrailingZeros()));
    return sums;
  }

  private static Instant bucket(TotalsQuery query, Instant at) {
    ZonedDateTime local = at.atZone(query.zone());
    return switch (query.bucket()) {
      case ALL -> query.from();
      case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
      case DAY -> local.truncatedTo(ChronoUnit.DAYS).toInstant();
      case MONTH -> local.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).toInstant();
    };
  }

  private static boolean matches(EventFilter filter, Sample event) {
    return (filter.app() == null || filter.app().equals(event.app()))
        && (!filter.unattributed() || event.app() == null)
        && (filter.key() == null || filter.key().equals(event.key()))
        && (filter.module() == null || filter.module().equals(event.module()))
        && (filter.model() == null || filter.model().equals(event.model()))
        && (filter.metadata().isEmpty()
            || Objects.equals(filter.metadata().get("region"), event.region()));
  }

  private static List<@Nullable String> group(List<Dimension> dimensions, Sample event) {
    @Nullable String[] values = new String[dimensions.size()];
    for (int i = 0; i < values.length; i++) {
      Dimension each = dimensions.get(i);
      values[i] =
          each == Column.APP
              ? event.app()
              : each == Column.KEY
                  ? event.key()
                  : each == Column.MODULE
                      ? event.module()
                      : each == Column.MODEL ? event.model() : event.region();
    }
    return Arrays.asList(values);
  }

  @Test
  void totals_wholeLedgerUpToNow_takeTheRollupsForWholeHours() throws Exception {
    Instant now = SampleLedger.TO.minusMillis(1_234_567);
    Totals answer =
        totals.of(
            new TotalsQuery(
                SampleLedger.FROM, now, Bucket.ALL, ZoneId.of("UTC"), List.of(), EventFilter.ALL));

    assertThat(answer.source()).isEqualTo(Source.ROLLUPS_AND_EVENTS);
  }

  @Test
  void totals_moreThanTenThousandGroups_areRefusedInWords() {
    TotalsQuery query =
        new TotalsQuery(
            SampleLedger.FROM,
            SampleLedger.TO,
            Bucket.HOUR,
            ZoneId.of("UTC"),
            List.of(Column.KEY, Column.MODEL, new Dimension.Metadata("region")),
            EventFilter.ALL);

    assertThatThrownBy(() -> totals.of(query))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("10000")
        .hasMessageContaining("groupBy");
  }

  @Test
  void question_notPossible_namesTheFieldAndTheBound() {
    Instant from = SampleLedger.FROM;
    assertThatThrownBy(() -> range(from, from)).hasMessageContaining("to must be after from");
    assertThatThrownBy(() -> range(from, from.plus(Duration.ofDays(401))))
        .hasMessageContaining("400 days");
    assertThatThrownBy(() -> range(Instant.MIN, from)).hasMessageContaining("from must be");
    assertThatThrownBy(() -> range(Instant.MAX, Instant.MAX)).hasMessageContaining("from must be");
    assertThatThrownBy(() -> Dimension.of("metadata.")).hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> Dimension.of("colour")).hasMessageContaining("appId, keyId, module");
    assertThatThrownBy(() -> new EventFilter("", null, null, null, Map.of(), false))
        .hasMessageContaining("appId must be");
    assertThatThrownBy(() -> new EventFilter("a", null, null, null, Map.of(), true))
        .hasMessageContaining("unattributed");
  }

  private static TotalsQuery range(Instant from, Instant to) {
    return new TotalsQuery(from, to, Bucket.DAY, ZoneId.of("UTC"), List.of(), EventFilter.ALL);
  }
}
