package io.billingsdk.server.invoices;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runs that somebody asked for. */
final class RunRows {
  private static final String SELECT =
      """
      SELECT run_id, customer_id, actor, created_at, invoices, credit_notes, empty, failed, waiting,
        failures, failure, finished_at
      FROM invoice_run
      """;

  private RunRows() {}

  /**
   * A run.
   *
   * @param customer of this one alone; null for all
   * @param failures how often it stopped before its end
   * @param failure why it stopped the last time; null if it did not
   * @param finishedAt null while it goes on
   */
  record AskedRun(
      UUID id,
      @Nullable String customer,
      String actor,
      Instant createdAt,
      Progress progress,
      int failures,
      @Nullable String failure,
      @Nullable Instant finishedAt) {}

  static void add(Handle handle, UUID id, @Nullable String customer, String actor) {
    handle
        .createUpdate(
            "INSERT INTO invoice_run (run_id, customer_id, actor) VALUES (:id, :customer, :actor)")
        .bind("id", id)
        .bind("customer", customer)
        .bind("actor", actor)
        .execute();
  }

  static Optional<AskedRun> find(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "WHERE run_id = :id")
        .bind("id", id)
        .map(ResultRow.to(RunRows::run))
        .findFirst();
  }

  static Optional<AskedRun> next(Handle handle) {
    return handle
        .createQuery(
            SELECT + "WHERE finished_at IS NULL ORDER BY failures, created_at, run_id LIMIT 1")
        .map(ResultRow.to(RunRows::run))
        .findFirst();
  }

  static void progress(Handle handle, UUID id, Progress progress, boolean isFinished) {
    handle
        .createUpdate(
            """
            UPDATE invoice_run SET invoices = :invoices, credit_notes = :notes, empty = :empty,
              failed = :failed, waiting = :waiting,
              failure = CASE WHEN NOT :finished THEN failure END,
              finished_at = CASE WHEN :finished THEN now() END
            WHERE run_id = :id
            """)
        .bind("invoices", progress.invoices())
        .bind("notes", progress.creditNotes())
        .bind("empty", progress.empty())
        .bind("failed", progress.failed())
        .bind("waiting", progress.waiting())
        .bind("finished", isFinished)
        .bind("id", id)
        .execute();
  }

  /** One that stopped before its end; after so many times, that is its end. */
  static void failed(Handle handle, UUID id, String reason, int most) {
    handle
        .createUpdate(
            """
            UPDATE invoice_run SET failures = failures + 1, failure = :reason,
              finished_at = CASE WHEN failures + 1 >= :most THEN now() END
            WHERE run_id = :id
            """)
        .bind("reason", reason)
        .bind("most", most)
        .bind("id", id)
        .execute();
  }

  private static AskedRun run(ResultRow row) {
    return new AskedRun(
        row.uuid("run_id"),
        row.textOrNull("customer_id"),
        row.text("actor"),
        row.time("created_at"),
        new Progress(
            row.number("invoices"),
            row.number("credit_notes"),
            row.number("empty"),
            row.number("failed"),
            row.number("waiting")),
        row.integer("failures"),
        row.textOrNull("failure"),
        row.timeOrNull("finished_at"));
  }
}
