package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.Money;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Course.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Random lives of customers: their plan times, and what each event made the monthly fees. */
public final class RandomCourses {
  private static final int STEPS = 14;

  private RandomCourses() {}

  /**
   * The life of a customer.
   *
   * @param times as figures read them: from segments
   * @param states as a naive reader finds them: from one event to the next
   */
  public record RandomCourse(List<PlanTime> times, List<FeeState> states) {}

  /**
   * What an event led to.
   *
   * @param isUsed whether the customer has a plan then
   */
  public record FeeState(Instant at, Money monthly, boolean isUsed) {}

  /** By a seed. */
  public static RandomCourse of(long seed) {
    Histories random = new Histories(seed);
    Start start = random.start();
    List<Step> steps = new ArrayList<>();
    steps.addAll(Course.of(null, ZoneHistory.of(start.zone()), start, random.begin()).steps());
    for (int step = 0; step < STEPS; step++) {
      Subscription present = steps.get(steps.size() - 1).change().after();
      Instant at = random.after(present);
      ZoneHistory zones = random.zones(present, at);
      steps.addAll(Course.of(present, zones, random.command(present), at).steps());
    }
    Subscription last = steps.get(steps.size() - 1).change().after();
    List<PlanTime> times =
        last.segments().stream()
            .filter(each -> !each.from().equals(each.to()))
            .map(each -> PlanTime.of(last.customer(), each))
            .toList();
    return new RandomCourse(times, steps.stream().map(RandomCourses::state).toList());
  }

  /** By the state of the subscription and its plan, not by its segments. */
  private static FeeState state(Step step) {
    Subscription after = step.change().after();
    boolean isCharged = after.state().isInUse() && after.state() != SubscriptionState.TRIALING;
    Money monthly =
        isCharged ? PlanTime.monthly(after.plan()) : Money.zero(after.plan().currency());
    return new FeeState(step.change().at(), monthly, after.state().isInUse());
  }
}
