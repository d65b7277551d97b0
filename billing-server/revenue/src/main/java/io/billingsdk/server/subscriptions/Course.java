package io.billingsdk.server.subscriptions;

import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.Outcome.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a subscription up to a moment, and by a command at that moment: what time brings
 * first, in order, and new zones of the customer between, each at its moment; then the command. A
 * pure function: a preview shows it, an execution stores it.
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

  /**
   * The course of a command.
   *
   * @param zones those of the customer
   */
  static Course of(@Nullable Subscription old, ZoneHistory zones, Command command, Instant at) {
    List<Step> steps = new ArrayList<>();
    Subscription present = old;
    if (old != null) {
      steps.addAll(ofTime(old, zones, at));
      present = last(old, steps);
      if (next(present, zones, at).isPresent()) {
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
  static Course ofTimeAlone(Subscription old, ZoneHistory zones, Instant until) {
    return new Course(old, ofTime(old, zones, until), null);
  }

  private static List<Step> ofTime(Subscription old, ZoneHistory zones, Instant until) {
    List<Step> steps = new ArrayList<>();
    Optional<Step> next = next(old, zones, until);
    while (next.isPresent() && steps.size() < MOST_STEPS) {
      steps.add(next.get());
      next = next(next.get().change().after(), zones, until);
    }
    return steps;
  }

  /** The end of a trial or period, or another zone of the customer: whichever comes first. */
  private static Optional<Step> next(Subscription present, ZoneHistory zones, Instant until) {
    Optional<Instant> due = present.dueAt().filter(each -> !each.isAfter(until));
    Optional<Instant> moved = movedAt(present, zones).filter(each -> !each.isAfter(until));
    if (due.isPresent() && (moved.isEmpty() || !due.get().isAfter(moved.get()))) {
      Change change = Timeline.next(present, due.get());
      return Optional.of(new Step(new Plain(change.act()), change));
    }
    return moved.map(at -> moved(present, new ChangeZone(zones.at(at)), at));
  }

  /** When a zone begins that the subscription does not know yet. */
  private static Optional<Instant> movedAt(Subscription present, ZoneHistory zones) {
    Instant known = present.zoneSince();
    if (!zones.at(known).equals(present.zone())) {
      return Optional.of(present.changedAt());
    }
    Instant changed = present.changedAt();
    return zones
        .firstAfter(known)
        .map(each -> each.since().isAfter(changed) ? each.since() : changed);
  }

  private static Step moved(Subscription present, ChangeZone move, Instant at) {
    if (Planner.plan(present, move, at) instanceof Change change) {
      return new Step(move, change);
    }
    throw new IllegalStateException(move + " refused at " + at + " for " + present);
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
