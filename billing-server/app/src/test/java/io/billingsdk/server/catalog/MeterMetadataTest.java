package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.Meter.MeterValue;
import io.billingsdk.server.catalog.MeterReader.MeterRange;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A counter of a quota asks {@link Meter#matches}, an invoice asks PostgreSQL: both must count the
 * same events, whatever stands in their metadata.
 */
@Tag("postgres")
class MeterMetadataTest {
  private static final Actor TESTER = new Actor("tester");
  private static final int EVENTS = 150;

  /** Values as JSON that are alike in one place and not in another one. */
  private static final List<String> VALUES =
      List.of(
          "1",
          "1.0",
          "1.50",
          "1.5",
          "15e-1",
          "100",
          "1e2",
          "1E+2",
          "1.10e1",
          "0",
          "-0",
          "-0.0",
          "0.001",
          "1e-3",
          "1E-7",
          "12345678901234567890",
          "12345678901234567890.50",
          "1e20",
          "true",
          "false",
          "null",
          "{}",
          "[]",
          "{\"a\":1}",
          "[1]",
          "\"1\"",
          "\"1.0\"",
          "\"1.50\"",
          "\"100\"",
          "\"1E2\"",
          "\"true\"",
          "\"null\"",
          "\"\"",
          "\" \"",
          "\"{\\\"a\\\": 1}\"",
          "\"[1]\"",
          "\"{}\"",
          "\"eu\"",
          "\"EU\"",
          "\"\u00e4\"");

  @TempDir Path directory;

  private final Instant begin = Instant.now().minus(Duration.ofDays(2));
  private final Instant end = begin.plus(Duration.ofDays(1));

  @Test
  void events_ofAnyMetadata_matchInJavaAsInPostgreSql() {
    long seed = Long.getLong("meter.seed", System.nanoTime());
    Random random = new Random(seed);
    Set<String> wrong = new LinkedHashSet<>();
    int found = 0;
    List<Meter> meters = meters(random);
    try (HttpTestbed http = new HttpTestbed(directory)) {
      try (Database database = http.world().database()) {
        prepare(database);
        for (int i = 0; i < EVENTS; i++) {
          send(http, "e" + i, random);
        }
        Map<String, String> stored = stored(database);
        assertThat(stored).hasSize(EVENTS);
        MeterRange range = new MeterRange("customer", begin, end, MeterQuery.NOW);
        for (Meter meter : meters) {
          Set<String> counted =
              new TreeSet<>(
                  new MeterReader(database).byDimension(meter, range, "metadata.id").keySet());
          Set<String> matched = new TreeSet<>();
          stored.forEach(
              (id, metadata) -> {
                if (meter.matches(event(metadata))) {
                  matched.add(id);
                }
              });
          found += counted.size();
          if (!counted.equals(matched)) {
            wrong.add(meter.metadata() + " counts " + counted + ", matches " + matched);
          }
        }
      }
    }
    Proof.of("meter-metadata")
        .with("events", EVENTS)
        .with("meters", meters.size())
        .with("found", found)
        .with("wrong", wrong.size())
        .with("seed", seed)
        .print();
    assertThat(wrong).isEmpty();
    assertThat(found).isPositive();
  }

  private static void prepare(Database database) {
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    keys.createApp("acme", "acme");
    keys.importKey("k", "sk-acme", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    Customers customers = new Customers(database, TESTER);
    customers.create(NewCustomer.of("customer", "C", "USD", "UTC"));
    customers.assign("customer", "acme", Instant.now().minus(Duration.ofDays(9)));
  }

  /** The metadata of all events, by the field {@code id}. */
  private static Map<String, String> stored(Database database) {
    Map<String, String> stored = new TreeMap<>();
    database.<Integer>read(
        handle -> {
          handle
              .createQuery("SELECT metadata->>'id' AS id, metadata::text AS text FROM usage_event")
              .map(ResultRow.to(row -> Map.entry(row.text("id"), row.text("text"))))
              .forEach(each -> stored.put(each.getKey(), each.getValue()));
          return stored.size();
        });
    return stored;
  }

  /** A hook gets the text of an event before PostgreSQL has read it. */
  @Test
  void text_ofAnyValue_isThatOfPostgreSql() throws SQLException {
    long seed = Long.getLong("meter.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> values = new ArrayList<>(VALUES);
    for (int i = 0; i < 300; i++) {
      BigDecimal number = new BigDecimal(new BigInteger(60, random), random.nextInt(80) - 40);
      values.add(
          (random.nextBoolean() ? "-" : "") + (i % 2 == 0 ? number : number.toPlainString()));
    }
    try (Database database = Testbed.get().world().database()) {
      for (String value : values) {
        String metadata = "{\"a\":" + value + "}";
        Optional<String> there =
            database.read(
                handle ->
                    handle
                        .createQuery(
                            "SELECT CASE WHEN jsonb_typeof(j->'a') IN ('string', 'number',"
                                + " 'boolean') THEN j->>'a' END AS text FROM (SELECT :json::jsonb"
                                + " AS j) AS given")
                        .bind("json", metadata)
                        .map(ResultRow.to(row -> Optional.ofNullable(row.textOrNull("text"))))
                        .one());
        assertThat(Optional.ofNullable(MetadataTexts.of(metadata).get("a")))
            .as("%s, seed %s", metadata, seed)
            .isEqualTo(there);
      }
    }
  }

  private void send(HttpTestbed http, String id, Random random) {
    StringBuilder metadata = new StringBuilder("{\"id\":\"" + id + "\"");
    for (String name : List.of("a", "b")) {
      if (random.nextInt(8) > 0) {
        metadata.append(",\"" + name + "\":" + value(random));
      }
    }
    Reply stored =
        http.send(
            "POST",
            "/api/v1/events",
            "{\"keyId\":\"k\",\"module\":\"m\",\"model\":\"x\",\"usage\":\"1\",\"occurredAt\":\"%s\",\"metadata\":%s}}"
                .formatted(begin.plusSeconds(60), metadata));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  private static String value(Random random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  /** Each text that a value could have, and some pairs of them. */
  private static List<Meter> meters(Random random) {
    Set<String> texts = new LinkedHashSet<>();
    for (String value : VALUES) {
      texts.add(value);
      texts.add(value.replaceAll("^\"|\"$", "").replace("\\\"", "\""));
    }
    texts.addAll(List.of("0.0", "11.0", "11.00", "0.0000001", "1.0E-7", "100.0", "1E+2", "{ }"));
    List<String> all = new ArrayList<>(texts);
    List<Meter> meters = new ArrayList<>();
    for (String text : all) {
      if (!text.isEmpty()) {
        meters.add(meter(Map.of("a", text)));
      }
      meters.add(meter(Map.of("a", any(all, random), "b", any(all, random))));
    }
    return meters;
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  private static Meter meter(Map<String, String> metadata) {
    return new Meter("m", "u", null, List.of(), metadata, MeterValue.USAGE, Aggregation.SUM);
  }

  private static AppendedEvent event(String metadata) {
    return new AppendedEvent(
        AppendKind.EVENT,
        new EventId(1, 1),
        Instant.EPOCH,
        "acme",
        "k",
        "m",
        "x",
        BigDecimal.ONE,
        metadata,
        EventDetails.NONE,
        1);
  }
}
