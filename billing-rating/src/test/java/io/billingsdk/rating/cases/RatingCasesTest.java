package io.billingsdk.rating.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each case of the file, by the public API. The lines are kept as their source has them. */
final class RatingCasesTest {
  private static final Map<String, Consumer<Case>> BY_TOPIC = byTopic();

  private static Map<String, Consumer<Case>> byTopic() {
    Map<String, Consumer<Case>> runners = new LinkedHashMap<>();
    runners.put("rating", PriceCases::run);
    runners.put("late_usage", PartCases::late);
    runners.put("proration", ProrationCases::run);
    runners.put("credit_note", CreditCases::run);
    runners.put("calendar", CalendarCases::run);
    runners.put("timezone", CalendarCases::run);
    runners.put("commitment", InvoiceCases::commitment);
    runners.put("discount", InvoiceCases::discount);
    runners.put("prepaid", InvoiceCases::prepaid);
    runners.put("tax", InvoiceCases::tax);
    runners.put("rounding", RoundingCases::run);
    runners.put("credits", CounterCases::credits);
    runners.put("alerts", CounterCases::thresholds);
    return runners;
  }

  @Test
  void cases_byThePublicApi_giveTheAmountsOfTheirSources() {
    Map<String, Integer> topics = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    int values = 0;
    List<Case> all = Case.all();
    List<Case> cases = all.stream().filter(RatingCasesTest::isRated).toList();
    for (Case one : cases) {
      String topic = area(one);
      run(BY_TOPIC.get(topic), one, wrong);
      topics.merge(topic, 1, Integer::sum);
      values += one.values();
    }
    Proof proof =
        Proof.of("rating-cases")
            .with("cases", cases.size())
            .with("wrong", wrong.size())
            .with("values", values)
            .with("skipped", all.size() - cases.size());
    topics.forEach(proof::with);
    proof.print();
    assertThat(wrong).as("cases that differ").isEmpty();
    assertThat(cases).as("cases of the file").isNotEmpty();
  }

  /** A runner that compares too little would pass any case. */
  @Test
  void cases_withOneValueChanged_areAllFound() {
    List<String> missed = new ArrayList<>();
    int changes = 0;
    for (Case one : Case.all().stream().filter(RatingCasesTest::isRated).toList()) {
      for (Case changed : one.withOneValueChanged()) {
        List<String> wrong = new ArrayList<>();
        run(BY_TOPIC.get(area(one)), changed, wrong);
        if (wrong.isEmpty()) {
          missed.add(changed.toString());
        }
        changes++;
      }
    }
    Proof.of("rating-cases-changed").with("changes", changes).with("missed", missed.size()).print();
    assertThat(missed).as("changed cases that pass").isEmpty();
  }

  private static String area(Case one) {
    return one.topic.substring(0, one.topic.indexOf('.'));
  }

  /** The forms that a provider of payments wants amounts in are not this library's. */
  private static boolean isRated(Case one) {
    return BY_TOPIC.containsKey(area(one)) && !one.topic.equals("rounding.provider_minor_units");
  }

  private static void run(@Nullable Consumer<Case> runner, Case one, List<String> wrong) {
    if (runner == null) {
      wrong.add(one + ": nothing runs this topic");
      return;
    }
    try {
      runner.accept(one);
    } catch (RuntimeException | AssertionError e) {
      wrong.add(one + ": " + e);
      return;
    }
    if (one.values() == 0 || !one.differences().isEmpty()) {
      wrong.add(one + ": " + one.differences());
    }
  }
}
