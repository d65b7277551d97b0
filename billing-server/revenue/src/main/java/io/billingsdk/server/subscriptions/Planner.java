package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingInterval.Unit;
import io.billingsdk.rating.PriceChange;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.ChangeZone;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Command.Switch;
import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.Outcome.Refused;
import io.billingsdk.server.subscriptions.Subscription.BillDaySpan;
import io.billingsdk.server.subscriptions.Subscription.Facts;
import io.billingsdk.server.subscriptions.Subscription.ZoneSpan;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command does to a subscription at a moment: one pure function. A preview shows its result
 * and an execution stores it, so they cannot differ.
 */
final class Planner {
  private Planner() {}

  /**
   * Reckons a change.
   *
   * @param old the subscription, which time has been let act on up to {@code at}; null before its
   *     start
   */
  static Outcome plan(@Nullable Subscription old, Command command, Instant at) {
    Optional<Refusal> refusal = refusal(old, command, at);
    if (refusal.isPresent()) {
      return new Refused(refusal.get());
    }
    if (command instanceof Start start) {
      return started(start, at);
    }
    Subscription present = Objects.requireNonNull(old, "not started");
    requireInTime(present, command, at);
    return changed(present, command, at);
  }

  /** What a command is to a subscription. */
  static Act actOf(@Nullable Subscription old, Command command) {
    if (command instanceof Switch change) {
      return old != null && Prices.change(old.plan(), change.plan()) == PriceChange.DOWNGRADE
          ? Act.DOWNGRADE
          : Act.UPGRADE;
    }
    if (command instanceof Plain plain) {
      return plain.act();
    }
    return command instanceof Start
        ? Act.START
        : command instanceof Migrate
            ? Act.MIGRATE
            : command instanceof ChangeZone ? Act.CHANGE_ZONE : Act.CHANGE_BILL_DAY;
  }

  private static Optional<Refusal> refusal(
      @Nullable Subscription old, Command command, Instant at) {
    if (old == null && !(command instanceof Start)) {
      return Optional.of(Refusal.NOT_STARTED);
    }
    PlanVersion plan = planOf(command);
    // First: prices in two currencies have no order.
    if (plan != null && !plan.currency().equals(currencyOf(old, command))) {
      return Optional.of(Refusal.CURRENCY);
    }
    Act act = actOf(old, command);
    SubscriptionState state = old == null ? null : old.state();
    Optional<Refusal> byState = StateTable.refusal(state, act);
    if (old == null || byState.isPresent()) {
      return byState;
    }
    if (at.isBefore(old.changedAt())) {
      return Optional.of(Refusal.IN_THE_PAST);
    }
    if (act == Act.CHANGE_BILL_DAY && old.plan().interval().unit() == Unit.WEEK) {
      return Optional.of(Refusal.WEEKS);
    }
    return byPlan(old, act, plan).or(() -> byPending(old.facts().pending(), act, plan));
  }

  private static Optional<Refusal> byPlan(Subscription old, Act act, @Nullable PlanVersion plan) {
    if (plan == null) {
      return Optional.empty();
    }
    boolean isSamePlan = plan.plan().equals(old.plan().plan());
    if (isSamePlan && plan.version() == old.plan().version()) {
      return Optional.of(Refusal.SAME_PLAN);
    }
    return act == Act.MIGRATE && !isSamePlan ? Optional.of(Refusal.OTHER_PLAN) : Optional.empty();
  }

  private static Optional<Refusal> byPending(
      @Nullable Pending pending, Act act, @Nullable PlanVersion plan) {
    if (act == Act.UNDO) {
      return pending == null ? Optional.of(Refusal.NOTHING_PENDING) : Optional.empty();
    }
    boolean needsNone = plan != null || act == Act.PAUSE;
    if (pending instanceof Pending.Cancel && (needsNone || act == Act.CANCEL_AT_END)) {
      return Optional.of(Refusal.CANCEL_PENDING);
    }
    boolean overrides = act == Act.PAUSE || act == Act.MIGRATE;
    boolean isAnothers = pending instanceof Pending.ToPlan next && next.act() != act;
    return overrides && isAnothers ? Optional.of(Refusal.CHANGE_PENDING) : Optional.empty();
  }

  private static @Nullable PlanVersion planOf(Command command) {
    if (command instanceof Start start) {
      return start.plan();
    }
    if (command instanceof Switch change) {
      return change.plan();
    }
    return command instanceof Migrate migration ? migration.plan() : null;
  }

  private static @Nullable String currencyOf(@Nullable Subscription old, Command command) {
    if (command instanceof Start start) {
      return start.currency();
    }
    return old == null ? null : old.currency();
  }

  private static void requireInTime(Subscription old, Command command, Instant at) {
    Instant due = old.dueAt().orElse(Instant.MAX);
    boolean isOfTime = actOf(old, command).isOfTime();
    // A defect of the caller: each end of a period must have happened before what comes after it.
    if (isOfTime ? !at.equals(due) : !at.isBefore(due)) {
      throw new IllegalStateException(
          "time has not been let act: " + command + " at " + at + ", due " + due);
    }
  }

