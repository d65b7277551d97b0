package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.performance.Step.Cell;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Steps in their table. */
final class StepRows {
  private static final String MAKE_PARTITION = "SELECT ensure_step_partition(:month)";

  private static final String ADD =
      """
      INSERT INTO performance_step (at, stream_id, seq, record_id, app_id, subject, execution,
        task_type, step_name, completed_at, duration_ms, status, is_whole, error, metadata)
      VALUES (:at, :stream, :seq, :record, :app, :subject, :execution, :task, :step, :completed,
        :millis, :status, :whole, :error, :metadata::jsonb)
      """;

  // A record is corrected by its name: a correction says what it corrects, but not by which number.
  private static final String CORRECTED =
      """
      UPDATE performance_step SET duration_ms = greatest(0, duration_ms + :difference)
      WHERE record_id = :record AND app_id IS NOT DISTINCT FROM :app
        AND task_type = :task AND step_name = :step
      RETURNING at, status, is_whole
      """;

  private static final String ATTRIBUTED =
      """
      UPDATE performance_step SET app_id = :app
      WHERE at = :at AND stream_id = :stream AND seq = :seq
      """;

  private static final String DURATIONS =
      """
      SELECT duration_ms FROM performance_step
      WHERE at >= :hour AND at < :hour + interval '1 hour' AND task_type = :task
        AND step_name = :step AND status <> 'started' AND NOT is_whole
      """;

  private StepRows() {}

  static void add(Handle handle, List<Step> steps) {
    makeMonths(handle, steps);
    PreparedBatch batch = handle.prepareBatch(ADD);
    for (Step each : steps) {
      batch
          .bind("at", each.at())
          .bind("stream", each.event().streamId())
          .bind("seq", each.event().seq())
          .bind("record", each.recordId())
          .bind("app", each.owner().app())
          .bind("subject", each.owner().subject())
          .bind("execution", each.owner().execution())
          .bind("task", each.cell().taskType())
          .bind("step", each.cell().stepName())
          .bind("completed", each.course().completedAt())
          .bind("millis", each.course().millis())
          .bind("status", each.course().status())
          .bind("whole", each.course().isWhole())
          .bind("error", each.course().error())
          .bind("metadata", each.metadata())
          .add();
    }
    batch.execute();
  }

  private static void makeMonths(Handle handle, List<Step> steps) {
    steps.stream()
        .map(each -> YearMonth.from(each.at().atOffset(ZoneOffset.UTC)))
        .distinct()
        .map(each -> each.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant())
        .forEach(
            month ->
                handle
                    .createQuery(MAKE_PARTITION)
                    .bind("month", month)
                    .mapTo(String.class)
                    .findOne());
  }

  /** The step that a correction is about. */
  private record Corrected(Instant at, boolean isTimed) {}

  /** Brings a duration to the corrected one; its sketch is made again. */
  static void correct(Handle handle, Step step, BigDecimal difference) {
    if (step.recordId() == null) {
      return;
    }
    Optional<Corrected> found =
        handle
            .createQuery(CORRECTED)
            .bind("difference", difference)
            .bind("record", step.recordId())
            .bind("app", step.owner().app())
            .bind("task", step.cell().taskType())
            .bind("step", step.cell().stepName())
            .map(ResultRow.to(StepRows::corrected))
            .findFirst();
    found
        .filter(Corrected::isTimed)
        .ifPresent(
            each ->
                SketchRows.noteStale(
                    handle, Cell.of(each.at(), step.cell().taskType(), step.cell().stepName())));
  }

  private static Corrected corrected(ResultRow row) {
    return new Corrected(
        row.time("at"), !row.text("status").equals("started") && !row.flag("is_whole"));
  }

  /** An event that was nobody's belongs to an app from now on. */
  static void attribute(Handle handle, Step step) {
    handle
        .createUpdate(ATTRIBUTED)
        .bind("app", step.owner().app())
        .bind("at", step.at())
        .bind("stream", step.event().streamId())
        .bind("seq", step.event().seq())
        .execute();
  }

  /** All durations of a cell. */
  static List<Long> durations(Handle handle, Cell cell) {
    return handle
        .createQuery(DURATIONS)
        .bind("hour", cell.hour())
        .bind("task", cell.taskType())
        .bind("step", cell.stepName())
        .map(ResultRow.to(row -> row.number("duration_ms")))
        .list();
  }
}
