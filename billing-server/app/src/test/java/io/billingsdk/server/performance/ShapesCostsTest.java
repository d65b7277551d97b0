package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The given shapes of costs and performance, by a client that knows only their page: the routes,
 * the names in their order, the defaults, and the prices. What it expects it adds up by itself.
 */
@Tag("postgres")
class ShapesCostsTest {
  private static final String BASE = "/api/analytics";
  private static final String ZONE = "Asia/Kathmandu";

  @TempDir Path directory;

  private final List<Sent> records = new ArrayList<>();
  private HttpTestbed http;
  private int checked;

  /** What the client sends, and what the page says that it costs; null where no price is there. */
  private record Sent(
      String user, String service, String operation, BigDecimal cost, Instant at, long millis) {
    boolean isPrompt() {
      return service.equals("openai");
    }
  }

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    http.startCosts();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Reply get(String path, String... headers) {
    return http.send("GET", BASE + path, http.readToken(), null, headers);
  }

  private JsonNode array(String path, String... names) {
    Reply reply = get(path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    JsonNode rows = reply.json();
    assertThat(rows.isArray()).as(path).isTrue();
    for (JsonNode row : rows) {
      List<String> fields = new ArrayList<>();
      row.fieldNames().forEachRemaining(fields::add);
      assertThat(fields).as(path).containsExactly(names);
      checked += names.length;
    }
    return rows;
  }

  private void send(String kind, String body) {
    Reply reply = http.send("POST", BASE + "/" + kind + "/records", http.writeToken(), body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("success").asBoolean()).as(reply.body()).isTrue();
  }

  private void cost(
      String user,
      String service,
      String operation,
      String quantity,
      String unit,
      String metadata,
      String cost,
      Instant at) {
    int number = records.size();
    long millis = 100L + 7L * number;
    send(
        "cost",
        """
        {"record_id":"c-%d","execution_id":"run-%s","user_id":"%s","service":"%s","operation":"%s",
         "quantity":%s,"unit":"%s","unit_cost":1.5,"total_cost":99.25,"started_at":"%s",
         "duration":%d,"metadata":%s,"created_at":"%s","something_else":true}
        """
            .formatted(
                number, user, user, service, operation, quantity, unit, at, millis, metadata, at));
    records.add(new Sent(user, service, operation, amount(cost), at, millis));
  }

  private static BigDecimal amount(String text) {
    return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
  }

  private static String prompt(String category, String name, int input, int output) {
    return """
    {"prompt_category":"%s","prompt_name":"%s","prompt_tokens":%d,"completion_tokens":%d}
    """
        .formatted(category, name, input, output);
  }

  private void sendAll(Instant now) {
    String intro = prompt("outline", "intro", 1_000, 500);
    String end = prompt("outline", "end", 2_000, 1_000);
    cost("ann", "google_video_ai", "analyze", "2.5", "minutes", "{}", "0.25", now);
    cost("ann", "openai", "gpt-4_outline_intro", "1500", "tokens", intro, "0.06", now);
    cost("bob", "openai", "gpt-4_outline_intro", "1500", "tokens", intro, "0.06", now);
    cost("bob", "openai", "gpt-3.5-turbo_outline_end", "3000", "tokens", end, "0.005", now);
    cost("bob", "whisper", "transcribe", "10", "minutes", "{}", "0.06", now);
    cost("cem", "cloudflare_stream", "store", "90", "seconds", "{}", "0.008", now);
    cost("cem", "s3", "upload", "2", "GB", "{\"bucket\":\"b\"}", "0.02", now);
    cost("dan", "cloudfront", "deliver", "0.5", "GB", "{}", "0.0425", now);
    for (int i = 0; i < 12; i++) {
      cost("user-" + i, "whisper", "transcribe", "" + (i + 1), "minutes", "{}", minutes(i), now);
    }
    for (int day = 1; day < 40; day += 3) {
      Instant at = now.minus(Duration.ofDays(day));
      cost("old", "whisper", "transcribe", "100", "minutes", "{}", "0.6", at);
    }
    http.makeCosts();
  }

  private static String minutes(int number) {
    return new BigDecimal("0.006").multiply(BigDecimal.valueOf(number + 1L)).toPlainString();
  }

  private List<Sent> since(LocalDate first, ZoneId zone) {
    return records.stream()
        .filter(each -> !each.at().isBefore(first.atStartOfDay(zone).toInstant()))
        .toList();
  }

  private static BigDecimal sum(List<Sent> some) {
    return some.stream().map(Sent::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static void same(JsonNode number, BigDecimal expected) {
    assertThat(number.isNumber()).as("%s is a JSON number", number).isTrue();
    assertThat(number.decimalValue()).isEqualByComparingTo(expected);
  }

  private static BigDecimal average(List<Sent> some) {
    long millis = some.stream().mapToLong(Sent::millis).sum();
    return BigDecimal.valueOf(millis)
        .divide(BigDecimal.valueOf(some.size()), 3, java.math.RoundingMode.HALF_UP);
  }

  @Test
  void answers_toWhatThePageSays_haveItsShapes() {
    sendAll(Instant.now());
    ZoneId utc = ZoneId.of("UTC");
    LocalDate today = LocalDate.now(utc);

    users(today.withDayOfMonth(1), utc);
    services(today.withDayOfMonth(1), utc);
    prompts(since(today.withDayOfMonth(1), utc));
    trend("", 30, utc);
    trend("?period=daily&days=45&zone=" + ZONE, 45, ZoneId.of(ZONE));
    otherPeriods(today, utc);
    otherForms();
    performance(Instant.now());
    recommendations();
    unknownCost(Instant.now());

    Proof.of("shapes-costs").with("fields", checked).with("records", records.size()).print();
  }

  private void users(LocalDate first, ZoneId zone) {
    List<Sent> expected = since(first, zone);
    JsonNode rows = array("/cost/users", "user_id", "total_cost", "operations_count");
    assertThat(rows).hasSize(10);
    BigDecimal shown = BigDecimal.ZERO;
    BigDecimal before = null;
    for (JsonNode row : rows) {
      List<Sent> own =
          expected.stream()
              .filter(each -> each.user().equals(row.path("user_id").asText()))
              .toList();
      same(row.path("total_cost"), sum(own));
      assertThat(row.path("operations_count").asInt()).isEqualTo(own.size());
      BigDecimal cost = row.path("total_cost").decimalValue();
      assertThat(before == null || before.compareTo(cost) >= 0).as("descending").isTrue();
      before = cost;
      shown = shown.add(cost);
    }
    Reply reply = get("/cost/users?period=monthly&topN=10&unknown=x&unknown=y");
    assertThat(reply.json()).isEqualTo(rows);
    assertThat(new BigDecimal(reply.header("Billing-Total-Cost").orElseThrow()))
        .isEqualByComparingTo(sum(expected));
    assertThat(new BigDecimal(reply.header("Billing-Other-Cost").orElseThrow()))
        .isEqualByComparingTo(sum(expected).subtract(shown));
    assertThat(get("/cost/users?topN=3").json()).hasSize(3);
  }

  private void services(LocalDate first, ZoneId zone) {
    List<Sent> expected = since(first, zone);
    JsonNode rows =
        array("/cost/services", "service", "total_cost", "avg_duration", "operations_count");
    assertThat(rows).hasSize((int) expected.stream().map(Sent::service).distinct().count());
    for (JsonNode row : rows) {
      List<Sent> own =
          expected.stream()
              .filter(each -> each.service().equals(row.path("service").asText()))
              .toList();
      same(row.path("total_cost"), sum(own));
      same(row.path("avg_duration"), average(own));
      assertThat(row.path("operations_count").asInt()).isEqualTo(own.size());
    }
  }

  private void prompts(List<Sent> expected) {
    JsonNode rows =
        array(
            "/cost/prompts", "operation", "total_cost", "avg_cost", "avg_duration", "calls_count");
    assertThat(rows.findValuesAsText("operation"))
        .containsExactly("gpt-4_outline_intro", "gpt-3.5-turbo_outline_end");
    for (JsonNode row : rows) {
      List<Sent> own =
          expected.stream()
              .filter(each -> each.isPrompt())
              .filter(each -> each.operation().equals(row.path("operation").asText()))
              .toList();
      same(row.path("total_cost"), sum(own));
      same(
          row.path("avg_cost"),
          sum(own).divide(BigDecimal.valueOf(own.size()), 12, java.math.RoundingMode.HALF_UP));
      same(row.path("avg_duration"), average(own));
      assertThat(row.path("calls_count").asInt()).isEqualTo(own.size());
    }
  }

  private void trend(String query, int days, ZoneId zone) {
    JsonNode rows = array("/cost/trend" + query, "date", "total_cost", "operations_count");
    assertThat(rows).hasSize(days);
    LocalDate day = LocalDate.now(zone).minusDays(days - 1L);
    for (JsonNode row : rows) {
      LocalDate expected = day;
      List<Sent> own =
          records.stream()
              .filter(each -> LocalDate.ofInstant(each.at(), zone).equals(expected))
              .toList();
      assertThat(row.path("date").asText()).isEqualTo(expected.toString());
      same(row.path("total_cost"), sum(own));
      assertThat(row.path("operations_count").asInt()).isEqualTo(own.size());
      day = day.plusDays(1);
    }
  }

  private void otherPeriods(LocalDate today, ZoneId utc) {
    Reply daily = get("/cost/services?period=daily");
    assertThat(new BigDecimal(daily.header("Billing-Total-Cost").orElseThrow()))
        .isEqualByComparingTo(sum(since(today, utc)));
    LocalDate monday = today.minusDays(today.getDayOfWeek().getValue() - 1L);
    Reply weekly = get("/cost/services?period=weekly");
    assertThat(new BigDecimal(weekly.header("Billing-Total-Cost").orElseThrow()))
        .isEqualByComparingTo(sum(since(monday, utc)));
    assertThat(get("/cost/services?period=yearly").status()).isEqualTo(400);
    assertThat(get("/cost/trend?days=0").status()).isEqualTo(400);
    assertThat(get("/cost/trend?days=100000").status()).isEqualTo(400);
    assertThat(get("/cost/users?zone=Nowhere").status()).isEqualTo(400);
  }

  private void otherForms() {
    String lines = get("/cost/users?format=csv").body();
    assertThat(lines).startsWith("user_id,total_cost,operations_count\r\n");
    assertThat(lines.split("\r\n", -1)).hasSize(12);
    assertThat(get("/cost/users", "Accept", "text/csv").body()).isEqualTo(lines);
    assertThat(http.send("GET", BASE + "/cost/users", null, null).status()).isEqualTo(401);
  }

  private void step(String id, String step, long millis, String status, String more, Instant at) {
    send(
        "performance",
        """
        {"record_id":"%s","execution_id":"run-ann","task_type":"video_generation",
         "step_name":"%s","started_at":"%s","completed_at":"%s","duration":%d,"status":"%s"%s}
        """
            .formatted(id, step, at, at.plusMillis(millis), millis, status, more));
  }

  private void performance(Instant now) {
    step("p-1", "render", 1_000, "success", "", now);
    step("p-2", "render", 3_000, "success", ",\"metadata\":{\"frames\":9}", now);
    step("p-3", "upload", 500, "failed", ",\"error\":\"no room\"", now);
    step("p-3", "upload", 500, "failed", ",\"error\":\"no room\"", now);
    JsonNode rows =
        array(
            "/performance/bottleneck",
            "step_name",
            "avg_duration",
            "p95_duration",
            "max_duration",
            "count");
    assertThat(rows.findValuesAsText("step_name")).containsExactly("render", "upload");
    same(rows.get(0).path("avg_duration"), new BigDecimal("2000"));
    same(rows.get(0).path("p95_duration"), new BigDecimal("2900"));
    same(rows.get(0).path("max_duration"), new BigDecimal("3000"));
    assertThat(rows.get(0).path("count").asInt()).isEqualTo(2);
    assertThat(rows.get(1).path("count").asInt()).as("counted once").isEqualTo(1);
    assertThat(get("/performance/bottleneck?taskType=voiceover_processing").json()).isEmpty();
    execution();
  }

  private void execution() {
    JsonNode found = get("/executions/run-ann").json();
    List<String> names = new ArrayList<>();
    found.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "execution_id",
            "user_id",
            "status",
            "error_message",
            "total_cost",
            "ai_calls_count",
            "steps",
            "costs");
    assertThat(found.path("execution_id").asText()).isEqualTo("run-ann");
    assertThat(found.path("user_id").asText()).isEqualTo("ann");
    assertThat(found.path("status").asText()).isEqualTo("failed");
    assertThat(found.path("error_message").asText()).isEqualTo("no room");
    same(found.path("total_cost"), new BigDecimal("0.31"));
    assertThat(found.path("ai_calls_count").asInt()).isEqualTo(2);
    assertThat(found.path("steps").findValuesAsText("record_id"))
        .containsExactlyInAnyOrder("p-1", "p-2", "p-3");
    JsonNode cost = found.path("costs").get(0);
    assertThat(cost.path("record_id").asText()).isEqualTo("c-0");
    assertThat(cost.path("unit").asText()).isEqualTo("minutes");
    same(cost.path("quantity"), new BigDecimal("2.5"));
    same(cost.path("unit_cost"), new BigDecimal("0.1"));
    same(cost.path("total_cost"), new BigDecimal("0.25"));
    same(cost.path("reported_cost"), new BigDecimal("99.25"));
    same(cost.path("duration"), new BigDecimal("100"));
    assertThat(cost.path("metadata")).isEmpty();
    checked += names.size() + 9;
    assertThat(get("/executions/none").status()).isEqualTo(404);
  }

  /** One user costs more than 3 times the average, and most of it is one service. */
  private void recommendations() {
    cost("dear", "whisper", "transcribe", "5000", "minutes", "{}", "30", Instant.now());
    http.makeCosts();
    JsonNode rows =
        array("/recommendations", "type", "priority", "message", "data", "rule", "money");
    assertThat(rows.findValuesAsText("type")).contains("user_cost_alert", "service_dominance");
    for (JsonNode row : rows) {
      assertThat(row.path("priority").asText()).isEqualTo("medium");
      assertThat(row.path("money").isNumber()).isTrue();
      assertThat(row.path("data").isObject()).isTrue();
    }
    String body = "{\"type\":\"user_cost_alert\",\"subject\":\"dear\",\"reason\":\"known\"}";
    assertThat(http.send("POST", BASE + "/recommendations/dismissals", body).status())
        .isEqualTo(200);
    assertThat(get("/recommendations").json().findValuesAsText("type"))
        .doesNotContain("user_cost_alert")
        .contains("service_dominance");
  }

  /** What has no price is null, is counted, and is never 0. */
  private void unknownCost(Instant now) {
    cost("eve", "mystery", "guess", "3", "calls", "{}", "", now);
    http.makeCosts();
    Reply users = get("/cost/users?topN=1000");
    assertThat(users.header("Billing-Unknown-Costs")).contains("1");
    for (JsonNode row : users.json()) {
      boolean isEve = row.path("user_id").asText().equals("eve");
      assertThat(row.path("total_cost").isNull()).as(row.toString()).isEqualTo(isEve);
    }
    String negative =
        "{\"record_id\":\"n\",\"service\":\"s3\",\"operation\":\"o\",\"quantity\":-1,"
            + "\"unit\":\"GB\"}";
    Reply refused = http.send("POST", BASE + "/cost/records", http.writeToken(), negative);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().toLowerCase(Locale.ROOT)).contains("quantity");
  }
}
