package io.billingsdk.server.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.forecast.MonthForecast;
import io.billingsdk.forecast.MonthOutlook;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a month ends: usage from the rollups, and money through tiers and commitments. */
@Tag("postgres")
class ForecastOverHttpTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** 15 days of May are closed. */
  private static final Instant NOW = LocalDate.of(2026, 5, 16).atStartOfDay(BERLIN).toInstant();

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode forecast(String query) {
    Reply reply = world.http().get("/api/v1/forecast?" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private List<UsedEvent> days(String app, int count, @Nullable Random random) {
    List<UsedEvent> events = new ArrayList<>();
    LocalDate today = NOW.atZone(BERLIN).toLocalDate();
    for (int back = count; back > 0; back--) {
      Instant at = today.minusDays(back).atTime(12, 0).atZone(BERLIN).toInstant();
      BigDecimal usage = BigDecimal.valueOf(random == null ? 10 : 8 + random.nextInt(5));
      events.add(new UsedEvent(app, at, back % 2 == 0 ? "m1" : "m2", usage));
    }
    return events;
  }

  /** The plan metered by hand: 29, and two tiers. */
  private static BigDecimal metered(BigDecimal tokens) {
    BigDecimal first = tokens.min(BigDecimal.valueOf(100));
    BigDecimal usage =
        first
            .multiply(new BigDecimal("0.05"))
            .add(tokens.subtract(first).multiply(new BigDecimal("0.013")));
    return usage.setScale(2, RoundingMode.HALF_UP).add(BigDecimal.valueOf(29));
  }

  @Test
  void money_ofCustomers_isActualAndForecast_throughTiersAndCommitments() {
    long seed = Long.getLong("forecast.seed", System.nanoTime());
    List<UsedEvent> events = new ArrayList<>();
    for (String each : List.of("steady", "noisy")) {
      world.customer(each, "metered");
    }
    world.customer("small", "modelled");
    world.customer("young", "metered");
    events.addAll(days("steady", 74, null));
    events.addAll(days("noisy", 74, new Random(seed)));
    events.addAll(days("small", 30, null));
    events.addAll(days("young", 2, null));
    world.append(events);
    for (String each : List.of("steady", "noisy", "small", "young")) {
      world.move(each, NOW);
    }

    JsonNode steady = forecast("by=customer&name=steady").path("money");
    assertThat(steady.path("state").asText()).isEqualTo("forecast");
    assertThat(steady.path("soFar").asText()).isEqualTo("34.65");
    // 29, and 310 tokens: 100 x 0.05 and 210 x 0.013.
    assertThat(steady.path("expected").asText()).isEqualTo("36.73");
    assertThat(steady.path("low").asText()).isEqualTo("36.73");
    assertThat(steady.path("errorPercent").decimalValue()).isZero();

    JsonNode noisy = forecast("by=customer&name=noisy").path("money");
    JsonNode usage = noisy.at("/charges/0/forecast");
    int wrong = 0;
    for (String each : List.of("expected", "low", "high")) {
      BigDecimal own = metered(new BigDecimal(usage.path(each).asText()));
      wrong += own.compareTo(new BigDecimal(noisy.path(each).asText())) == 0 ? 0 : 1;
    }
    assertThat(noisy.path("sentence").asText()).contains("off by");
    assertThat(usage.path("backTest").path("origins").asInt()).isPositive();
    assertThat(wrong).as("seed %d: %s", seed, noisy).isZero();
    BigDecimal actual = new BigDecimal(usage.path("actual").asText());
    BigDecimal left = BigDecimal.ZERO;
    for (JsonNode day : usage.path("days")) {
      left = left.add(new BigDecimal(day.path("expected").asText()));
    }
    assertThat(new BigDecimal(usage.path("expected").asText()))
        .isEqualByComparingTo(actual.add(left));

    // 15 or 16 calls at 0.3 and 0.01 are below the commitment of 20.
    JsonNode small = forecast("by=customer&name=small").path("money");
    assertThat(small.path("expected").asText()).isEqualTo("20.00");
    assertThat(small.at("/leftOut/0").asText()).isEqualTo("peak");

    JsonNode young = forecast("by=customer&name=young").path("money");
    assertThat(young.path("state").asText()).isEqualTo("not_enough_data");
    assertThat(young.has("expected")).isFalse();
    assertThat(young.path("soFar").asText()).isEqualTo("30.00");

    JsonNode meter = forecast("by=meter&name=tokens&customerId=steady").path("usage");
    assertThat(new BigDecimal(meter.path("expected").asText())).isEqualByComparingTo("310");
    Proof.of("forecast-money")
        .with("customers", 4)
        .with("re_rated", 3)
        .with("wrong", wrong)
        .with("commitment", small.path("expected").asText())
        .with("not_enough_data", 1)
        .with("seed", seed)
        .print();
  }

  @Test
  void usage_ofAppAndService_isOfTheDaysOfTheZone() {
    world.app("a");
    world.app("b");
    List<UsedEvent> events = new ArrayList<>();
    Instant noon = LocalDate.now(ZoneOffset.UTC).atTime(12, 0).toInstant(ZoneOffset.UTC);
    for (int back = 1; back <= 45; back++) {
      Instant at = noon.minus(Duration.ofDays(back));
      events.add(new UsedEvent("a", at, "m", BigDecimal.TEN));
      events.add(new UsedEvent("b", at, "m", BigDecimal.ONE));
    }
    world.append(events);
    int days = LocalDate.now(ZoneOffset.UTC).lengthOfMonth();
    JsonNode app = forecast("by=app&name=a").path("usage");
    assertThat(new BigDecimal(app.path("expected").asText()))
        .isBetween(BigDecimal.valueOf(10L * (days - 1)), BigDecimal.valueOf(10L * days));
    JsonNode service = forecast("by=service&name=llm&zone=Asia/Kathmandu").path("usage");
    assertThat(new BigDecimal(service.path("expected").asText()))
        // The day in Kathmandu may be over, without an event.
        .isBetween(BigDecimal.valueOf(11L * (days - 7)), BigDecimal.valueOf(11L * days));
    assertThat(forecast("by=app&name=none").at("/usage/state").asText())
        .isEqualTo("not_enough_data");
    for (String wrong :
        List.of("by=x&name=a", "by=app", "by=app&name=a&zone=Mars", "by=meter&name=tokens")) {
      assertThat(world.http().get("/api/v1/forecast?" + wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void money_ofTwoModels_hasAnInterval_thatIsNotTheSumOfBoth() {
    // By chance, errors of two models may go together in a few weeks: of one series in ten.
    long seed = Long.getLong("forecast.seed", 22);
    Random random = new Random(seed);
    world.customer("two", "modelled");
    List<UsedEvent> events = new ArrayList<>();
    LocalDate today = NOW.atZone(BERLIN).toLocalDate();
    for (int back = 74; back > 0; back--) {
      Instant at = today.minusDays(back).atTime(12, 0).atZone(BERLIN).toInstant();
      int few = 4 + random.nextInt(5);
      int many = 30 * (4 + random.nextInt(5));
      for (int i = 0; i < few + many; i++) {
        events.add(new UsedEvent("two", at, i < few ? "m1" : "m2", BigDecimal.ONE));
      }
    }
    world.append(events);
    world.move("two", NOW);
    JsonNode money = forecast("by=customer&name=two").path("money");
    BigDecimal width = width(money);
    // m1 costs 0.3, and m2 0.01 a call.
    BigDecimal first = width(money.at("/charges/0/forecast")).multiply(new BigDecimal("0.3"));
    BigDecimal second = width(money.at("/charges/1/forecast")).multiply(new BigDecimal("0.01"));
    Proof.of("forecast-interval")
        .with("width", width)
        .with("of_the_parts", first.setScale(2, RoundingMode.HALF_EVEN))
        .with("and", second.setScale(2, RoundingMode.HALF_EVEN))
        .with("seed", seed)
        .print();
    assertThat(width)
        .as("seed %d: %s", seed, money)
        .isLessThan(first.add(second).multiply(new BigDecimal("0.97")))
        .isGreaterThan(first.max(second).multiply(new BigDecimal("0.5")));
  }

  private static BigDecimal width(JsonNode forecast) {
    return new BigDecimal(forecast.path("high").asText())
        .subtract(new BigDecimal(forecast.path("low").asText()));
  }

  @Test
  void forecasts_ofAMeterAndOfMoney_askAConstantNumberOfQuestions() {
    world.customer("c", "metered");
    world.append(days("c", 74, null));
    // Within an hour, so that today's last hour comes from the events.
    Instant now = NOW.plus(Duration.ofMinutes(90));
    world.move("c", now);
    List<String> ofMeter = new ArrayList<>();
    List<String> ofMoney = new ArrayList<>();
    BigDecimal expected =
        world
            .database()
            .inTransaction(
                handle -> {
                  Database here = world.database().within(handle);
                  CustomerForecasts customers = new CustomerForecasts(here);
                  DailySeries days = customers.days("c");
                  note(handle, ofMeter);
                  MonthOutlook found =
                      new UsageForecasts(here).ofMeter("tokens", days, customers.places("c", days));
                  note(handle, ofMoney);
                  var unused = customers.of("c");
                  return ((MonthForecast) found).expected();
                });
    Proof.of("forecast-questions")
        .with("days", 211)
        .with("of_a_meter", ofMeter.size())
        .with("of_money", ofMoney.size())
        .print();
    // Nothing came in the first 90 minutes of the day.
    assertThat(expected).isBetween(BigDecimal.valueOf(309), BigDecimal.valueOf(310));
    assertThat(ofMeter.size()).as("%s", ofMeter).isLessThanOrEqualTo(4);
    assertThat(ofMoney.size()).as("%s", ofMoney).isLessThanOrEqualTo(15);
  }

  private static void note(Handle handle, List<String> statements) {
    handle
        .getConfig(SqlStatements.class)
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.add(String.valueOf(context.getRawSql()));
              }
            });
  }
}
