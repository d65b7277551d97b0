package io.billingsdk.server.subscriptions;

import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.Outcome.Refused;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a subscription up to a moment, and by a command at that moment: what time brings
 * first, in order, then a new zone of the customer, then the command. A pure function: a preview
 * shows it, an execution stores it.
 *
 * @param old the subscription before; null before its start
 * @param steps what happens, in order
 * @param refusal why the command itself does not happen; null if it does, or if there is none
 */
record Course(@Nullable Subscription old, List<Step> steps, @Nullable Refusal refusal) {
  /** Of a subscription of weeks, 38 years. */
  private static final int MOST_STEPS = 1_000;

  /** Copies the steps. */
  public Course {
    steps = List.copyOf(steps);
  }

  /** A change, and the command that it comes from. */
  record Step(Command command, Change change) {}

  /** The course of a command. */
  static Course of(@Nullable Subscription old, ZoneId zone, Command command, Instant at) {
    List<Step> steps = new ArrayList<>();
    Subscription present = old;
    if (old != null) {
      steps.addAll(ofTime(old, zone, at));
      present = last(old, steps);
      if (present.dueAt().filter(due -> !due.isAfter(at)).isPresent()) {
        return new Course(old, List.of(), Refusal.TOO_FAR);
      }
    }
    Outcome outcome = Planner.plan(present, command, at);
    if (outcome instanceof Refused refused) {
      return new Course(old, steps, refused.why());
    }
    steps.add(new Step(command, (Change) outcome));
    return new Course(old, steps, null);
  }

  /** The course of time alone, up to a moment. */
  static Course ofTimeAlone(Subscription old, ZoneId zone, Instant until) {
    return new Course(old, ofTime(old, zone, until), null);
  }

  private static List<Step> ofTime(Subscription old, ZoneId zone, Instant until) {
    List<Step> steps = new ArrayList<>();
    for (Change change : Timeline.until(old, until, MOST_STEPS)) {
      steps.add(new Step(new Plain(change.act()), change));
    }
    Subscription present = last(old, steps);
    boolean isUpToDate = present.dueAt().filter(due -> !due.isAfter(until)).isEmpty();
    if (isUpToDate && !present.zone().equals(zone)) {
      Command move = new ChangeZone(zone);
      if (Planner.plan(present, move, until) instanceof Change change) {
        steps.add(new Step(move, change));
      }
    }
    return steps;
  }

  /** The subscription afterwards; empty if nothing has begun. */
  Optional<Subscription> after() {
    return steps.isEmpty()
        ? Optional.ofNullable(old)
        : Optional.of(steps.get(steps.size() - 1).change().after());
  }

  /** The subscription as its command finds it; null before its start. */
  @Nullable Subscription found() {
    // A refused command is no step.
    int acted = steps.size() - (refusal == null ? 1 : 0);
    return acted <= 0 ? old : steps.get(acted - 1).change().after();
  }

  private static Subscription last(Subscription old, List<Step> steps) {
    return steps.isEmpty() ? old : steps.get(steps.size() - 1).change().after();
  }
}
