package io.billingsdk.server.invoices;

import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Issuer.IssueOutcome;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The threads of a run. While one of them waits for the disk at the end of its transaction, the
 * others read and rate. The spans of one customer are billed one after the other, in their order:
 * which of two invoices uses a credit depends on no chance.
 */
final class InvoiceThreads implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final ExecutorService threads;
  private volatile boolean isClosed;

  InvoiceThreads(int most) {
    this.threads =
        Executors.newFixedThreadPool(
            most,
            work -> {
              Thread thread = new Thread(work, "billing-invoices");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Bills spans, and returns when all are done.
   *
   * @param before the progress before
   */
  Progress bill(List<DueSpan> spans, Function<DueSpan, IssueOutcome> work, Progress before)
      throws InterruptedException {
    List<Future<List<IssueOutcome>>> running = new ArrayList<>();
    for (List<DueSpan> each : byCustomer(spans)) {
      running.add(threads.submit(() -> bill(each, work)));
    }
    Progress progress = before;
    for (Future<List<IssueOutcome>> each : running) {
      for (IssueOutcome outcome : outcomes(each)) {
        progress = progress.with(outcome);
      }
    }
    return progress;
  }

  private List<IssueOutcome> bill(List<DueSpan> spans, Function<DueSpan, IssueOutcome> work) {
    List<IssueOutcome> outcomes = new ArrayList<>();
    for (DueSpan each : spans) {
      if (!isClosed) {
        outcomes.add(work.apply(each));
      }
    }
    return outcomes;
  }

  private static Collection<List<DueSpan>> byCustomer(List<DueSpan> spans) {
    Map<String, List<DueSpan>> byCustomer = new LinkedHashMap<>();
    for (DueSpan each : spans) {
      byCustomer.computeIfAbsent(each.customer(), none -> new ArrayList<>()).add(each);
    }
    return byCustomer.values();
  }

  private static List<IssueOutcome> outcomes(Future<List<IssueOutcome>> running)
      throws InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException fault) {
        // The database is away: the next run bills the rest.
        throw fault;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /**
   * Begins nothing more, and waits for what is at work, at most {@value #PATIENCE_SECONDS} seconds,
   * and not in an interrupted thread: each invoice is a transaction, which ends by itself.
   */
  @Override
  public void close() {
    // Without an interrupt, by which a transaction would fail that is only short.
    isClosed = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "an invoice is still at work after " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
