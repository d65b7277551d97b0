package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.Meter.MeterValue;
import io.billingsdk.server.catalog.Meter.ValueKind;
import io.billingsdk.server.catalog.MeterReader.MeterRange;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a model in memory, over events that came by HTTP, corrections and attributions. */
@Tag("postgres")
class MeterReaderTest {
  private static final Actor TESTER = new Actor("tester");
  private static final int HOURS = 30;

  @TempDir Path directory;

  private final Instant begin =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(20));
  private final Instant moved = begin.plus(Duration.ofMinutes(15 * 60 + 20));
  private final Instant end = begin.plus(Duration.ofHours(HOURS));

  private HttpTestbed http;
  private Database database;
  private final List<Used> model = new ArrayList<>();
  private int number;

  /** An event of the model. */
  private record Used(
      String app,
      String key,
      String module,
      String model,
      Instant at,
      BigDecimal usage,
      BigDecimal tokens,
      String tier,
      String subject,
      int order) {
    Used with(String newApp, String newKey, BigDecimal newUsage) {
      return new Used(newApp, newKey, module, model, at, newUsage, tokens, tier, subject, order);
    }
  }

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    database = http.world().database();
    KeyAdmin keys = new KeyAdmin(database, null, TESTER);
    for (String app : new String[] {"acme", "blog", "alien"}) {
      keys.createApp(app, app);
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
    Customers customers = new Customers(database, TESTER);
    customers.create(NewCustomer.of("customer", "C", "USD", "UTC"));
    customers.create(NewCustomer.of("next", "N", "USD", "UTC"));
    customers.assign("customer", "acme", begin.minus(Duration.ofDays(1)));
    customers.assign("customer", "blog", begin.minus(Duration.ofDays(1)));
    http.world()
        .execute(
            "INSERT INTO customer_app (app_id, valid_from, customer_id) VALUES ('blog', '%s', 'next')"
                .formatted(moved));
  }

  @AfterEach
  void stop() {
    database.close();
    http.close();
  }

  private Used random(Random random, String app, String key) {
    return new Used(
        app,
        key,
        random.nextInt(5) == 0 ? "other" : "llm",
        List.of("gpt-4", "gpt-4o", "llama").get(random.nextInt(3)),
        begin.plusMillis(random.nextLong(Duration.ofHours(HOURS).toMillis())),
        new BigDecimal(random.nextInt(5) == 0 ? 0 : random.nextInt(1_000)).movePointLeft(2),
        new BigDecimal(random.nextInt(50)),
        random.nextBoolean() ? "one" : "two",
        "user" + random.nextInt(6),
        number++);
  }

  private void send(Used used) {
    String key = used.key().equals("k_lost") ? "k_lost" : used.key();
    Reply stored =
        http.send(
            "POST",
            "/api/v1/events",
            """
            {"keyId":"%s","module":"%s","model":"%s","usage":"%s","occurredAt":"%s",
             "metadata":{"tier":"%s","n":"%d"},"subject":"%s","quantities":{"tokens":"%s"}}
            """
                .formatted(
                    key,
                    used.module(),
                    used.model(),
                    used.usage().toPlainString(),
                    used.at(),
                    used.tier(),
                    used.order(),
                    used.subject(),
                    used.tokens().toPlainString()));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  private void correct(Used used, BigDecimal usage) {
    String found =
        "/api/v1/events?appId=%s&from=%s&to=%s&metadata=%%7B%%22n%%22:%%22%d%%22%%7D"
            .formatted(used.app(), begin, end, used.order());
    JsonNode event = MissingNode.getInstance();
    for (JsonNode each : http.get(found).json().path("items")) {
      // Its corrections are listed too.
      event = each.has("corrects") ? event : each;
    }
    Reply corrected =
        http.send(
            "POST",
            "/api/v1/corrections",
            "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":\"%s\",\"reason\":\"r\"}"
                .formatted(
                    event.path("stream").asText(),
                    event.path("seq"),
                    event.path("occurredAt").asText(),
                    usage.toPlainString()));
    assertThat(corrected.status()).as(corrected.body()).isBetween(200, 201);
  }

  @Test
  void total_ofAnyMeterAndRange_isThatOfTheModel_andStaysSoAfterTheCut() throws Exception {
    long seed = Long.getLong("meter.seed", System.nanoTime());
    System.out.println("meter-reader seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      String app = List.of("acme", "blog", "alien", "lost").get(random.nextInt(4));
      Used used = random(random, app, "k_" + app);
      send(used);
      model.add(used);
    }
    Reply attributed =
        http.send(
            "POST",
            "/api/v1/unattributed/attribute",
            "{\"reason\":\"r\",\"appId\":\"acme\",\"named\":\"k_lost\"}");
    assertThat(attributed.status()).as(attributed.body()).isBetween(200, 201);
    model.replaceAll(
        used -> used.app().equals("lost") ? used.with("acme", "k_lost", used.usage()) : used);
    for (int i = 0; i < 25; i++) {
      int place = random.nextInt(model.size());
      Used used = model.get(place);
      BigDecimal usage =
          random.nextBoolean() ? BigDecimal.ZERO : new BigDecimal(random.nextInt(9) + 1);
      if (used.usage().signum() != 0 && used.usage().compareTo(usage) != 0) {
        correct(used, usage);
        model.set(place, used.with(used.app(), used.key(), usage));
      }
    }
    model.removeIf(used -> used.usage().signum() == 0 && isCorrected(used));
    long cut = new Cuts(database).make();
    int asked = compare(random, cut);
    // What comes after the cut changes nothing below it.
    for (int i = 0; i < 15; i++) {
      send(random(random, "acme", "k_acme"));
    }
    correct(first("acme"), BigDecimal.ZERO);
    asked += compare(random, cut);
    Proof.of("meter-reader")
        .with("events", model.size())
        .with("questions", asked)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
  }

  /** An event that was reported with 0 counts; one that was corrected to 0 does not. */
  private boolean isCorrected(Used used) {
    try {
      return http.world()
              .count(
                  """
                  SELECT count(*) FROM correction c JOIN usage_event e
                    ON e.stream_id = c.corrects_stream_id AND e.seq = c.corrects_seq
                  WHERE e.metadata->>'n' = '%d'
                  """
                      .formatted(used.order()))
          > 0;
    } catch (java.sql.SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  private Used first(String app) {
    return model.stream()
        .filter(used -> used.app().equals(app) && used.key().equals("k_" + app))
        .filter(used -> used.usage().signum() > 0)
        .findFirst()
        .orElseThrow();
  }

  private int compare(Random random, long cut) {
    MeterReader reader = new MeterReader(database);
    int asked = 0;
    for (Meter meter : meters()) {
      for (int i = 0; i < 4; i++) {
        MeterRange range = range(random, cut);
        List<Used> counted = counted(meter, range);
        assertThat(reader.total(meter, range))
            .as("%s %s", meter, range)
            .isEqualByComparingTo(measured(meter, counted));
        for (String dimension : List.of("model", "keyId", "metadata.tier")) {
          Map<String, BigDecimal> shown = plain(reader.byDimension(meter, range, dimension));
          assertThat(shown)
              .as("%s %s by %s", meter, range, dimension)
              .isEqualTo(by(meter, counted, dimension));
          asked++;
        }
        asked++;
      }
      asked += comparePlaces(random, meter);
    }
    return asked;
  }

  /** Many places at once, some of which overlap, give what each of them gives alone. */
  private int comparePlaces(Random random, Meter meter) {
    MeterReader reader = new MeterReader(database);
    List<BigDecimal> alone = new ArrayList<>();
    List<List<AppRange>> places = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      MeterRange range = range(random, MeterQuery.NOW);
      List<AppRange> place = new ArrayList<>();
      place.add(new AppRange("acme", range.from(), range.to()));
      Instant left = range.to().isBefore(moved) ? range.to() : moved;
      if (left.isAfter(range.from())) {
        place.add(new AppRange("blog", range.from(), left));
      }
      places.add(place);
      alone.add(reader.total(meter, range));
    }
    places.add(List.of());
    alone.add(BigDecimal.ZERO);
    assertThat(reader.totals(meter, places))
        .as("%s %s", meter, places)
        .usingElementComparator(Comparator.naturalOrder())
        .isEqualTo(alone);
    return places.size();
  }

  /** Of whole hours, and of others. */
  private MeterRange range(Random random, long cut) {
    long unit = random.nextBoolean() ? 3_600_000 : 1;
    long span = Duration.ofHours(HOURS).toMillis() / unit;
    long first = random.nextLong(span - 1);
    long last = first + 1 + random.nextLong(span - first);
    return new MeterRange(
        "customer", begin.plusMillis(first * unit), begin.plusMillis(last * unit), cut);
  }

  private static List<Meter> meters() {
    MeterValue tokens = MeterValue.quantity("tokens");
    MeterValue subject = new MeterValue(ValueKind.SUBJECT, "");
    MeterValue tier = new MeterValue(ValueKind.METADATA, "tier");
    Map<String, String> one = Map.of("tier", "one");
    return List.of(
        meter(List.of(), Map.of(), MeterValue.USAGE, Aggregation.SUM),
        meter(List.of("gpt-4*"), Map.of(), MeterValue.USAGE, Aggregation.SUM),
        meter(List.of("gpt-4", "lla*"), Map.of(), MeterValue.ONE, Aggregation.COUNT),
        meter(List.of(), one, MeterValue.ONE, Aggregation.COUNT),
        meter(List.of(), Map.of(), MeterValue.ONE, Aggregation.SUM),
        meter(List.of(), one, tokens, Aggregation.SUM),
        meter(List.of("gpt-4"), Map.of(), MeterValue.USAGE, Aggregation.MAX),
        meter(List.of(), Map.of(), tokens, Aggregation.LATEST),
        meter(List.of(), Map.of(), subject, Aggregation.UNIQUE),
        meter(List.of("llama"), Map.of(), tier, Aggregation.UNIQUE));
  }

  @Test
  void group_whoseEventsAreAllCorrectedToZero_isGone_alsoOfWholeHours() {
    Used gone = used("gpt-4", "5");
    Used stays = used("llama", "0");
    List.of(gone, stays).forEach(this::send);
    correct(gone, BigDecimal.ZERO);
    MeterReader reader = new MeterReader(database);
    for (Instant from : List.of(begin, begin.plusNanos(1_000_000))) {
      MeterRange range = new MeterRange("customer", from, end, MeterQuery.NOW);
      assertThat(plain(reader.byDimension(meters().get(0), range, "model")))
          .as("from %s", from)
          .isEqualTo(Map.of("llama", BigDecimal.ZERO));
    }
  }

  private Used used(String model, String usage) {
    return new Used(
        "acme",
        "k_acme",
        "llm",
        model,
        begin.plus(Duration.ofMinutes(90)),
        new BigDecimal(usage),
        BigDecimal.ONE,
        "one",
        "user",
        number++);
  }

  private static Meter meter(
      List<String> models, Map<String, String> metadata, MeterValue value, Aggregation how) {
    return new Meter("m", "unit", "llm", models, metadata, value, how);
  }

  private List<Used> counted(Meter meter, MeterRange range) {
    return model.stream()
        .filter(used -> !used.at().isBefore(range.from()) && used.at().isBefore(range.to()))
        .filter(used -> used.app().equals("acme") || isBlogOfTheCustomer(used))
        .filter(used -> used.module().equals("llm"))
        .filter(used -> meter.metadata().isEmpty() || used.tier().equals("one"))
        .filter(
            used ->
                meter.models().isEmpty()
                    || meter.models().stream()
                        .anyMatch(
                            each ->
                                each.endsWith("*")
                                    ? used.model().startsWith(each.replace("*", ""))
                                    : used.model().equals(each)))
        .sorted(Comparator.comparing(Used::at))
        .toList();
  }

  private boolean isBlogOfTheCustomer(Used used) {
    return used.app().equals("blog") && used.at().isBefore(moved);
  }

  private static BigDecimal measured(Meter meter, List<Used> used) {
    List<BigDecimal> values = used.stream().map(each -> number(meter, each)).toList();
    return switch (meter.aggregation()) {
      case SUM -> values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      case COUNT -> new BigDecimal(used.size());
      case MAX -> values.stream().max(Comparator.naturalOrder()).orElse(BigDecimal.ZERO);
      case LATEST -> values.isEmpty() ? BigDecimal.ZERO : values.get(values.size() - 1);
      case UNIQUE ->
          new BigDecimal(used.stream().map(each -> text(meter, each)).distinct().count());
    };
  }

  private static BigDecimal number(Meter meter, Used used) {
    return switch (meter.value().kind()) {
      case USAGE -> used.usage();
      case QUANTITY -> used.tokens();
      default -> BigDecimal.ONE;
    };
  }

  private static String text(Meter meter, Used used) {
    return meter.value().kind() == ValueKind.SUBJECT ? used.subject() : used.tier();
  }

  private static Map<String, BigDecimal> by(Meter meter, List<Used> used, String dimension) {
    Function<Used, String> group =
        switch (dimension) {
          case "model" -> Used::model;
          case "keyId" -> Used::key;
          default -> Used::tier;
        };
    Map<String, List<Used>> groups = new TreeMap<>();
    used.forEach(
        each -> groups.computeIfAbsent(group.apply(each), none -> new ArrayList<>()).add(each));
    Map<String, BigDecimal> shown = new TreeMap<>();
    groups.forEach((name, of) -> shown.put(name, measured(meter, of)));
    return plain(shown);
  }

  /** Without zeros at the end. A group of 0 stays: it has an event that amounts to 0. */
  private static Map<String, BigDecimal> plain(Map<String, BigDecimal> shown) {
    Map<String, BigDecimal> plain = new TreeMap<>();
    shown.forEach((name, number) -> plain.put(name, number.stripTrailingZeros()));
    return plain;
  }

  @Test
  void usage_ofCharges_isInTheFormThatEachNeeds() {
    http.send("POST", "/api/v1/meters", meterJson("cost", "usage", "sum"));
    http.send("POST", "/api/v1/meters", meterJson("peak", "quantities.tokens", "max"));
    Random random = new Random(1);
    for (int i = 0; i < 5; i++) {
      Used used = random(random, "acme", "k_acme");
      send(used);
      model.add(used);
    }
    model.sort(Comparator.comparing(Used::at));
    MeterReader reader = new MeterReader(database);
    MeterRange range = new MeterRange("customer", begin, end, MeterQuery.NOW);

    PlanVersion plan =
        PlanFile.parse(
                """
                plans:
                  - plan: p
                    name: P
                    currency: USD
                    interval: month
                    entitlements: {models: all}
                    charges:
                      - {id: flat, name: F, kind: flatInAdvance, price: {model: flat, amount: 1}}
                      - {id: sum, name: S, kind: metered, meter: cost, price: {model: unit, price: 1}}
                      - {id: events, name: E, kind: metered, meter: cost,
                         price: {model: percentage, ratePercent: 1, fixedPerEvent: 1}}
                      - {id: peak, name: K, kind: metered,
                         price: {model: capacity, tiers: [{price: 1, most: {peak: 5}}, {price: 2}]}}
                      - {id: by, name: B, kind: metered, meter: cost, dimension: model,
                         price: {model: unit, price: 1}, prices: {gpt-4: {model: unit, price: 2}}}
                """)
            .plan("p")
            .orElseThrow();
    List<Usage> usages =
        plan.charges().stream().map(charge -> reader.usage(charge, range)).toList();

    assertThat(usages.get(0)).isEqualTo(Usage.none());
    BigDecimal sum = model.stream().map(Used::usage).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(((Usage.Total) usages.get(1)).quantity().value()).isEqualByComparingTo(sum);
    assertThat(((Usage.Events) usages.get(2)).amounts())
        .extracting(Object::toString)
        .containsExactlyElementsOf(
            model.stream().map(used -> used.usage().stripTrailingZeros().toPlainString()).toList());
    assertThat(((Usage.Peaks) usages.get(3)).byUnit()).containsOnlyKeys("peak");
    assertThat(((Usage.ByValue) usages.get(4)).byValue().keySet())
        .containsExactlyInAnyOrderElementsOf(model.stream().map(Used::model).distinct().toList());
    assertThatThrownBy(
            () ->
                reader.total(
                    Objects.requireNonNull(meters().get(0)),
                    new MeterRange("customer", end, begin, MeterQuery.NOW)))
        .hasMessageStartingWith("to must be after from");
  }

  private static String meterJson(String slug, String value, String aggregation) {
    return "{\"slug\":\"%s\",\"unit\":\"u\",\"value\":\"%s\",\"aggregation\":\"%s\"}"
        .formatted(slug, value, aggregation);
  }
}
