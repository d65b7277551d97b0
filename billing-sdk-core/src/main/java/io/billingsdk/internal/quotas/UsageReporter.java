package io.billingsdk.internal.quotas;

import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the events of admitted calls go. Throws nothing. */
public interface UsageReporter {

  /**
   * Takes an event, or says why not.
   *
   * @param durable completed when the event is durable; untouched when it is rejected; null when
   *     nobody waits
   */
  ReportOutcome report(
      UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable);

  /** The future of a durable report, by an action that reports at once. */
  CompletableFuture<ReportOutcome.Accepted> durably(
      Function<CompletableFuture<Void>, ReportOutcome> action);
}
