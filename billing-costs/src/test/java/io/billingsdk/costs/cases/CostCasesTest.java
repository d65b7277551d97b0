package io.billingsdk.costs.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each line of {@code cost-cases.jsonl}, through the public types of the module. */
final class CostCasesTest {
  private static final Map<String, Consumer<CostCase>> BY_TOPIC =
      Map.of(
          "correction is a new record", QuestionCases::corrections,
          "percentile definition (linear, as percentile_cont)", QuestionCases::percentiles,
          "user over 3x the average", QuestionCases::userAdvice,
          "service share over 60 %, strictly", QuestionCases::serviceAdvice,
          "time zone: 45 minute offset", QuestionCases::days,
          "sum of days equals the range, in every zone", QuestionCases::sumOfDays,
          "top-N reconciles", QuestionCases::top,
          "a budget threshold fires once per period", QuestionCases::budget);

  @Test
  void cases_throughThePublicApi_giveTheAmountsOfTheirSources() {
    List<CostCase> cases = CostCase.all();
    List<String> wrong = new ArrayList<>();
    int values = 0;
    for (CostCase one : cases) {
      wrong.addAll(run(one));
      values += one.compared();
    }
    Proof.of("cost-cases")
        .with("cases", cases.size())
        .with("values", values)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).as("cases that differ").isEmpty();
    assertThat(cases).as("cases of the file").isNotEmpty();
  }

  /** A runner that compares too little would pass any case. */
  @Test
  void cases_withOneValueChanged_areAllFound() {
    List<String> missed = new ArrayList<>();
    int changes = 0;
    for (CostCase one : CostCase.all()) {
      for (CostCase changed : one.changed()) {
        changes++;
        if (run(changed).isEmpty()) {
          missed.add(changed + " " + changed.then());
        }
      }
    }
    Proof.of("cost-cases-changed").with("changes", changes).with("missed", missed.size()).print();
    assertThat(missed).as("changed cases that pass").isEmpty();
  }

  private static List<String> run(CostCase one) {
    try {
      BY_TOPIC.getOrDefault(one.topic(), PriceCases::run).accept(one);
    } catch (RuntimeException | AssertionError e) {
      return List.of(one + ": " + e);
    }
    return one.differences().stream().map(text -> one + ": " + text).toList();
  }
}
