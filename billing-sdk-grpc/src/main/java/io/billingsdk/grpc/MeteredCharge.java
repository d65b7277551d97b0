package io.billingsdk.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingException;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The amount to report for a call.
 *
 * @param event with the model and the metadata of its first request
 * @param plain without them: were an event beyond the bounds just rejected, a caller could use a
 *     service for nothing by naming a model of 300 characters
 */
record MeteredCharge(UsageEvent event, UsageEvent plain) {

  void report(BillingClient client) {
    if (client.report(event) instanceof Rejected rejected && isOfContent(rejected)) {
      client.report(plain);
    }
  }

  CompletableFuture<ReportOutcome.Accepted> reportDurably(BillingClient client) {
    return client
        .reportDurably(event)
        .exceptionallyCompose(
            failed ->
                rejection(failed).filter(MeteredCharge::isOfContent).isPresent()
                    ? client.reportDurably(plain)
                    : CompletableFuture.failedFuture(failed));
  }

  private static Optional<Rejected> rejection(Throwable failed) {
    Throwable cause =
        failed instanceof CompletionException && failed.getCause() != null
            ? failed.getCause()
            : failed;
    return cause instanceof BillingException billing ? billing.rejection() : Optional.empty();
  }

  private static boolean isOfContent(Rejected rejected) {
    return rejected.reason() == RejectionReason.INVALID
        || rejected.reason() == RejectionReason.TOO_LARGE;
  }
}
