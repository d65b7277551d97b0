package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Money;
import io.billingsdk.server.catalog.PlanVersion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as it is shown.
 *
 * @param subscriptionId null in the preview of a start
 * @param period the running one; null in a pause and after the end
 */
record SubscriptionView(
    @Nullable UUID subscriptionId,
    String customerId,
    String state,
    String plan,
    int version,
    String currency,
    String anchor,
    int billDay,
    String zone,
    String proration,
    @Nullable PeriodView period,
    @Nullable Instant dueAt,
    boolean endsWithPeriod,
    @Nullable SubscribedPlan nextPlan,
    List<SegmentView> segments,
    long revision,
    Instant changedAt) {

  record SubscribedPlan(String plan, int version) {
    static SubscribedPlan of(PlanVersion plan) {
      return new SubscribedPlan(plan.plan(), plan.version());
    }
  }

  record PeriodView(Instant from, Instant to) {
    static PeriodView of(BillingPeriod period) {
      return new PeriodView(period.start(), period.end());
    }
  }

  record SegmentView(
      int number, String plan, int version, boolean trial, Instant from, @Nullable Instant to) {
    static SegmentView of(Segment segment) {
      return new SegmentView(
          segment.number(),
          segment.plan().plan(),
          segment.plan().version(),
          segment.isTrial(),
          segment.from(),
          segment.to());
    }
  }

  record LineView(
      String kind,
      String plan,
      int version,
      String chargeId,
      String name,
      Instant from,
      Instant to,
      String share,
      BigDecimal amount) {
    static LineView of(SubscriptionLine line) {
      return new LineView(
          line.kind().text(),
          line.plan(),
          line.version(),
          line.charge(),
          line.name(),
          line.from(),
          line.to(),
          line.share().toString(),
          line.amount().amount());
    }
  }

  record ChangeView(String act, Instant at, List<LineView> lines) {
    static ChangeView of(Course.Step step) {
      return new ChangeView(
          step.change().act().text(),
          step.change().at(),
          step.change().lines().stream().map(LineView::of).toList());
    }
  }

  /**
   * What happens, of a preview and of an execution.
   *
   * @param total the sum of all lines
   */
  record CourseView(SubscriptionView subscription, List<ChangeView> changes, BigDecimal total) {
    static CourseView of(Course course, boolean isStored) {
      Subscription after = course.after().orElseThrow();
      Money total = Money.zero(after.currency());
      for (Course.Step step : course.steps()) {
        for (SubscriptionLine line : step.change().lines()) {
          total = total.plus(line.amount());
        }
      }
      return new CourseView(
          SubscriptionView.of(after, isStored),
          course.steps().stream().map(ChangeView::of).toList(),
          total.amount());
    }
  }

  record EventView(
      long number,
      Instant at,
      String act,
      String state,
      List<LineView> lines,
      String actor,
      Instant recordedAt) {
    static EventView of(SubscriptionEvent event) {
      return new EventView(
          event.number(),
          event.at(),
          event.act(),
          event.state().text(),
          event.lines().stream().map(LineView::of).toList(),
          event.actor(),
          event.recordedAt());
    }
  }

  static SubscriptionView of(Subscription subscription) {
    return of(subscription, /* isStored= */ true);
  }

  private static SubscriptionView of(Subscription subscription, boolean isStored) {
    return new SubscriptionView(
        isStored ? subscription.id() : null,
        subscription.customer(),
        subscription.state().text(),
        subscription.plan().plan(),
        subscription.plan().version(),
        subscription.currency(),
        subscription.anchor().toString(),
        subscription.billDay(),
        subscription.zone().getId(),
        OrderParameters.shown(subscription.proration()),
        subscription.state().isInUse()
            ? PeriodView.of(subscription.periodAt(subscription.changedAt()))
            : null,
        subscription.dueAt().orElse(null),
        subscription.endsWithPeriod(),
        subscription.nextPlan().map(SubscribedPlan::of).orElse(null),
        subscription.segments().stream().map(SegmentView::of).toList(),
        subscription.revision(),
        subscription.changedAt());
  }
}
