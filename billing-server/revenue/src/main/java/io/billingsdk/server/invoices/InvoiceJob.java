package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.RunRows.AskedRun;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does the runs that somebody asked for, and bills what time has made due, whatever becomes of
 * those runs.
 */
final class InvoiceJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 3;
  private static final Actor TIME = new Actor("time");

  private final Database database;
  private final TaxCalculator taxes;
  private final Completeness completeness;

  InvoiceJob(Database database, TaxCalculator taxes) {
    this.database = database;
    this.taxes = taxes;
    this.completeness = new Completeness(database);
  }

  @Override
  public String name() {
    return "invoice-run";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() throws InterruptedException {
    @Nullable RuntimeException failed = null;
    try {
      runAsked();
    } catch (RuntimeException fault) {
      failed = fault;
    }
    new InvoiceRun(database, taxes, TIME, completeness)
        .run(null, /* eager= */ false, progress -> {});
    if (failed != null) {
      throw failed;
    }
  }

  private void runAsked() throws InterruptedException {
    Optional<AskedRun> asked = database.read(RunRows::next);
    while (asked.isPresent() && !Thread.currentThread().isInterrupted() && attempt(asked.get())) {
      asked = database.read(RunRows::next);
    }
  }

  /** Whether it went well. Otherwise the next run of this job tries it again, up to three times. */
  private boolean attempt(AskedRun asked) throws InterruptedException {
    try {
      run(asked);
      return true;
    } catch (RuntimeException fault) {
      database.useTransaction(
          handle -> RunRows.failed(handle, asked.id(), Issuer.reason(fault), ATTEMPTS));
      return false;
    }
  }

  private void run(AskedRun asked) throws InterruptedException {
    Spans spans = new Spans(database);
    if (asked.customer() == null) {
      spans.noteAll();
    } else {
      spans.noteOf(asked.customer());
    }
    Progress progress =
        new InvoiceRun(database, taxes, new Actor(asked.actor()), completeness)
            .run(
                asked.customer(),
                /* eager= */ true,
                soFar -> store(asked, soFar.after(asked.progress()), /* isFinished= */ false));
    if (!Thread.currentThread().isInterrupted()) {
      store(asked, progress.after(asked.progress()), /* isFinished= */ true);
    }
  }

  private void store(AskedRun asked, Progress progress, boolean isFinished) {
    database.useTransaction(handle -> RunRows.progress(handle, asked.id(), progress, isFinished));
  }
}
