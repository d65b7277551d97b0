package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.performance.SketchRows.Part;
import io.billingsdk.server.performance.SketchRows.Stale;
import io.billingsdk.server.performance.Step.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Adds what transactions left as parts to the sketches, and makes those again that a correction has
 * touched. What questions see is the same before and after: a run that is cut off changes nothing.
 */
final class Sketches implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** All of a transaction sees one moment: rows of steps and their parts belong together. */
  private static final String ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

  private static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtext('billing.sketches')) AS locked";

  private static final String CELLS =
      """
      SELECT DISTINCT date_trunc('hour', at) AS hour, task_type, step_name FROM performance_step
      WHERE status <> 'started' AND NOT is_whole
      """;

  private final Database database;

  Sketches(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "performance-sketches";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    boolean more = true;
    while (more && !Thread.currentThread().isInterrupted()) {
      more = database.inTransaction(Sketches::step);
    }
  }

  /** Whether there may be more to do. */
  private static boolean step(Handle handle) {
    handle.execute(ONE_MOMENT);
    if (!isLocked(handle)) {
      return false;
    }
    List<Stale> stale = SketchRows.stale(handle);
    if (!stale.isEmpty()) {
      stale.forEach(each -> make(handle, each.cell()));
      makeDays(handle, stale.stream().map(Stale::cell).toList());
      SketchRows.removeStale(handle, stale);
      return true;
    }
    List<Part> waiting = SketchRows.waiting(handle);
    if (waiting.isEmpty()) {
      return false;
    }
    List<Part> all = new ArrayList<>(waiting);
    for (Cell each : new TreeSet<>(waiting.stream().map(Part::cell).toList())) {
      SketchRows.ofCell(handle, each).stream().filter(part -> part.part() == 0).forEach(all::add);
    }
    SketchRows.save(handle, SketchRows.sum(all));
    SketchRows.addToDays(handle, waiting);
    SketchRows.remove(handle, waiting);
    return true;
  }

  private static boolean isLocked(Handle handle) {
    return handle.createQuery(LOCK).map(ResultRow.to(row -> row.flag("locked"))).one();
  }

  /** Makes the sketch of a cell of its durations. */
  private static void make(Handle handle, Cell cell) {
    SketchRows.remove(handle, SketchRows.ofCell(handle, cell));
    List<Long> durations = StepRows.durations(handle, cell);
    if (!durations.isEmpty()) {
      SketchRows.save(handle, Map.of(cell, Measured.of(durations)));
    }
  }

  private static void makeDays(Handle handle, List<Cell> cells) {
    new TreeSet<>(cells.stream().map(SketchRows::dayOf).toList())
        .forEach(day -> SketchRows.makeDay(handle, day));
  }

  /** Makes all sketches again, in one transaction; returns how many. */
  static int rebuild(Handle handle) {
    handle.execute(ONE_MOMENT);
    // Not tried: who waits for it sees the moment before, and then refuses to go on.
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('billing.sketches'))");
    List<Cell> cells =
        handle
            .createQuery(CELLS)
            .map(
                ResultRow.to(
                    row ->
                        new Cell(row.time("hour"), row.text("task_type"), row.text("step_name"))))
            .list();
    // Those of steps that are removed stay.
    Instant from = AnalyticsState.STEPS.at(handle).orElse(Instant.EPOCH);
    handle
        .createUpdate("DELETE FROM performance_sketch WHERE hour >= :from")
        .bind("from", from)
        .execute();
    handle.execute("DELETE FROM performance_stale");
    cells.stream().sorted().forEach(each -> make(handle, each));
    makeDays(handle, cells);
    return cells.size();
  }
}