  private static Change started(Start start, Instant at) {
    LocalDate day = at.atZone(start.zone()).toLocalDate();
    PlanVersion plan = start.plan();
    boolean isTrial = plan.trialDays() > 0;
    Draft draft =
        new Draft(
            new Facts(
                start.id(),
                start.customer(),
                start.currency(),
                isTrial ? SubscriptionState.TRIALING : SubscriptionState.ACTIVE,
                plan,
                start.anchor() != null ? start.anchor() : usualAnchor(plan, day),
                start.proration(),
                List.of(new ZoneSpan(at, start.zone())),
                List.of(),
                isTrial
                    ? day.plusDays(plan.trialDays()).atStartOfDay(start.zone()).toInstant()
                    : null,
                at,
                List.of(),
                null,
                List.of(),
                0,
                at));
    if (isTrial) {
      draft.beginTrial(at);
    } else {
      draft.beginCharged(at, Instant.MIN);
    }
    return draft.done(Act.START, at);
  }

  private static LocalDate usualAnchor(PlanVersion plan, LocalDate day) {
    return plan.interval().unit() == Unit.WEEK ? day : day.withDayOfMonth(1);
  }

  private static Change changed(Subscription old, Command command, Instant at) {
    Draft draft = new Draft(old.facts());
    Act act = actOf(old, command);
    if (command instanceof Switch change) {
      toPlan(draft, act, change.plan(), timing(old, change), at);
    } else if (command instanceof Migrate migration) {
      toPlan(draft, act, migration.plan(), timing(old, migration), at);
    } else if (command instanceof ChangeZone change) {
      draft.addZone(new ZoneSpan(at, change.zone()));
    } else if (command instanceof ChangeBillDay change) {
      draft.addBillDay(new BillDaySpan(at, change.day(), change.running()));
    } else {
      plain(draft, act, at);
    }
    return draft.done(act, at);
  }

  private static Timing timing(Subscription old, Switch change) {
    if (change.timing() != null) {
      return change.timing();
    }
    // In a trial nothing was charged that a change could take away.
    return old.state() == SubscriptionState.TRIALING
        ? Timing.NOW
        : Prices.change(old.plan(), change.plan()).usualTiming();
  }

  private static Timing timing(Subscription old, Migrate migration) {
    if (old.state() == SubscriptionState.PAUSED) {
      return Timing.NOW;
    }
    return migration.timing() != null ? migration.timing() : Timing.AT_PERIOD_END;
  }

  private static void toPlan(Draft draft, Act act, PlanVersion plan, Timing timing, Instant at) {
    if (timing == Timing.AT_PERIOD_END) {
      draft.pending = new Pending.ToPlan(act, plan);
      return;
    }
    draft.pending = null;
    if (!draft.state.isInUse()) {
      draft.plan = plan;
      return;
    }
    draft.change(plan, at);
  }

  private static void plain(Draft draft, Act act, Instant at) {
    switch (act) {
      case CANCEL_NOW -> stop(draft, SubscriptionState.CANCELLED, at);
      case PAUSE -> stop(draft, SubscriptionState.PAUSED, at);
      case CANCEL_AT_END -> draft.pending = new Pending.Cancel();
      case UNDO -> draft.pending = null;
      case RESUME, REACTIVATE -> {
        draft.state = SubscriptionState.ACTIVE;
        draft.beginAgain(at);
      }
      case PAYMENT_MISSED -> draft.state = SubscriptionState.PAST_DUE;
      case PAYMENT_MADE -> draft.state = SubscriptionState.ACTIVE;
      case END_TRIAL -> endTrial(draft, at);
      case END_PERIOD -> endPeriod(draft, at);
      case START, UPGRADE, DOWNGRADE, MIGRATE, CHANGE_ZONE, CHANGE_BILL_DAY ->
          throw new IllegalArgumentException("needs more than its name: " + act);
    }
  }

  private static void stop(Draft draft, SubscriptionState state, Instant at) {
    if (draft.state.isInUse()) {
      draft.end(at);
    }
    draft.state = state;
    draft.pending = null;
    draft.trialEnd = null;
  }

  private static void endTrial(Draft draft, Instant at) {
    if (draft.pending instanceof Pending.Cancel) {
      stop(draft, SubscriptionState.CANCELLED, at);
      return;
    }
    draft.end(at);
    takeUpPending(draft);
    draft.trialEnd = null;
    draft.state = SubscriptionState.ACTIVE;
    draft.beginCharged(at, at);
  }

  private static void endPeriod(Draft draft, Instant at) {
    if (draft.pending instanceof Pending.Cancel) {
      stop(draft, SubscriptionState.CANCELLED, at);
    } else if (draft.pending != null) {
      draft.end(at);
      takeUpPending(draft);
      draft.beginCharged(at, at);
    } else {
      draft.settle(at);
      draft.beginPeriod(at);
    }
  }

  private static void takeUpPending(Draft draft) {
    if (draft.pending instanceof Pending.ToPlan next) {
      draft.plan = next.plan();
    }
    draft.pending = null;
  }
}
