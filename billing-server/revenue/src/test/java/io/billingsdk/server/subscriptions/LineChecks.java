package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.SubscriptionLine.LineKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what is wrong with the lines of a history, reckoned in another way than the planner does:
 * from the times of the lines alone.
 */
final class LineChecks {
  private final List<String> wrong = new ArrayList<>();

  /** A fee of a time, less what of it was credited. */
  private record Span(SubscriptionLine line, Instant from, Instant to) {}

  static List<String> of(List<Change> history) {
    LineChecks checks = new LineChecks();
    checks.segments(history.get(history.size() - 1).after());
    checks.fees(history);
    return checks.wrong;
  }

  private void segments(Subscription last) {
    List<Segment> segments = last.segments();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean isLast = i == segments.size() - 1;
      require(segment.number() == i + 1, "number of " + segment);
      if (!isLast) {
        Instant end = segment.to();
        require(
            end != null && !segments.get(i + 1).from().isBefore(end), "overlap after " + segment);
      }
      require((segment.to() == null) == (isLast && last.state().isInUse()), "end of " + segment);
    }
  }

  private void fees(List<Change> history) {
    List<Span> advance = new ArrayList<>();
    List<Span> arrears = new ArrayList<>();
    Subscription last = history.get(history.size() - 1).after();
    for (Change change : history) {
      List<SubscriptionLine> credits = of(change, LineKind.CREDIT);
      for (SubscriptionLine credit : credits) {
        take(advance, credit);
      }
      of(change, LineKind.ADVANCE)
          .forEach(line -> advance.add(new Span(line, line.from(), line.to())));
      within(advance, change);
      of(change, LineKind.ARREARS)
          .forEach(line -> arrears.add(new Span(line, line.from(), line.to())));
    }
    boolean isBySecond = last.proration() == ProrationRule.INSTANT;
    once(advance, last, isBySecond, "advance");
    once(arrears, last, isBySecond, "arrears");
  }

  /** A credit belongs to the fee that ends with it, and leaves of it what is kept. */
  private void take(List<Span> advance, SubscriptionLine credit) {
    for (int i = advance.size() - 1; i >= 0; i--) {
      Span span = advance.get(i);
      SubscriptionLine line = span.line();
      if (span.to().equals(credit.to())
          && line.plan().equals(credit.plan())
          && line.version() == credit.version()) {
        Money kept = line.amount().plus(credit.amount());
        Fraction share = line.share().minus(credit.share());
        require(kept.signum() >= 0, "credit above the fee: " + credit + " of " + line);
        require(
            line.share().signum() == 0
                || kept.equals(
                    Money.rounded(
                        kept.currency(),
                        line.amount().exactly().times(share).dividedBy(line.share()))),
            "kept of " + line + " with " + credit);
        advance.set(i, new Span(line, span.from(), credit.from()));
        return;
      }
    }
    wrong.add("a credit of nothing: " + credit);
  }

  /** Nothing is charged for a time after the period, and nothing after a stop. */
  private void within(List<Span> advance, Change change) {
    Subscription after = change.after();
    if (after.state().isInUse() || change.act() == Act.CANCEL_NOW || change.act() == Act.PAUSE) {
      Instant bound = after.dueAt().orElse(change.at());
      if (cutsPeriod(after, bound)) {
        // The rest of its fees is credited when it ends.
        return;
      }
      for (Span span : advance) {
        require(!span.to().isAfter(bound), "charged beyond " + bound + ": " + span);
      }
    }
  }

  /** Whether a new bill day ends the running period before it would have ended. */
  private static boolean cutsPeriod(Subscription after, Instant due) {
    return after.state().isInUse()
        && after.state() != SubscriptionState.TRIALING
        && after.facts().billDays().stream()
            .anyMatch(each -> each.running() == RunningPeriod.IS_CUT)
        && after.periodAt(due.minusNanos(1)).fullEnd().isAfter(due);
  }

  /** No moment is charged twice, and none in use is left out. */
  private void once(List<Span> spans, Subscription last, boolean isBySecond, String what) {
    List<Span> full = spans.stream().filter(span -> span.from().isBefore(span.to())).toList();
    for (int i = 1; i < full.size(); i++) {
      require(
          !full.get(i).from().isBefore(full.get(i - 1).to()),
          what + " twice: " + full.get(i - 1) + " and " + full.get(i));
    }
    for (Segment segment : last.segments()) {
      if (!segment.isTrial() && isBySecond) {
        covered(full, segment, last, what);
      }
    }
  }

  private void covered(List<Span> spans, Segment segment, Subscription last, String what) {
    Instant open = last.dueAt().orElse(segment.from());
    Instant now = what.equals("advance") ? open : last.facts().coveredFrom();
    Instant end = segment.to() == null ? now : segment.to();
    Instant at = segment.from();
    for (Span span : spans) {
      if (span.from().equals(at) && at.isBefore(end)) {
        at = span.to();
      }
    }
    require(!at.isBefore(end), what + " missing from " + at + " to " + end + " in " + segment);
  }

  private static List<SubscriptionLine> of(Change change, LineKind kind) {
    return change.lines().stream().filter(line -> line.kind() == kind).toList();
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }
}
