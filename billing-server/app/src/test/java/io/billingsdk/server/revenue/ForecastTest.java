package io.billingsdk.server.revenue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.server.reconcile.BilledWorld.UsedEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forecasts of customers whose usage is known day by day. */
@Tag("postgres")
class ForecastTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

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

  /** An event at each noon up to a day. */
  private void use(String customer, LocalDate to, Function<LocalDate, BigDecimal> usage) {
    List<UsedEvent> events = new ArrayList<>();
    FIRST
        .datesUntil(to)
        .forEach(
            day ->
                events.add(
                    new UsedEvent(
                        customer,
                        day.atTime(12, 0).toInstant(ZoneOffset.UTC),
                        "m",
                        usage.apply(day))));
    world.append(events);
  }

  private static BigDecimal byWeekday(LocalDate day) {
    return BigDecimal.valueOf(3L * day.getDayOfWeek().getValue());
  }

  private static BigDecimal month(int month, Function<LocalDate, BigDecimal> usage) {
    BigDecimal used =
        LocalDate.of(2026, month, 1)
            .datesUntil(LocalDate.of(2026, month + 1, 1))
            .map(usage)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal beyond = used.subtract(BigDecimal.valueOf(100));
    return beyond
        .multiply(new BigDecimal("0.013"))
        .add(BigDecimal.valueOf(34))
        .setScale(2, RoundingMode.HALF_UP);
  }

  private JsonNode forecast(String day) {
    Reply reply = world.http().get("/api/v1/revenue/forecast?testClocks=true&day=" + day);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().at("/currencies/0");
  }

  @Test
  void forecast_ofUsageThatRepeatsEachWeek_isExact_andSoAreItsBackTests() {
    world.customer("c", "metered");
    use("c", LocalDate.of(2026, 6, 20), ForecastTest::byWeekday);
    JsonNode found = forecast("2026-06-15");
    assertThat(found.path("state").asText()).isEqualTo("forecast");
    assertThat(found.path("forecast").asText())
        .isEqualTo(month(6, ForecastTest::byWeekday).toPlainString());
    assertThat(found.path("fees").asText()).isEqualTo("29.00");
    assertThat(found.path("errorPercent").asText()).isEqualTo("0.00");
    assertThat(found.path("low").asText()).isEqualTo(found.path("high").asText());
    assertThat(found.path("backTests")).hasSize(3);
    assertThat(found.at("/backTests/0/month").asText()).isEqualTo("2026-05");
    assertThat(found.at("/backTests/0/actual").asText())
        .isEqualTo(month(5, ForecastTest::byWeekday).toPlainString());
  }

  @Test
  void forecast_withAWildDay_staysAsItIs_andAGrowthShowsInItsError() {
    world.customer("c", "metered");
    LocalDate wild = LocalDate.of(2026, 6, 8);
    LocalDate growth = LocalDate.of(2026, 5, 20);
    Function<LocalDate, BigDecimal> usage =
        day ->
            day.equals(wild)
                ? BigDecimal.valueOf(5_000)
                : byWeekday(day).multiply(BigDecimal.valueOf(day.isBefore(growth) ? 1 : 4));
    use("c", LocalDate.of(2026, 6, 20), usage);
    JsonNode found = forecast("2026-06-15");
    // The last four Mondays are 12 (three times) and 5000; the wild one counts as it was.
    BigDecimal exact = month(6, usage);
    assertThat(new BigDecimal(found.path("forecast").asText()))
        .isBetween(exact.subtract(new BigDecimal("6")), exact.add(new BigDecimal("6")));
    JsonNode may = found.at("/backTests/0");
    BigDecimal error =
        new BigDecimal(may.path("actual").asText())
            .subtract(new BigDecimal(may.path("forecast").asText()))
            .multiply(BigDecimal.valueOf(100))
            .divide(new BigDecimal(may.path("actual").asText()), 2, RoundingMode.HALF_UP);
    assertThat(error).isGreaterThan(BigDecimal.ONE);
    assertThat(found.path("errorPercent").asText()).isEqualTo(error.toPlainString());
    assertThat(new BigDecimal(found.path("low").asText()))
        .isLessThan(new BigDecimal(found.path("forecast").asText()));
    Proof.of("revenue-forecast")
        .with("forecast", found.path("forecast").asText())
        .with("actual", exact)
        .with("error_percent", found.path("errorPercent").asText())
        .with("back_tests", found.path("backTests").size())
        .print();
  }

  @Test
  void forecast_withoutData_saysSo_andWithoutAMonthBefore_too() {
    world.customer("c", "metered");
    use("c", LocalDate.of(2026, 3, 20), ForecastTest::byWeekday);
    JsonNode few = forecast("2026-03-03");
    assertThat(few.path("state").asText()).isEqualTo("not_enough_data");
    assertThat(few.has("forecast")).isFalse();
    assertThat(few.path("fees").asText()).isEqualTo("29.00");
    JsonNode untested = forecast("2026-03-15");
    assertThat(untested.path("state").asText()).isEqualTo("no_back_test");
    assertThat(untested.path("forecast").asText())
        .isEqualTo(month(3, ForecastTest::byWeekday).toPlainString());
    assertThat(untested.has("errorPercent")).isFalse();
  }

  @Test
  void forecast_byModelAndOfAPeak_hasTheCommitment() {
    world.customer("d", "modelled");
    use("d", LocalDate.of(2026, 5, 20), ForecastTest::byWeekday);
    JsonNode found = forecast("2026-05-15");
    // 31 calls at 0.01, a peak of 21 at 0.001: less than the commitment.
    assertThat(found.path("forecast").asText()).isEqualTo("20.00");
    assertThat(found.path("soFar").asText()).isEqualTo("0.16");
    assertThat(found.path("errorPercent").asText()).isEqualTo("0.00");
  }

  @Test
  void report_withTheForecast_hasItInJsonAndCsv_forTheRunningMonthAlone() {
    world.customer("c", "metered");
    String month = LocalDate.now(ZoneOffset.UTC).toString().substring(0, 7);
    String path = "/api/v1/revenue/reports/" + month + "?testClocks=true&forecast=true";
    assertThat(world.http().get(path).json().at("/forecast/currencies/0/state").asText())
        .isEqualTo("not_enough_data");
    assertThat(world.http().get(path + "&format=csv").body())
        .contains(month + ",forecast,,EUR,fees,29.00,,not_enough_data\r\n");
    Reply past = world.http().get("/api/v1/revenue/reports/2026-03?forecast=true");
    assertThat(past.status()).isEqualTo(400);
    assertThat(past.json().path("field").asText()).isEqualTo("forecast");
  }
}
