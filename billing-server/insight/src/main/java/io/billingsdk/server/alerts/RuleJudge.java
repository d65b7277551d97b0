package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertState;
import io.billingsdk.costs.AlertState.Alert;
import io.billingsdk.costs.AlertState.Kind;
import io.billingsdk.costs.AlertState.Step;
import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.server.alerts.AlertRows.AlertRow;
import io.billingsdk.server.alerts.AlertRows.Cause;
import io.billingsdk.server.alerts.TouchedSums.Touch;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Judges one rule in a transaction: stores what is to be said of it, and says it. */
final class RuleJudge {
  /** A cost that comes later than this after the end of its period alerts nobody. */
  static final Duration LATEST = Duration.ofDays(3);

  private final Handle handle;
  private final StoredRule rule;
  private final Instant now;
  private final RuleAmounts amounts;

  RuleJudge(Handle handle, StoredRule rule, Instant now) {
    this.handle = handle;
    this.rule = rule;
    this.now = now;
    this.amounts = new RuleAmounts(handle, rule);
  }

  /**
   * Judges it.
   *
   * @param touched sums that are others since the last time
   * @param hasMoved whether rolling windows have moved on
   */
  void judge(List<Touch> touched, boolean hasMoved) {
    Map<Slice, Set<String>> due = new LinkedHashMap<>();
    touched.stream().filter(each -> each.scope() == rule.scope()).forEach(each -> due(due, each));
    List<AlertRow> live = AlertRows.live(handle, rule.name());
    if (!rule.checked() || (rule.window().isRolling() && hasMoved)) {
      Slice current = rule.window().current(now);
      Set<String> abouts = due.computeIfAbsent(current, slice -> new TreeSet<>());
      live.stream()
          .filter(each -> each.period().equals(current.name()))
          .forEach(each -> abouts.add(each.about()));
    }
    due.forEach((slice, abouts) -> step(slice, abouts, amounts.of(slice, abouts)));
    if (!rule.checked()) {
      Slice current = rule.window().current(now);
      Map<String, BigDecimal> all = amounts.all(current);
      step(current, all.keySet(), all);
      RuleRows.checked(handle, rule.name());
    }
    end();
  }

  private void due(Map<Slice, Set<String>> due, Touch touch) {
    rule.window()
        .sliceOf(touch.quarter(), now)
        .filter(slice -> slice.range().to().plus(LATEST).isAfter(now))
        .ifPresent(
            slice ->
                due.computeIfAbsent(slice, any -> new TreeSet<>())
                    .add(touch.about().isEmpty() ? rule.aboutBudget() : touch.about()));
  }

  private void step(Slice slice, Set<String> abouts, Map<String, BigDecimal> sums) {
    Map<String, List<AlertRow>> said =
        AlertRows.of(handle, rule, slice, abouts).stream()
            .collect(Collectors.groupingBy(AlertRow::about));
    for (String about : new TreeSet<>(abouts)) {
      BigDecimal amount = sums.getOrDefault(about, BigDecimal.ZERO);
      step(slice, about, amount, said.getOrDefault(about, List.of()));
    }
  }

  private void step(Slice slice, String about, BigDecimal amount, List<AlertRow> rows) {
    AlertState state = state(slice, rows);
    Step step = state.step(rule.rule(), slice.name(), amount);
    for (Alert each : step.alerts()) {
      if (each.kind() == Kind.RAISED) {
        long number = AlertRows.add(handle, rule, slice, about, each, /* muted= */ false, now);
        AlertMessages.raised(handle, rule, number, about, each);
      } else {
        open(rows, each.bound()).forEach(row -> resolve(row, amount, Cause.BELOW));
      }
    }
    unsaid(slice, about, amount, step.state(), rows);
  }

  private AlertState state(Slice slice, List<AlertRow> rows) {
    return new AlertState(
        slice.name(),
        rows.stream().filter(AlertRow::isOpen).map(AlertRow::bound).collect(Collectors.toSet()),
        rows.stream().map(AlertRow::bound).collect(Collectors.toSet()),
        rule.muted());
  }

  private static List<AlertRow> open(List<AlertRow> rows, int bound) {
    return rows.stream().filter(each -> each.isOpen() && each.bound() == bound).toList();
  }

  /** What a muted rule passes is kept too, so that it is not said later; nor is its end. */
  private void unsaid(
      Slice slice, String about, BigDecimal amount, AlertState next, List<AlertRow> rows) {
    Set<Integer> known = rows.stream().map(AlertRow::bound).collect(Collectors.toSet());
    for (int bound : new TreeSet<>(next.said())) {
      if (rule.muted() && !known.contains(bound)) {
        BigDecimal limit = rule.rule().bounds().get(bound);
        Alert alert = new Alert(Kind.RAISED, bound, limit, amount, slice.name());
        long unused = AlertRows.add(handle, rule, slice, about, alert, /* muted= */ true, now);
      }
    }
    for (AlertRow each : rows) {
      if (each.state().equals("muted") && !next.said().contains(each.bound())) {
        AlertRows.resolve(handle, each, amount, Cause.BELOW, now);
      }
    }
  }

  private void resolve(AlertRow alert, BigDecimal amount, Cause cause) {
    AlertRows.resolve(handle, alert, amount, cause, now);
    AlertMessages.resolved(handle, alert, amount, cause);
  }

  /** Resolves alerts whose period is over; those of a muted rule wait. */
  private void end() {
    Map<Instant, List<AlertRow>> over = new LinkedHashMap<>();
    for (AlertRow each : AlertRows.live(handle, rule.name())) {
      Instant ends = each.ends();
      if (ends != null && !ends.isAfter(now) && (each.isOpen() ? !rule.muted() : true)) {
        over.computeIfAbsent(ends, any -> new ArrayList<>()).add(each);
      }
    }
    over.forEach(this::end);
  }

  private void end(Instant ends, List<AlertRow> alerts) {
    Slice slice = rule.window().current(ends.minusNanos(1));
    Set<String> abouts = alerts.stream().map(AlertRow::about).collect(Collectors.toSet());
    Map<String, BigDecimal> sums = amounts.of(slice, abouts);
    for (AlertRow each : alerts) {
      BigDecimal amount =
          Objects.requireNonNull(sums.getOrDefault(each.about(), BigDecimal.ZERO), each.about());
      if (each.isOpen()) {
        resolve(each, amount, Cause.PERIOD_OVER);
      } else {
        AlertRows.resolve(handle, each, amount, Cause.PERIOD_OVER, now);
      }
    }
  }
}
