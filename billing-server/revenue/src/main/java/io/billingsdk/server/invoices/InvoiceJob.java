package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.RunRows.AskedRun;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.Optional;

/** Does the runs that somebody asked for, and bills what time has made due. */
final class InvoiceJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Actor TIME = new Actor("time");

  private final Database database;
  private final TaxCalculator taxes;

  InvoiceJob(Database database, TaxCalculator taxes) {
    this.database = database;
    this.taxes = taxes;
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
    Optional<AskedRun> asked = database.read(RunRows::next);
    while (asked.isPresent() && !Thread.currentThread().isInterrupted()) {
      run(asked.get());
      asked = database.read(RunRows::next);
    }
    new InvoiceRun(database, taxes, TIME).run(null, /* eager= */ false, progress -> {});
  }

  private void run(AskedRun asked) throws InterruptedException {
    Spans spans = new Spans(database);
    if (asked.customer() == null) {
      spans.noteAll();
    } else {
      spans.noteOf(asked.customer());
    }
    Progress progress =
        new InvoiceRun(database, taxes, new Actor(asked.actor()))
            .run(
                asked.customer(),
                /* eager= */ true,
                soFar -> store(asked, soFar, /* isFinished= */ false));
    if (!Thread.currentThread().isInterrupted()) {
      store(asked, progress, /* isFinished= */ true);
    }
  }

  private void store(AskedRun asked, Progress progress, boolean isFinished) {
    database.useTransaction(handle -> RunRows.progress(handle, asked.id(), progress, isFinished));
  }
}
