package io.billingsdk.internal.client;

import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.quotas.AdmissionMark;
import io.billingsdk.internal.quotas.UsageReporter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The events of admitted calls on their way into the journal. Thread-safe. */
final class AdmittedReports implements UsageReporter {
  private final Intake intake;
  private final DurableReports durably;

  AdmittedReports(Intake intake, DurableReports durably) {
    this.intake = intake;
    this.durably = durably;
  }

  @Override
  public ReportOutcome report(
      UsageEvent event, AdmissionMark mark, @Nullable CompletableFuture<Void> durable) {
    return intake.report(event, mark, durable);
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> durably(
      Function<CompletableFuture<Void>, ReportOutcome> action) {
    return durably.report(action);
  }
}
