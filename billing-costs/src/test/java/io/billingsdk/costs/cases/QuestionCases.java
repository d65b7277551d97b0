package io.billingsdk.costs.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.AdviceInput;
import io.billingsdk.costs.AdviceLimits;
import io.billingsdk.costs.Advisor;
import io.billingsdk.costs.AlertState;
import io.billingsdk.costs.Budget;
import io.billingsdk.costs.CostEntry;
import io.billingsdk.costs.CostSums;
import io.billingsdk.costs.DurationSketch;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.Percentile;
import io.billingsdk.costs.TopN;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Cases of sums, percentiles, zones, advice and alerts. */
final class QuestionCases {
  private QuestionCases() {}

  static void corrections(CostCase one) {
    List<CostEntry> entries = new ArrayList<>();
    for (JsonNode each : one.given().path("records")) {
      Optional<String> corrects = Optional.ofNullable(each.path("corrects").textValue());
      Optional<BigDecimal> total = Optional.of(decimal(each.path("total")));
      entries.add(new CostEntry(each.path("id").asText(), corrects, "USD", total));
    }
    CostSums sums = CostSums.of(entries);
    one.same("total", sums.in("USD"));
    if (sums.entries() != entries.size()) {
      throw new AssertionError("an entry is hidden");
    }
  }

  static void percentiles(CostCase one) {
    String[] range = one.given().path("durations_ms").asText().split("\\.\\.", -1);
    List<Long> values =
        LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1])).boxed().toList();
    DurationSketch.Builder builder = new DurationSketch.Builder();
    values.forEach(builder::add);
    DurationSketch sketch = builder.build();
    BigDecimal p95 = new BigDecimal("95");
    one.same("avg", sketch.average(6).orElseThrow());
    one.same("p95_exact", sketch.percentile(p95).orElseThrow());
    one.same("p95_exact", Percentile.linear(values, p95));
    one.same("p95_nearest_rank", Percentile.nearestRank(values, p95));
    one.same("max", sketch.most());
  }

  static void userAdvice(CostCase one) {
    Map<String, BigDecimal> users = named(one.given().path("user_totals"));
    Advisor.Report report = advise(users, Map.of());
    Map<String, String> data = report.advice().get(0).data();
    one.same("mean", Objects.requireNonNull(data.get("mean"), "mean"));
    one.same("limit", Objects.requireNonNull(data.get("limit"), "limit"));
    one.sameList(
        "flagged", report.advice().stream().map(each -> each.data().get("total_cost")).toList());
  }

  static void serviceAdvice(CostCase one) {
    Map<String, BigDecimal> services = new TreeMap<>();
    JsonNode given = one.given().path("service_totals");
    given.properties().forEach(e -> services.put(e.getKey(), decimal(e.getValue())));
    String first = given.fieldNames().next();
    BigDecimal total = services.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal part = Objects.requireNonNull(services.get(first), first);
    BigDecimal share = part.scaleByPowerOfTen(2).divide(total);
    one.same("share", share);
    one.same("flagged", !advise(Map.of(), services).advice().isEmpty());
    BigDecimal more = new BigDecimal("60.01");
    services.put(first, more);
    services.put("s3", new BigDecimal("100").subtract(more));
    one.same("at_60.01", !advise(Map.of(), services).advice().isEmpty());
  }

  static void days(CostCase one) {
    LocalDays days = new LocalDays(ZoneId.of(one.given().path("tz").asText()));
    Map<LocalDate, BigDecimal> sums = new TreeMap<>();
    for (JsonNode each : one.given().path("records")) {
      Instant quarter = LocalDays.quarterOf(Instant.parse(each.path("at").asText()));
      sums.merge(days.dayOf(quarter), decimal(each.path("total")), BigDecimal::add);
    }
    sums.forEach((day, sum) -> one.same(day.toString(), sum));
  }

  static void sumOfDays(CostCase one) {
    LocalDays days = new LocalDays(ZoneId.of("Asia/Kathmandu"));
    LocalDate first = LocalDate.of(2026, 5, 10);
    LocalDate last = first.plusDays(4);
    Map<Instant, BigDecimal> rollups = new TreeMap<>();
    Instant at = days.day(first).from();
    for (int i = 1; i <= 500; i++) {
      Instant quarter = LocalDays.quarterOf(at.plusSeconds(i * 863L));
      rollups.merge(quarter, BigDecimal.valueOf(i, 3), BigDecimal::add);
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (LocalDate day : days.list(first, last)) {
      sum = sum.add(within(rollups, days.day(day)));
    }
    BigDecimal whole = within(rollups, days.days(first, last));
    one.same("equal", sum.compareTo(whole) == 0 && sum.signum() > 0);
  }

  private static BigDecimal within(Map<Instant, BigDecimal> rollups, LocalDays.Range range) {
    return rollups.entrySet().stream()
        .filter(each -> range.holds(each.getKey()))
        .map(Map.Entry::getValue)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  static void top(CostCase one) {
    int n = Integer.parseInt(one.when().path("query").asText().replace("top ", ""));
    TopN top = TopN.of(named(one.given().path("user_totals")), n);
    one.sameList("rows", top.rows().stream().map(TopN.Row::amount).toList());
    one.same("other", top.other());
    one.same("total", top.total());
  }

  static void budget(CostCase one) {
    List<BigDecimal> thresholds = new ArrayList<>();
    one.given().path("thresholds").forEach(each -> thresholds.add(decimal(each)));
    BigDecimal amount = decimal(one.given().path("budget"));
    Budget budget = new Budget("budget", "USD", amount, thresholds, false);
    AlertState state = AlertState.NEW;
    List<BigDecimal> alerts = new ArrayList<>();
    for (JsonNode spent : one.given().path("spend_events")) {
      AlertState.Step step = state.step(budget.rule(), "2026-11", decimal(spent));
      step.alerts().forEach(alert -> alerts.add(budget.thresholdOf(alert)));
      state = step.state();
    }
    one.sameList("alerts", alerts);
  }

  private static Advisor.Report advise(
      Map<String, BigDecimal> users, Map<String, BigDecimal> services) {
    AdviceInput input = new AdviceInput("USD", users, services, List.of());
    return Advisor.of(AdviceLimits.usual()).advise(input, Set.of());
  }

  private static Map<String, BigDecimal> named(JsonNode amounts) {
    Map<String, BigDecimal> sums = new TreeMap<>();
    amounts.forEach(each -> sums.put("user" + sums.size(), decimal(each)));
    return sums;
  }

  private static BigDecimal decimal(JsonNode node) {
    return new BigDecimal(node.asText());
  }
}
