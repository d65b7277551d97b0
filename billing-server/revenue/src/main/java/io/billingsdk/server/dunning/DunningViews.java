package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.server.dunning.AttemptRows.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cases and rules, as the API shows them. */
final class DunningViews {
  private DunningViews() {}

  record AttemptView(int attempt, String on, String outcome, @Nullable String code) {
    static AttemptView of(Attempt attempt) {
      String code = attempt.code().isEmpty() ? null : attempt.code();
      return new AttemptView(attempt.attempt(), attempt.day().toString(), attempt.outcome(), code);
    }
  }

  record CaseView(
      String number,
      String customerId,
      String state,
      int attempts,
      String declineClass,
      String declineCode,
      String firstOn,
      String lastOn,
      @Nullable String nextOn,
      @Nullable String reason,
      Instant changedAt) {
    static CaseView of(RetryCase of) {
      return new CaseView(
          of.number(),
          of.customer(),
          of.state().text(),
          of.attempts(),
          of.declineClass().text(),
          of.declineCode(),
          of.firstOn().toString(),
          of.lastOn().toString(),
          of.nextOn() == null ? null : of.nextOn().toString(),
          of.reason(),
          of.changedAt());
    }
  }

  record CaseDetailView(CaseView dunning, List<AttemptView> attempts) {
    static CaseDetailView of(RetryCase of, List<Attempt> attempts) {
      return new CaseDetailView(CaseView.of(of), attempts.stream().map(AttemptView::of).toList());
    }
  }

  record RuleView(String declineClass, List<Integer> days, String countedFrom, int windowDays) {
    static RuleView of(DeclineKind of, RetryRule rule) {
      String from = rule.isFromPrevious() ? "previous" : "first";
      return new RuleView(of.text(), rule.days(), from, rule.windowDays());
    }
  }

  record ThresholdView(String currency, String least) {
    static ThresholdView of(Money least) {
      return new ThresholdView(least.currency(), least.amount().toPlainString());
    }
  }

  record RulesView(List<RuleView> rules, List<ThresholdView> thresholds) {
    static RulesView of(Map<DeclineKind, RetryRule> rules, Map<String, Money> thresholds) {
      return new RulesView(
          rules.entrySet().stream()
              .map(each -> RuleView.of(each.getKey(), each.getValue()))
              .toList(),
          thresholds.values().stream().map(ThresholdView::of).toList());
    }
  }
}
