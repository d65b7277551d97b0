package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.performance.Step.Cell;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Stores the steps among the events of a transaction, with a part of the sketches that they belong
 * to: both are committed with the events, or neither is. Thread-safe.
 */
final class StepHook implements AppendHook {
  private static final Comparator<Step> ORDER =
      Comparator.comparing(Step::at)
          .thenComparing(step -> step.event().streamId())
          .thenComparing(step -> step.event().seq());

  @Override
  public String name() {
    return "performance";
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) {
    if (rows.stream().noneMatch(each -> each.module().equals(Step.MODULE))) {
      return;
    }
    var unused =
        Database.over(
            transaction,
            handle -> {
              add(handle, rows);
              return true;
            });
  }

  private static void add(Handle handle, List<AppendedEvent> rows) {
    List<Step> steps = new ArrayList<>();
    for (AppendedEvent each : rows) {
      Step step = Step.of(each).orElse(null);
      if (step == null) {
        continue;
      }
      if (each.kind() == AppendKind.EVENT) {
        steps.add(step);
      } else if (each.kind() == AppendKind.CORRECTION) {
        StepRows.correct(handle, step, each.usage());
      } else {
        StepRows.attribute(handle, step);
      }
    }
    steps.sort(ORDER);
    if (!steps.isEmpty()) {
      StepRows.add(handle, steps);
      SketchRows.addParts(handle, parts(steps));
    }
  }

  private static SortedMap<Cell, Measured> parts(List<Step> steps) {
    SortedMap<Cell, List<Long>> durations = new TreeMap<>();
    for (Step each : steps) {
      if (each.course().isTimed()) {
        durations
            .computeIfAbsent(each.cell(), cell -> new ArrayList<>())
            .add(each.course().millis());
      }
    }
    SortedMap<Cell, Measured> parts = new TreeMap<>();
    durations.forEach((cell, values) -> parts.put(cell, Measured.of(values)));
    return parts;
  }
}
