package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too old is removed, by a clock that the test moves, and answers say so. */
@Tag("postgres")
class AnalyticsRetentionTest {
  private static final String BASE = "/api/analytics";
  private final YearMonth now = YearMonth.now(ZoneOffset.UTC);

  /** From the oldest to the newest; each has one cost and one step in a month. */
  private final List<YearMonth> months =
      List.of(now.minusMonths(9), now.minusMonths(6), now.minusMonths(2), now);

  @TempDir Path directory;
  private HttpTestbed http;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    http.startCosts();
    months.forEach(this::send);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static Instant first(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private void send(YearMonth month) {
    post(
        "cost",
        """
        {"record_id":"c-%1$s","execution_id":"run-%1$s","user_id":"ann","service":"whisper",
         "operation":"transcribe","quantity":10,"unit":"minutes","started_at":"%2$s"}
        """
            .formatted(month, first(month)));
    post(
        "performance",
        """
        {"record_id":"s-%1$s","execution_id":"run-%1$s","task_type":"t","step_name":"cut",
         "started_at":"%2$s","duration":100,"status":"success"}
        """
            .formatted(month, first(month)));
    http.makeCosts();
  }

  private void post(String kind, String body) {
    Reply reply = http.send("POST", BASE + "/" + kind + "/records", http.writeToken(), body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("stored").asInt()).as(reply.body()).isEqualTo(1);
  }

  /** As of the first moment of the month that runs. */
  private void retain(int records, int sums) throws Exception {
    for (Job each : http.analyticsJobs()) {
      each.run();
    }
    RetentionPolicy policy = new RetentionPolicy(records, sums);
    new AnalyticsRetention(http.database(), () -> first(now), policy).run();
  }

  private long count(String table) {
    try {
      return http.world().count("SELECT count(*) FROM " + table);
    } catch (SQLException failed) {
      throw new AssertionError(table, failed);
    }
  }

  private JsonNode row(JsonNode trend, YearMonth month) {
    List<JsonNode> found = new ArrayList<>();
    trend.forEach(
        row -> {
          if (row.path("date").asText().equals(month.atDay(1).toString())) {
            found.add(row);
          }
        });
    assertThat(found).as(trend.toString()).hasSize(1);
    return found.get(0);
  }

  @Test
  void records_tooOld_areRemovedWhileTheirSumsStay_andTheLedgerIsWhole() throws Exception {
    long events = count("usage_event");
    retain(3, 7);
    assertThat(count("cost")).isEqualTo(2);
    assertThat(count("performance_step")).isEqualTo(2);
    assertThat(count("usage_event")).isEqualTo(events);

    Reply trend = http.get(BASE + "/cost/trend?period=monthly&days=366");
    assertThat(row(trend.json(), months.get(1)).path("total_cost").decimalValue())
        .isEqualByComparingTo("0.06");
    JsonNode gone = row(trend.json(), months.get(0));
    assertThat(gone.path("total_cost").isNull()).as(gone.toString()).isTrue();
    assertThat(gone.path("operations_count").isNull()).as(gone.toString()).isTrue();
    assertThat(row(trend.json(), now.minusMonths(5)).path("total_cost").decimalValue()).isZero();
    assertThat(trend.header("Billing-Removed-Before"))
        .contains(first(now.minusMonths(7)).toString());
    assertThat(http.get(BASE + "/cost/trend?period=daily&days=30").header("Billing-Removed-Before"))
        .isEmpty();

    Reply missing = http.get(BASE + "/executions/run-" + months.get(1));
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).contains("before " + first(now.minusMonths(3)) + " are removed");
    assertThat(http.get(BASE + "/executions/run-" + months.get(2)).status()).isEqualTo(200);
    String range = "?from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z";
    assertThat(http.get("/api/v1/costs/focus" + range).header("Billing-Removed-Before"))
        .contains(first(now.minusMonths(3)).toString());
    for (String list : List.of("/api/v1/costs", "/api/v1/costs/unknown")) {
      assertThat(http.get(list + range).header("Billing-Removed-Before"))
          .as(list)
          .contains(first(now.minusMonths(3)).toString());
    }
    Proof.of("analytics-retention")
        .with("months", months.size())
        .with("costs_left", count("cost"))
        .with("steps_left", count("performance_step"))
        .with("events_left", count("usage_event"))
        .with("events_before", events)
        .print();
  }

  @Test
  void removal_again_andAfterALateCost_removesWhatIsTooOldAlone() throws Exception {
    retain(3, 7);
    long sums = count("analytics_sum");
    retain(3, 7);
    assertThat(count("analytics_sum")).isEqualTo(sums);
    assertThat(RebuiltSums.in(http.world())).isPositive();
    assertThat(count("analytics_sum")).as("a rebuild keeps what has no costs").isEqualTo(sums);

    // Its table is gone; the pump thinks that it is there.
    http.send(
        "POST",
        BASE + "/cost/records",
        http.writeToken(),
        """
        {"record_id":"late","user_id":"ann","service":"whisper","operation":"transcribe",
         "quantity":10,"unit":"minutes","started_at":"%s"}
        """
            .formatted(first(months.get(1)).plusSeconds(60)));
    Await.until(() -> count("cost") == 3);
    JsonNode trend = http.get(BASE + "/cost/trend?period=monthly&days=366").json();
    assertThat(row(trend, months.get(1)).path("total_cost").decimalValue())
        .isEqualByComparingTo("0.12");

    retain(1, 1);
    assertThat(count("cost")).isEqualTo(1);
    // The total, the user and the operation, by day and by quarter of an hour.
    assertThat(count("analytics_sum")).isEqualTo(6);
    assertThat(count("analytics_series")).isEqualTo(3);
    assertThat(count("performance_sketch WHERE hour < '" + first(now) + "'")).isZero();
    assertThat(count("performance_sketch")).isPositive();
  }

  /** A clock that is years ahead removes no cost that people need. */
  @Test
  void removal_ofTheMonthThatRuns_isRefused() {
    AnalyticsRetention ahead =
        new AnalyticsRetention(
            http.database(), () -> first(now.plusYears(3)), RetentionPolicy.USUAL);
    assertThatThrownBy(ahead::run).hasStackTraceContaining("the month that runs stay");
    assertThat(count("cost")).isEqualTo(months.size());
  }
}
