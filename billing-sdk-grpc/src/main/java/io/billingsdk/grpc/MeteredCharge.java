package io.billingsdk.grpc;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.util.concurrent.CompletableFuture;

/**
 * The amount to report for a call.
 *
 * @param event with the model and the metadata of its first request
 * @param plain without them: were an event beyond the bounds just rejected, a caller could use a
 *     service for nothing by naming a model of 300 characters
 * @param last whether the call ends with it
 */
record MeteredCharge(UsageEvent event, UsageEvent plain, boolean last) {

  void report(BillingSession session) {
    if (report(session, event) instanceof Rejected rejected && isOfContent(rejected)) {
      var unused = report(session, plain);
    }
  }

  CompletableFuture<ReportOutcome.Accepted> reportDurably(BillingSession session) {
    return session
        .settleDurably(event)
        .exceptionallyCompose(
            failed ->
                BillingSession.rejection(failed).filter(MeteredCharge::isOfContent).isPresent()
                    ? session.settleDurably(plain)
                    : CompletableFuture.failedFuture(failed));
  }

  private ReportOutcome report(BillingSession session, UsageEvent either) {
    return last ? session.settle(either) : session.report(either);
  }

  private static boolean isOfContent(Rejected rejected) {
    return rejected.reason() == RejectionReason.INVALID
        || rejected.reason() == RejectionReason.TOO_LARGE;
  }
}
