package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.performance.Question.Bucket;
import io.billingsdk.server.performance.Sums.By;
import io.billingsdk.server.performance.Sums.Sum;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Costs by user, by service, by prompt and by day, from the sums alone. */
final class CostAnswers {
  /** The most users of an answer. */
  static final int MOST_USERS = 1_000;

  /** The most days of a trend. */
  static final int MOST_DAYS = 366;

  private static final int USERS = 10;
  private static final int DAYS = 30;

  private final InstantSource clock;

  CostAnswers(InstantSource clock) {
    this.clock = clock;
  }

  ApiResponse users(Request request) {
    Question question = Question.of(request, Period.MONTHLY, clock.instant());
    int most = Question.number(request, "topN", USERS, MOST_USERS);
    List<Sum> sums = sums(request, By.USER, List.of(question.soFar()));
    List<CostSum> all = dearest(sums, question);
    Answer answer = new Answer("user_id", "total_cost", "operations_count");
    List<CostSum> top = all.subList(0, Math.min(most, all.size()));
    top.forEach(each -> answer.row(orNull(each.name()), each.cost(), each.uses()));
    headers(answer, question, sums, all, top);
    return answer.in(request);
  }

  ApiResponse services(Request request) {
    Question question = Question.of(request, Period.MONTHLY, clock.instant());
    List<Sum> sums = sums(request, By.SERVICE, List.of(question.soFar()));
    List<CostSum> all = dearest(sums, question);
    Answer answer = new Answer("service", "total_cost", "avg_duration", "operations_count");
    all.forEach(each -> answer.row(each.name(), each.cost(), each.averageDuration(), each.uses()));
    headers(answer, question, sums, all, all);
    return answer.in(request);
  }

  ApiResponse prompts(Request request) {
    Question question = Question.of(request, Period.MONTHLY, clock.instant());
    List<Sum> sums = sums(request, By.PROMPT, List.of(question.soFar()));
    List<CostSum> all = dearest(sums, question);
    Answer answer =
        new Answer("operation", "total_cost", "avg_cost", "avg_duration", "calls_count");
    all.forEach(
        each ->
            answer.row(
                each.name(), each.cost(), each.averageCost(), each.averageDuration(), each.uses()));
    headers(answer, question, sums, all, all);
    return answer.in(request);
  }

  ApiResponse trend(Request request) {
    Question question = Question.of(request, Period.DAILY, clock.instant());
    List<Bucket> buckets = question.buckets(Question.number(request, "days", DAYS, MOST_DAYS));
    List<Sum> sums = sums(request, By.BUCKET, buckets.stream().map(Bucket::range).toList());
    Map<Integer, List<Sum>> byBucket =
        sums.stream()
            .collect(Collectors.groupingBy(Sum::bucket, HashMap::new, Collectors.toList()));
    Answer answer = new Answer("date", "total_cost", "operations_count");
    Instant removed = request.database().read(AnalyticsState.SUMS::at).orElse(Instant.EPOCH);
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.get(i).range().from().isBefore(removed)) {
        // A part of it is gone, or all of it: nobody knows what it cost.
        answer.row(buckets.get(i).date(), null, null);
        continue;
      }
      CostSum sum =
          CostSum.byName(byBucket.getOrDefault(i, List.of()), question.currency()).get("");
      // A day without a use costs 0, for certain; one with unknown uses alone does not.
      answer.row(
          buckets.get(i).date(),
          sum == null ? BigDecimal.ZERO : sum.cost(),
          sum == null ? 0L : sum.uses());
    }
    if (buckets.get(0).range().from().isBefore(removed)) {
      answer.header("Billing-Removed-Before", removed.toString());
    }
    List<CostSum> all = dearest(sums, question);
    headers(answer, question, sums, all, all);
    return answer.in(request);
  }

  private static List<Sum> sums(Request request, By by, List<Range> ranges) {
    return request.database().read(handle -> Sums.of(handle, by, Pieces.of(ranges)));
  }

  private static List<CostSum> dearest(List<Sum> sums, Question question) {
    return CostSum.byName(sums, question.currency()).values().stream()
        .sorted(CostSum.DEAREST)
        .toList();
  }

  /** What the rows do not say: the rest, the whole, and what is in no sum. */
  private static void headers(
      Answer answer, Question question, List<Sum> sums, List<CostSum> all, List<CostSum> shown) {
    BigDecimal total = total(all);
    answer.header("Billing-Total-Cost", text(total));
    answer.header("Billing-Other-Cost", text(total.subtract(total(shown))));
    answer.header("Billing-Currency", question.currency());
    long unknown = all.stream().mapToLong(CostSum::unknown).sum();
    answer.header("Billing-Unknown-Costs", Long.toString(unknown));
    Set<String> others = CostSum.otherCurrencies(sums, question.currency());
    if (!others.isEmpty()) {
      answer.header("Billing-Other-Currencies", String.join(" ", others));
    }
  }

  private static BigDecimal total(List<CostSum> sums) {
    return sums.stream().map(CostSum::known).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String text(BigDecimal amount) {
    return Answer.plain(amount).toPlainString();
  }

  private static @Nullable String orNull(String name) {
    return name.isEmpty() ? null : name;
  }
}
